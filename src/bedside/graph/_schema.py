"""The graph's database beside the library's: concepts with their names, edges with their counts, and the evidence.

An edge's counts are those of its evidence whose reference is `live`: what a library has withdrawn stays, flagged, and
counts no more. `polarity` is 1 (affirmed), -1 (negated) or 0 (uncertain). A reference is a passage of the library, or
what an outside source cites (PMID, OMIM, a release). `first` and `last` are where in the passage it says so.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from bedside.errors import DataError, UsageError
from bedside.lang import tr

FORMAT = 1
"""Raised when an older bedside could misread the file."""
DATABASE = "graph.sqlite"
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value);
CREATE TABLE source (no INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, licence TEXT NOT NULL,
  version TEXT NOT NULL, UNIQUE (name, kind, licence));
CREATE TABLE concept (no INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, vocabulary TEXT NOT NULL,
  en TEXT NOT NULL, zh TEXT NOT NULL, source INTEGER NOT NULL, degree INTEGER NOT NULL DEFAULT 0);
CREATE TABLE name (concept INTEGER NOT NULL, name TEXT NOT NULL, lang TEXT NOT NULL, rank INTEGER NOT NULL,
  exact TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (concept, name)) WITHOUT ROWID;
CREATE INDEX name_exact ON name (exact);
CREATE INDEX name_key ON name (key);
CREATE TABLE relation (no INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, weak INTEGER NOT NULL);
CREATE TABLE edge (no INTEGER PRIMARY KEY, head INTEGER NOT NULL, relation INTEGER NOT NULL, tail INTEGER NOT NULL,
  affirmed INTEGER NOT NULL DEFAULT 0, negated INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0,
  first_year INTEGER, last_year INTEGER, UNIQUE (head, relation, tail));
CREATE INDEX edge_tail ON edge (tail, relation);
CREATE TABLE reference (no INTEGER PRIMARY KEY, id TEXT NOT NULL, source INTEGER NOT NULL, year INTEGER,
  live INTEGER NOT NULL DEFAULT 1, UNIQUE (id, source));
CREATE TABLE evidence (edge INTEGER NOT NULL, reference INTEGER NOT NULL, polarity INTEGER NOT NULL,
  how TEXT NOT NULL, detail TEXT NOT NULL, first INTEGER, last INTEGER,
  PRIMARY KEY (edge, reference, polarity)) WITHOUT ROWID;
CREATE INDEX evidence_reference ON evidence (reference);
CREATE TABLE merged (name TEXT NOT NULL, wanted TEXT NOT NULL, concept INTEGER NOT NULL, how TEXT NOT NULL,
  likeness REAL, lead REAL, rivals TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (name, wanted, concept));
CREATE INDEX merged_concept ON merged (concept);
"""


def open_database(folder: Path, *, make: bool = False) -> sqlite3.Connection:
    """The graph of a folder; UsageError where there is none and none is to be made, DataError for a broken one."""
    path = folder / DATABASE
    if not path.exists():
        if not make:
            raise UsageError(
                tr("no graph there", "该处没有知识图谱"), value=folder, next=f"bedside graph build --library {folder}"
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=30)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA temp_store = MEMORY")
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            database.executescript(f"BEGIN; {SCHEMA} INSERT INTO meta VALUES ('format', {FORMAT}); COMMIT;")
        found = database.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    except sqlite3.DatabaseError:
        raise DataError(tr("not a graph, or a damaged one", "不是知识图谱，或已损坏"), where=str(path)) from None
    if found is None or found[0] > FORMAT:
        raise DataError(tr("a later version of bedside wrote it", "由更高版本的 bedside 写出"), where=str(path))
    return database


def kept(database: sqlite3.Connection, key: str) -> str:
    """A remembered value, "" for none."""
    row = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def keep(database: sqlite3.Connection, key: str, value: object) -> None:
    """Remember a value, in the transaction in progress."""
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(value)))
