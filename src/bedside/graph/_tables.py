"""Tables for the graph: which column is which, kinds of concept in both languages, rows a batch at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bedside.errors import ColumnError, FormatError, UsageError
from bedside.formats._tables import read_rows
from bedside.graph._reader import kinds_of
from bedside.lang import tr

TOGETHER = 2000
"""Rows a transaction."""
NAMES = {
    "id": ("id", "code", "编码", "编号"),
    "en": ("en", "name", "english", "label", "英文"),
    "zh": ("zh", "chinese", "名称", "中文", "疾病名称", "药品名称"),
    "kind": ("kind", "type", "类型"),
    "synonyms": ("synonyms", "synonym", "aliases", "同义词", "别名"),
    "head": ("head", "subject", "头实体", "主语"),
    "relation": ("relation", "predicate", "关系", "谓语"),
    "tail": ("tail", "object", "尾实体", "宾语"),
    "polarity": ("polarity", "极性"),
    "year": ("year", "date", "年份"),
    "passage": ("passage", "evidence", "reference", "pmid", "出处"),
    "head_id": ("head_id", "subject_id"),
    "tail_id": ("tail_id", "object_id"),
    "by": ("by",),
    "retracted": ("retracted",),
    "head_kind": ("head_kind", "subject_type", "head_type"),
    "tail_kind": ("tail_kind", "object_type", "tail_type"),
}
KINDS = ("disease", "finding", "drug", "gene", "attribute")
_KIND_ZH = {"疾病": "disease", "症状": "finding", "表型": "finding", "药物": "drug", "药品": "drug", "基因": "gene"}
YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def kind_of(said: str) -> str:
    return _KIND_ZH.get(said) or (said if said in KINDS else next(iter(kinds_of(said)), said)) if said else ""


def rows_of(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not path.is_file():
        raise UsageError(tr("no such file", "文件不存在"), value=path)
    yield from read_rows(path)


def peek(
    rows: Iterator[tuple[str, Mapping[str, Any]]],
) -> tuple[Mapping[str, Any], Iterator[tuple[str, Mapping[str, Any]]]]:
    first = list(islice(rows, 1))
    if not first:
        raise FormatError(tr("the table has no rows", "表中没有行"))
    return first[0][1], chain(first, rows)


def columns_of(row: Mapping[str, Any], path: Path, needed: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """The column of each role; ColumnError where of some roles none is there."""
    known = {str(name).strip().casefold(): str(name) for name in row}
    found = {
        role: column
        for role, names in NAMES.items()
        if (column := next((known[name] for name in names if name in known), None)) is not None
    }
    for roles in needed:
        if not set(roles) & set(found):
            raise ColumnError(
                tr(f"no column of the {roles[0]}", f"没有 {roles[0]} 列"),
                where=path.name,
                value=", ".join(map(str, row)),
                allowed=[name for role in roles for name in NAMES[role]],
            )
    return found


def batched(rows: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    while some := list(islice(rows, TOGETHER)):
        yield some
