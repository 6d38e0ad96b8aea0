"""The graph's database beside the library's: concepts with their names, edges with their counts, and the evidence.

An edge's counts are those of its evidence whose reference is `live`: what a library has withdrawn stays, flagged, and
counts no more. `polarity` is 1 (affirmed), -1 (negated) or 0 (uncertain). A reference is a passage of the library, or
what an outside source cites (PMID, OMIM, a release). `first` and `last` are where in the passage it says so.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.library._database.store import open_store

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
    if not make and not path.exists():
        what, then = tr("no graph there", "该处没有知识图谱"), f"bedside graph build --library {folder}"
        raise UsageError(what, value=folder, next=then)
    database = open_store(path, SCHEMA, FORMAT, tr("not a graph, or a damaged one", "不是知识图谱，或已损坏"))
    database.execute("PRAGMA temp_store = MEMORY")
    return database


def kept(database: sqlite3.Connection, key: str) -> str:
    """A remembered value, "" for none."""
    row = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def keep(database: sqlite3.Connection, key: str, value: object) -> None:
    """Remember a value, in the transaction in progress."""
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(value)))
