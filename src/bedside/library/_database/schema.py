"""The library's database in one file: sources, items with their text, passages, and which index files hold them.

A row of `item` is one version of one document. `status`: current, retracted, superseded (by a later version or another
document: `replaced_by`), withdrawn. Only passages with `live` are found; the others still resolve, with what became of
their item. A passage's `no` is its place in every index and is never used twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.library._database.store import open_store
from bedside.machine import machine_error

FORMAT = 1
"""Raised when an older bedside could misread the folder."""
DATABASE, LOCK = "library.sqlite", "writing.sqlite"
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value);
CREATE TABLE source (no INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, licence TEXT NOT NULL, version TEXT NOT NULL,
  citation TEXT NOT NULL, url TEXT NOT NULL, added TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE file (source INTEGER NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, options TEXT NOT NULL,
  PRIMARY KEY (source, path));
CREATE TABLE item (no INTEGER PRIMARY KEY, source INTEGER NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL,
  title TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL, version TEXT NOT NULL,
  licence TEXT NOT NULL, citation TEXT NOT NULL, status TEXT NOT NULL, replaced_by TEXT NOT NULL DEFAULT '',
  since TEXT NOT NULL, until TEXT);
CREATE UNIQUE INDEX item_now ON item (source, id) WHERE until IS NULL;
CREATE TABLE replaced (source INTEGER NOT NULL, id TEXT NOT NULL, by TEXT NOT NULL, PRIMARY KEY (source, id));
CREATE TABLE passage (no INTEGER PRIMARY KEY, id TEXT NOT NULL, item INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, heading TEXT NOT NULL, live INTEGER NOT NULL);
CREATE INDEX passage_id ON passage (id);
CREATE INDEX passage_item ON passage (item);
CREATE INDEX passage_gone ON passage (no) WHERE live = 0;
CREATE TABLE segment (name TEXT PRIMARY KEY, postings INTEGER NOT NULL);
"""


def open_file(folder: Path, *, make: bool = False) -> sqlite3.Connection:
    """The library of a folder; UsageError where there is none and none is to be made, DataError for a broken one."""
    path = folder / DATABASE
    if not make and not path.exists():
        what, then = tr("no library there", "该处没有知识库"), "bedside knowledge add FILE --library DIR"
        raise UsageError(what, value=folder, next=then)
    damaged = tr("not a library, or a damaged one", "不是知识库，或已损坏")
    return open_store(path, SCHEMA, FORMAT, damaged)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """One process writes at a time; the lock goes with the process, however that ends."""
    lock = sqlite3.connect(folder / LOCK, isolation_level=None, timeout=0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as fault:
        lock.close()
        if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY and (told := machine_error(fault, str(folder))):
            raise told from None
        raise UsageError(
            tr("another process is writing to this library", "另一个进程正在写入该知识库"),
            value=folder,
            next=tr("wait for it to end", "请等待其结束"),
        ) from None
    try:
        yield
    finally:
        lock.close()
