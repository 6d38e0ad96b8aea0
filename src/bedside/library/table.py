"""Any table of documents (JSONL, CSV, Excel, Parquet): a row is a document; --id, --title, --text name its columns"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bedside.formats import table as any_table
from bedside.formats._base import Problem
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.rows import cell, many, needed, rows_of


def sniff(head: bytes, path: Path) -> bool:
    """As `bedside import` tells a table."""
    return any_table.sniff(head, path.name.removesuffix(".gz"))


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """Raises ColumnError where no column holds the text."""
    for one in rows_of(path, options):
        if isinstance(one, Problem):
            yield one
            continue
        _, row = one
        more: dict[str, Any] = {
            role: cell(row, role, options) for role in ("url", "date", "version", "licence", "citation")
        }
        text = needed(row, "text", options, path)
        id, title = cell(row, "id", options), cell(row, "title", options)
        yield replace(Item(id=id, title=title, text=text, replaces=many(row, "replaces", options)), **more)


READER = Reader(name="table", sniff=sniff, read=read)
