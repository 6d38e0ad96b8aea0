"""A SQLite file of a known format, opened or made: only its owner reads it, and readers do not wait for a writer."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from bedside.errors import DataError
from bedside.lang import tr


def open_store(path: Path, schema: str, format: int, damaged: str) -> sqlite3.Connection:
    """The database at a path, made with `schema` where there is none.

    The schema has a table `meta (key, value)`, which keeps `format`. Raises DataError, with `damaged`, for what is no
    such file, and for one of a later format.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=30)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            database.executescript(f"BEGIN; {schema} INSERT INTO meta VALUES ('format', {format}); COMMIT;")
        found = database.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    except sqlite3.DatabaseError:
        raise DataError(damaged, where=str(path)) from None
    if found is None or found[0] > format:
        raise DataError(tr("a later version of bedside wrote it", "由更高版本的 bedside 写出"), where=str(path))
    return database
