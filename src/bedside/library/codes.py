"""A list of codes with their names (ICD-10-CM, the Chinese ICD-10 lists) as a table: a code is a document"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.formats._tables import cell_text
from bedside.library import table
from bedside.library._base import Body, Item, Reader, ReadingOptions
from bedside.library._reading.rows import cell, column, has, header, needed, rows_of


def sniff(head: bytes, path: Path) -> bool:
    """A table with codes and names and no text."""
    if not table.sniff(head, path):
        return False
    columns = header(path)
    return has(columns, "code", "name") and not has(columns, "text")


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """The code is the id and the name the title; other columns follow as they are named."""
    for one in rows_of(path, options):
        if isinstance(one, Problem):
            yield one
            continue
        _, row = one
        code, name = needed(row, "code", options, path), needed(row, "name", options, path)
        body, used = Body(), {column(row, "code", options), column(row, "name", options)}
        body.add("", f"{code} {name}")
        for key, value in row.items():
            if key and key not in used and (text := cell_text(value).strip()):
                body.add(key, text)
        version = cell(row, "version", options)
        yield Item(id=code, title=name, text=body.text, blocks=body.blocks, version=version)


READER = Reader(name="codes", sniff=sniff, read=read)
