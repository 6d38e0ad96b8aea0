"""A library that is to be shared: moved into PostgreSQL in one transaction, or the folder led to one that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.library._database.address import keep_address, read_address
from bedside.library._database.database import Database, only_writer, transaction
from bedside.library._database.schema import DATABASE, open_file
from bedside.library._database.shared import Shared, made
from bedside.library._index.dense import VECTORS
from bedside.library._index.files import LEXICAL
from bedside.library._index.mirror import publish
from bedside.library._index.pgvector import Vectors, index_vectors
from bedside.library._opened import encoder_of, rows_of

TABLES = ("source", "file", "item", "replaced", "passage", "segment")
"""Those that are moved row by row; their columns stand in the same order in both."""
NUMBERED = ("source", "item", "passage")
TOGETHER = 500
MOVED = ".moved"
Advance = Callable[[int], object]


def share(folder: Path, written: str, advance: Advance = lambda _: None) -> int:
    """Lead a folder to the library at an address; the last passage of the folder's own library moved there, if any.

    UsageError where both are libraries. A move that is broken off leaves both places as they were.
    """
    database = made(Shared(read_address(written)))
    try:
        rows = 0
        if (folder / DATABASE).exists():
            if rows_of(database):
                what = tr("there is a library at that address already", "该地址已有知识库")
                raise UsageError(what, value=folder, next="bedside knowledge share ADDRESS --library NEW_DIR")
            rows = _move(folder, database, advance)
            (folder / DATABASE).rename(folder / f"{DATABASE}{MOVED}")
        keep_address(folder, written)
    finally:
        database.close()
    return rows


def _move(folder: Path, to: Shared, advance: Advance) -> int:
    own = open_file(folder)
    try:
        with only_writer(folder, own), only_writer(folder, to):
            with transaction(to):
                _move_rows(own, to, advance)
                _move_indexes(folder, own, to)
            index_vectors(to)
        return rows_of(own)
    finally:
        own.close()


def _move_rows(own: Database, to: Shared, advance: Advance) -> None:
    for table in TABLES:
        for rows in _pages(own, table):
            to.insert(table, rows)
            advance(len(rows))
    for table in NUMBERED:
        last = f"SELECT setval(pg_get_serial_sequence('{table}', 'no'), max(no)) FROM {table} HAVING max(no) > 0"
        to.execute(last)
    for key in ("encoder", "encoder_origin"):
        to.insert("meta", own.execute("SELECT key, value FROM meta WHERE key = ?", (key,)).fetchall())


def _pages(own: Database, table: str) -> Iterator[list[Sequence[Any]]]:
    page: list[Sequence[Any]] = []
    for row in own.execute(f"SELECT * FROM {table}"):
        page.append(row)
        if len(page) == TOGETHER:
            yield page
            page = []
    yield page


def _move_indexes(folder: Path, own: Database, to: Shared) -> None:
    """Files of words as they are, and the bytes of vectors as they are: both find there what they found here."""
    for (name,) in own.execute("SELECT name FROM segment").fetchall():
        publish(to, folder / LEXICAL / name)
    total = rows_of(own)
    if not total or not encoder_of(own):
        return
    size = (folder / VECTORS).stat().st_size // total
    found, kept = Vectors(to, size), np.memmap(folder / VECTORS, np.int8, "r", shape=(total, size))
    for at in range(0, total, TOGETHER):
        some = kept[at : at + TOGETHER]
        found.append(range(at + 1, at + 1 + len(some)), some.astype(np.float32))
