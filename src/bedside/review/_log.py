"""The log of a queue: what happened to each item, by whom, when; every line chained to the one before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bedside.chain import End, digest

COLUMNS = "n, at, who, what, item, body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: `what` is added, took, left, accept, correct, reject or exported; `body` what belongs to it."""

    n: int
    at: str
    who: str
    what: str
    item: str
    body: dict[str, Any] = field(default_factory=dict, repr=False)


def append(database: sqlite3.Connection, at: float, who: str, what: str, item: str, body: dict[str, Any]) -> End:
    """Write one line; the caller holds the transaction that it belongs to. Returns the log's new end."""
    last = end_of(database)
    line = {"n": last.count + 1, "at": stamp(at), "who": who, "what": what, "item": item, "body": _text(body)}
    end = End(last.count + 1, digest(last.mark, line))
    database.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", (*line.values(), end.mark))
    return end


def end_of(database: sqlite3.Connection) -> End:
    """How many lines there are, and the mark of the last, as they stand there."""
    found = database.execute("SELECT n, mark FROM log ORDER BY n DESC LIMIT 1").fetchone()
    return End(*found) if found else End()


def lines(database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Every line as it is chained, with its mark."""
    names = [*COLUMNS.split(", "), "mark"]
    for row in database.execute(f"SELECT {COLUMNS}, mark FROM log ORDER BY n"):
        yield dict(zip(names, row, strict=True))


def entries(database: sqlite3.Connection, what: tuple[str, ...], item: str | None = None) -> list[Entry]:
    """The lines of these kinds, in order; of one item, or of all."""
    marks = ", ".join("?" * len(what))
    asked = f"SELECT {COLUMNS} FROM log WHERE what IN ({marks})" + (" AND item = ?" if item else "") + " ORDER BY n"
    found = database.execute(asked, (*what, item) if item else what)
    return [
        Entry(n=n, at=at, who=who, what=kind, item=of, body=json.loads(body)) for n, at, who, kind, of, body in found
    ]


def stamp(at: float) -> str:
    """A time as it is written down: UTC, to the millisecond.

    >>> stamp(0)
    '1970-01-01T00:00:00.000+00:00'
    """
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)
