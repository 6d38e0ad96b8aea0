"""The tables of a review queue: items and a chained log that nothing is taken out of, and who reads what just now."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bedside.home import home
from bedside.lang import tr
from bedside.library._database.store import open_store

FORMAT = 1
"""Raised with every step in `STEPS`; a file of an older format is brought up when it is opened."""

STEPS: dict[int, str] = {}
"""The SQL that makes a format of the one before."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value);
CREATE TABLE items (
  id TEXT PRIMARY KEY, why TEXT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL, priority INTEGER NOT NULL,
  readers INTEGER NOT NULL, parent TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX items_in_order ON items (priority DESC, at, id);
CREATE TABLE log (
  n INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, item TEXT NOT NULL,
  body TEXT NOT NULL, mark TEXT NOT NULL);
CREATE INDEX log_of_item ON log (item, what);
CREATE TABLE leases (item TEXT NOT NULL, who TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (item, who));
CREATE TRIGGER log_stays BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER log_whole BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER items_stay BEFORE UPDATE ON items BEGIN SELECT RAISE(ABORT, 'items do not change'); END;
CREATE TRIGGER items_whole BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'items do not change'); END;
"""


def usual_place() -> Path:
    """Where the queue lies unless said: `review.sqlite` in BEDSIDE_HOME."""
    return home() / "review.sqlite"


def open_tables(path: Path) -> sqlite3.Connection:
    """The database of a queue, made where there is none; what is told is on the disk. Raises DataError."""
    damaged = tr("not a review queue, or a damaged one", "不是审核队列，或已损坏")
    database = open_store(path, SCHEMA, FORMAT, damaged, STEPS)
    database.execute("PRAGMA synchronous = FULL")
    return database
