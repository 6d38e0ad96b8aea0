"""Tables out of analysed papers: a row a figure, a row a paper, with the columns that are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bedside.errors import DataError, UsageError
from bedside.lang import tr

Line = Mapping[str, Any]
Row = dict[str, Any]

FIGURES = (
    *("paper", "title", "year", "design", "retracted", "kind", "value", "low", "high", "level", "spread", "sd"),
    *("count", "total", "p", "unit", "adjusted", "arm", "outcome", "role", "flags", "shown", "sentence"),
    *("start", "end", "sentence_start", "sentence_end"),
)
"""Columns of a row a figure; places are code points in the paper's text."""

MARKS = tuple("=+-@＝＋－＠\t\r\n")
"""What a spreadsheet may take for the beginning of a formula."""

PAPERS = (
    *("id", "title", "year", "journal", "doi", "pmid", "design", "topics", "terms", "sample_size"),
    *("population", "intervention", "comparator", "outcome", "effects"),
    *("background", "objective", "methods", "results", "conclusions", "flags", "retracted", "citation"),
)
"""Columns of a row a paper."""


def lines_in(path: Path) -> Iterator[Line]:
    """The lines of a papers.jsonl that `bedside literature analyse` wrote, those that failed left out."""
    with path.open(encoding="utf-8") as file:
        for number, said in enumerate(file, 1):
            try:
                line = json.loads(said)
            except ValueError as fault:
                where = tr(f"{path.name}: line {number}", f"{path.name}：第 {number} 行")
                raise DataError(tr("not a line of JSON", "不是 JSON 行"), where=where) from fault
            if "error" in line:
                continue
            if not isinstance(line, dict) or "roles" not in line or "numbers" not in line:
                where = tr(f"{path.name}: line {number}", f"{path.name}：第 {number} 行")
                what = tr("not an analysed paper", "不是已分析的文献")
                raise DataError(what, where=where, next="bedside literature analyse FILE -o DIR")
            yield line


def figures_of(line: Line) -> Iterator[Row]:
    """A row a figure of a paper."""
    roles = {(one["start"], one["end"]): one["role"] for one in line["roles"]}
    for one in line["numbers"]:
        start, end = one["sentence"]
        yield {
            **dict.fromkeys(FIGURES),
            **{name: one[name] for name in FIGURES if name in one and name not in ("flags", "sentence")},
            "value": int(one["value"]) if one["kind"] == "n" else one.get("value"),
            "p": one.get("p", "").lstrip("="),
            "paper": line["id"],
            "title": line["title"],
            "year": line["year"],
            "design": line["design"]["name"],
            "retracted": line["retracted"],
            "role": roles.get((start, end), ""),
            "flags": "; ".join(one.get("flags", ())),
            "sentence": line["text"][start:end],
            "sentence_start": start,
            "sentence_end": end,
        }


def paper_row(line: Line) -> Row:
    """The row of a paper: its spans, sentences and figures put together in cells."""
    spans = {name: [one["text"] for one in line["pico"] if one["element"] == name] for name in PAPERS}
    said = {
        name: [line["text"][one["start"] : one["end"]] for one in line["roles"] if one["role"] == name]
        for name in PAPERS
    }
    effects = [one for one in line["numbers"] if one.get("low") is not None and not one.get("spread")]
    row: Row = {name: line.get(name) for name in PAPERS}
    for name in ("population", "intervention", "comparator", "outcome"):
        row[name] = "; ".join(spans[name])
    for name in ("background", "objective", "methods", "results", "conclusions"):
        row[name] = " ".join(said[name])
    return row | {
        "design": line["design"]["name"],
        "topics": "; ".join(line["topics"]),
        "terms": "; ".join(one["text"] for one in line["terms"]),
        "sample_size": line["sample_size"]["value"] if line["sample_size"] else None,
        "effects": "; ".join(f"{one.get('outcome', '')}: {one['shown']}".lstrip(": ") for one in effects),
        "flags": "; ".join(sorted({flag for one in line["numbers"] for flag in one.get("flags", ())})),
    }


def chosen(columns: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that a list parted by commas names; UsageError for one that is not there."""
    if columns is None:
        return known
    named = tuple(dict.fromkeys(one.strip() for one in columns.split(",") if one.strip()))
    if wrong := [one for one in named if one not in known]:
        what = tr("no such column", "没有这一列")
        raise UsageError(what, where="--columns", value=", ".join(wrong), allowed=known)
    if not named:
        raise UsageError(tr("no column is named", "未指定任何列"), where="--columns", allowed=known)
    return named


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: a mark of one at its beginning gets an apostrophe before it.

    Full-width marks count: spreadsheets set to Chinese or Japanese take them for the others (OWASP, CSV Injection).

    >>> safe("=1+1"), safe("＝1+1"), safe(-5.2), safe("-5.2")
    ("'=1+1", "'＝1+1", -5.2, '-5.2')
    """
    if not isinstance(value, str) or not value.startswith(MARKS):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def only(rows: Iterable[Row], columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows with these columns, in this order."""
    return ({name: row[name] for name in columns} for row in rows)
