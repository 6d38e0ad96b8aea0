"""Columns of a table of documents: as the user names them, else by the names that tables use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from bedside.errors import BedsideError, ColumnError
from bedside.formats._base import Problem
from bedside.formats._tables import cell_text, column_text, read_rows
from bedside.lang import tr
from bedside.library._base import ReadingOptions

NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "docid", "doc_id", "pmid", "nct_id", "编号"),
    "title": ("title", "focus", "heading", "标题", "题目"),
    "text": ("text", "body", "content", "abstract", "passage", "内容", "正文", "文本", "摘要"),
    "question": ("question", "query", "q", "问题", "提问"),
    "answer": ("answer", "response", "a", "回答", "答案"),
    "code": ("code", "icd", "icd10", "icd-10", "icd10cm", "编码", "疾病编码", "诊断编码", "诊断代码"),
    "name": ("name", "display", "description", "long_description", "名称", "疾病名称", "诊断名称"),
    "url": ("url", "link", "网址", "链接"),
    "date": ("date", "published", "year", "日期"),
    "version": ("version", "版本"),
    "licence": ("licence", "license", "许可"),
    "citation": ("citation", "reference", "引用"),
    "replaces": ("replaces", "supersedes", "替代"),
}
"""Roles, and what tables call them; `--text` and the like name another."""

Row = Mapping[str, Any]


def column(row: Row, role: str, options: ReadingOptions) -> str | None:
    """The column of a role, None where the table has none; ColumnError where the user names one that is not there."""
    if wanted := options.columns.get(role):
        column_text(row, wanted)
        return wanted
    known = {name.strip().lower(): name for name in row if name}
    return next((known[name] for name in NAMES[role] if name in known), None)


def cell(row: Row, role: str, options: ReadingOptions) -> str:
    """What a row says of a role, "" for nothing."""
    name = column(row, role, options)
    return column_text(row, name).strip() if name else ""


def needed(row: Row, role: str, options: ReadingOptions, path: Path) -> str:
    """The same of a role that there must be."""
    if column(row, role, options) is None:
        raise ColumnError(
            tr(f"no column of the {role}", f"没有 {role} 列"),
            where=path.name,
            allowed=[name for name in row if name],
            next=f"--{role} COLUMN" if role in ("id", "title", "text") else "--text COLUMN",
        )
    return cell(row, role, options)


def rows_of(path: Path, options: ReadingOptions) -> Iterator[tuple[str, Row] | Problem]:
    """The rows with their place, and what was wrong with them, in order."""
    problems: list[Problem] = []
    for place, row in read_rows(path, encoding=options.encoding, sheet=options.sheet, on_problem=problems.append):
        yield from problems
        problems.clear()
        yield place, row
    yield from problems


def header(path: Path) -> set[str]:
    """The names of a table's columns in lower case, none of what is no table."""
    try:
        first = [row for _, row in islice(read_rows(path, on_problem=lambda _: None), 1)]
    except (BedsideError, OSError, ValueError):
        return set()
    return {str(name).strip().lower() for row in first for name in row}


def has(columns: set[str], *roles: str) -> bool:
    """Whether a table has a column of each role."""
    return all(columns & set(NAMES[role]) for role in roles)


def many(row: Row, role: str, options: ReadingOptions) -> tuple[str, ...]:
    """The parts of a cell that holds several: a list, or parted by semicolons."""
    name = column(row, role, options)
    parts = cell_text(row.get(name)).replace(";", "\n").splitlines() if name else []
    return tuple(part.strip() for part in parts if part.strip())
