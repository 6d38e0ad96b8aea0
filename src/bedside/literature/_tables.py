"""Papers out of any table (JSONL, CSV, Excel, Parquet): a row is a paper; columns by the names that tables use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bedside.errors import ColumnError
from bedside.formats._base import Problem
from bedside.formats._tables import cell_text, column_text, listed
from bedside.lang import tr
from bedside.library._base import Body, ReadingOptions
from bedside.library._reading.rows import rows_of
from bedside.literature._headings import headed
from bedside.literature._paper import Paper, Section

NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "pmid", "doc_id", "docid", "doi", "编号"),
    "title": ("title", "question", "heading", "article title", "标题", "题目", "题名", "篇名"),
    "parts": ("contexts", "abstract_parts", "paragraphs"),
    "headings": ("sections", "labels", "abstract_labels", "headings"),
    "text": (
        "abstract",
        "abstract note",
        "text",
        "body",
        "content",
        "passage",
        "full_text",
        "fulltext",
        "摘要",
        "内容",
        "正文",
        "文本",
    ),
    "year": (
        "year",
        "date",
        "publication year",
        "publication_year",
        "py",
        "published",
        "年份",
        "年",
        "发表年份",
        "日期",
    ),
    "journal": ("journal", "publication title", "source title", "source", "venue", "期刊", "刊名", "来源"),
    "types": (
        "types",
        "type",
        "publication_types",
        "publication types",
        "publication type",
        "document type",
        "文献类型",
    ),
    "keywords": ("keywords", "mesh", "mesh terms", "mesh_terms", "author keywords", "关键词"),
    "authors": ("authors", "author", "au", "作者"),
    "volume": ("volume", "vl", "vi", "卷"),
    "pages": ("pages", "page", "pg", "页码"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed id", "pubmed_id"),
    "url": ("url", "link", "网址", "链接"),
    "citation": ("citation", "reference", "引用"),
    "retracted": ("retracted", "retraction", "is_retracted", "撤稿"),
}
"""Roles, and what tables call them; `ReadingOptions.columns` names another."""

_NO = ("", "0", "0.0", "false", "no", "n", "none", "null", "否")


def papers_of_table(path: Path, options: ReadingOptions) -> Iterator[Paper | Problem]:
    """A row without a text is its title, as in the library; one without either is a problem."""
    for number, one in enumerate(rows_of(path, options), 1):
        if isinstance(one, Problem):
            yield one
            continue
        place, row = one
        paper = paper_of_row(row, options, path, number)
        yield paper or Problem(place, tr("a row without title and text; left out", "该行没有标题和文本；未使用"))


def year_of(said: str) -> int | None:
    """The year that a date begins with or holds, None where it holds none.

    >>> year_of("2021-03-04"), year_of("Spring 1999"), year_of("n.d.")
    (2021, 1999, None)
    """
    found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", said)
    return int(found[1]) if found else None


def paper_of_row(row: Mapping[str, Any], options: ReadingOptions, path: Path, number: int) -> Paper | None:
    """The paper of a row, None where it has neither title nor text; ColumnError where the table has no such column."""
    title, (text, sections) = _cell(row, "title", options), _text(row, options, path)
    if not (text or title):
        return None
    pmid, doi = _cell(row, "pmid", options), _cell(row, "doi", options)
    retracted = _cell(row, "retracted", options)
    return Paper(
        id=_cell(row, "id", options) or pmid or doi or f"{path.stem}:{number}",
        title=title,
        text=text or title,
        sections=sections or headed(text),
        year=year_of(_cell(row, "year", options)),
        journal=_cell(row, "journal", options),
        types=_many(row, "types", options),
        keywords=_many(row, "keywords", options),
        doi=doi,
        pmid=pmid,
        url=_cell(row, "url", options),
        citation=_cell(row, "citation", options),
        retracted="" if retracted.lower() in _NO else "retracted publication",
    )


def _text(row: Mapping[str, Any], options: ReadingOptions, path: Path) -> tuple[str, tuple[Section, ...]]:
    """The text of a row and its parts, where these are columns of their own; ColumnError where there is no text."""
    name = _column(row, "text", options)
    parts = _column(row, "parts", options)
    if name is None and parts is not None and isinstance(said := listed(row[parts]), list):
        body = Body()
        named = _column(row, "headings", options)
        headings = listed(row[named]) if named else None
        headings = headings if isinstance(headings, list) and len(headings) == len(said) else [""] * len(said)
        for heading, part in zip(headings, said, strict=True):
            body.add(str(heading), cell_text(part))
        return body.text, tuple(one for one in body.blocks if one.heading)
    if name is None and _column(row, "title", options) is None:
        raise ColumnError(
            tr("no column of the text or title", "没有文本或标题列"),
            where=path.name,
            allowed=[one for one in row if one],
            next="--text COLUMN",
        )
    return (column_text(row, name).strip() if name else ""), ()


def _column(row: Mapping[str, Any], role: str, options: ReadingOptions) -> str | None:
    if wanted := options.columns.get(role):
        column_text(row, wanted)
        return wanted
    known = {name.strip().lower(): name for name in row if name}
    there = [known[name] for name in NAMES[role] if name in known]
    return next((name for name in there if row[name] not in (None, "")), there[0] if there else None)


def _cell(row: Mapping[str, Any], role: str, options: ReadingOptions) -> str:
    name = _column(row, role, options)
    return column_text(row, name).strip() if name else ""


def _many(row: Mapping[str, Any], role: str, options: ReadingOptions) -> tuple[str, ...]:
    said = _cell(row, role, options)
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[;；\n|]", said) if part.strip()))
