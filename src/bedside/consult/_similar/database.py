"""The SQLite file of an index of charts: its tables, and the version and encoder that it was made with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.library._index.files import Encoder

DATABASE = "charts.sqlite"
FORMAT = "2"
"""2: values without a code are known by what was measured, not by the number too."""
TABLES = (
    "meta (key TEXT PRIMARY KEY, value TEXT)",
    "chart (no INTEGER PRIMARY KEY, id TEXT, hash TEXT, events TEXT, live INTEGER, data BLOB)",
    "moment (no INTEGER PRIMARY KEY, chart INTEGER, day INTEGER)",
)


def open_database(folder: Path, encoder: Encoder | None) -> sqlite3.Connection:
    """The database of a folder, made when there is none; raises for one of another version or encoder."""
    path = folder / DATABASE
    path.touch(mode=0o600)
    database = sqlite3.connect(path, isolation_level=None)
    for table in TABLES:
        database.execute(f"CREATE TABLE IF NOT EXISTS {table}")
    database.execute("CREATE INDEX IF NOT EXISTS by_id ON chart (id)")
    database.execute("CREATE INDEX IF NOT EXISTS by_events ON chart (events)")
    _settle(database, encoder)
    return database


def kept_encoder(folder: Path) -> str | None:
    """What opens the encoder of an index: "" for one of words alone, None where there is no index yet."""
    path = folder / DATABASE
    if not path.is_file():
        return None
    with closing(sqlite3.connect(path)) as database:
        try:
            row = database.execute("SELECT value FROM meta WHERE key = 'encoder_origin'").fetchone()
        except sqlite3.DatabaseError:
            what = tr("not an index of charts", "不是病历索引")
            raise DataError(what, where=str(path), next="bedside similar --help") from None
    return str(row[0]) if row else None


def _settle(database: sqlite3.Connection, encoder: Encoder | None) -> None:
    """Write down what a new index is made with, or check that a known one was made with the same."""
    wanted = {"format": FORMAT, "encoder": encoder.name if encoder else ""}
    kept = dict(database.execute("SELECT key, value FROM meta").fetchall())
    if not kept:
        origin = encoder.origin if encoder else ""
        database.executemany("INSERT INTO meta VALUES (?, ?)", [*wanted.items(), ("encoder_origin", origin)])
    elif kept["format"] != FORMAT:
        what = tr("this index was made by another version", "该索引由其他版本生成")
        raise DataError(what, value=kept["format"], allowed=FORMAT, next=tr("make a new one", "请重新建立索引"))
    elif kept["encoder"] != wanted["encoder"]:
        what = tr("this index was made with another encoder", "该索引使用另一编码器建立")
        raise UsageError(what, value=wanted["encoder"] or "none", allowed=kept["encoder"] or "none")
