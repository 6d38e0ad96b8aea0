"""A SQLite file of a known format, opened or made: only its owner reads it, and readers do not wait for a writer."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from bedside.errors import DataError
from bedside.lang import tr
from bedside.machine import machine_error


def open_store(
    path: Path, schema: str, format: int, damaged: str, steps: Mapping[int, str] | None = None
) -> sqlite3.Connection:
    """The database at a path, made with `schema` where there is none.

    The schema has a table `meta (key, value)`, which keeps `format`. `steps[n]` is the SQL that makes format n of the
    one before; an older file takes those it lacks, all or none. Raises DataError, with `damaged`, for what is no such
    file, for one of a later format, and where none can be made.
    """
    if not path.exists():
        _make_file(path)
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=30)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        if not _made(database) or steps:
            _bring_up(database, schema, format, steps or {})
        found = _format_of(database)
    except sqlite3.DatabaseError as fault:
        raise machine_error(fault, str(path)) or DataError(damaged, where=str(path)) from None
    if found is None or found > format:
        raise DataError(tr("a later version of bedside wrote it", "由更高版本的 bedside 写出"), where=str(path))
    return database


def _make_file(path: Path) -> None:
    """An empty file that only its owner reads, before anything stands in it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DataError(tr("cannot write there", "无法写入该处"), value=f"{path} ({error.strerror})") from None


def _made(database: sqlite3.Connection) -> bool:
    return database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def _format_of(database: sqlite3.Connection) -> int | None:
    found = database.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return None if found is None else int(found[0])


def _bring_up(database: sqlite3.Connection, schema: str, format: int, steps: Mapping[int, str]) -> None:
    """The tables made, or the steps taken that the file lacks, while no other process can do the same."""
    database.execute("BEGIN IMMEDIATE")
    try:
        if not _made(database):
            _run(database, f"{schema} INSERT INTO meta VALUES ('format', {format});")
        for number in range((_format_of(database) or format) + 1, format + 1):
            _run(database, f"{steps[number]} UPDATE meta SET value = {number} WHERE key = 'format';")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def _run(database: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would end the transaction first."""
    held = ""
    for piece in script.split(";"):
        held += piece + ";"
        if sqlite3.complete_statement(held):
            database.execute(held)
            held = ""
