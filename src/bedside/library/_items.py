"""Items on their way into the database: what is new, what is the same, which passages stay, which are withdrawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from bedside.library._base import Item
from bedside.library._database.database import Database
from bedside.library._question import terms as _terms
from bedside.library._reading import split as _split
from bedside.library._reading.split import Piece, ids_of, split

Fresh = tuple[int, str, str]
"""A passage to be indexed: its number, its document's title, which counts twice among words, and its text for both."""


@dataclass
class Changes:
    """What an `add` did to a source: items, and passages indexed."""

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    superseded: int = 0
    retracted: int = 0
    passages: int = 0


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def hash_of(item: Item) -> str:
    """What tells an item from a changed one."""
    about = json.dumps([_split.VERSION, _terms.VERSION, *astuple(item)], ensure_ascii=False)
    return hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()


def text_for_index(title: str, heading: str, text: str) -> str:
    """What a passage is found by: a section alone seldom says what it is about.

    >>> text_for_index("Gout", "Treatment", "Rest and ice.")
    'Gout\\nTreatment\\nRest and ice.'
    """
    return "\n".join(part for part in (title, heading if heading != title else "", text) if part)


def put_item(database: Database, source: tuple[int, str], item: Item, changes: Changes) -> list[Fresh]:
    """Store an item if it is new or changed; its passages that have to be indexed. To be called in a transaction."""
    number, name = source
    digest = hash_of(item)
    old = database.execute(
        "SELECT no, hash FROM item WHERE source = ? AND id = ? AND until IS NULL", (number, item.id)
    ).fetchone()
    if old and old[1] == digest:
        changes.same += 1
        return []
    if old:
        database.execute(
            "UPDATE item SET status = 'superseded', replaced_by = ?, until = ? WHERE no = ?", (item.id, now(), old[0])
        )
    changes.new, changes.changed = changes.new + (not old), changes.changed + bool(old)
    changes.retracted += bool(item.retracted)
    row = (number, item.id, digest, item.title, item.text, item.url, item.date, item.version, item.licence)
    status = "retracted" if item.retracted else "current"
    no = database.execute(
        "INSERT INTO item (source, id, hash, title, text, url, date, version, licence, citation, status, since) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING no",
        (*row, item.citation, status, now()),
    ).fetchone()[0]
    database.executemany(
        "INSERT INTO replaced VALUES (?, ?, ?) ON CONFLICT (source, id) DO UPDATE SET by = excluded.by",
        [(number, one, item.id) for one in item.replaces],
    )
    return _put_passages(database, f"{name}:{item.id}", item, no, old[0] if old else None)


def _put_passages(database: Database, prefix: str, item: Item, no: int, old: int | None) -> list[Fresh]:
    """Passages that say what they said keep their number, so that they need not be indexed again."""
    pieces: list[Piece] = split(item.text, item.blocks)
    said = [(item.title, one.heading, item.text[one.start : one.end]) for one in pieces]
    kept = _live(database, old)
    live, fresh = not item.retracted, list[Fresh]()
    for piece, parts, name in zip(pieces, said, ids_of(said), strict=True):
        id = f"{prefix}#{name}"
        place = (no, piece.start, piece.end, piece.heading, int(live))
        if live and id in kept:
            database.execute(
                "UPDATE passage SET item = ?, first = ?, last = ?, heading = ?, live = ? WHERE no = ?",
                (*place, kept.pop(id)),
            )
            continue
        row = database.execute(
            "INSERT INTO passage (id, item, first, last, heading, live) VALUES (?, ?, ?, ?, ?, ?) RETURNING no",
            (id, *place),
        ).fetchone()[0]
        fresh.append((row, item.title, text_for_index(*parts)))
    database.executemany("UPDATE passage SET live = 0 WHERE no = ?", [(gone,) for gone in kept.values()])
    return fresh


def _live(database: Database, item: int | None) -> dict[str, int]:
    rows = database.execute("SELECT id, no FROM passage WHERE item = ? AND live = 1", (item,)) if item else ()
    return dict(rows)


def supersede(database: Database, source: int) -> int:
    """Take items out that others say they replace; how many. To be called in a transaction."""
    found = database.execute(
        "SELECT item.no, replaced.by FROM item "
        "JOIN replaced ON replaced.source = item.source AND replaced.id = item.id "
        "JOIN item AS newer ON newer.source = item.source AND newer.id = replaced.by AND newer.until IS NULL "
        "WHERE item.source = ? AND item.until IS NULL AND item.status = 'current' AND newer.status = 'current'",
        (source,),
    ).fetchall()
    for no, by in found:
        database.execute("UPDATE item SET status = 'superseded', replaced_by = ? WHERE no = ?", (by, no))
        database.execute("UPDATE passage SET live = 0 WHERE item = ?", (no,))
    return len(found)


def withdraw(database: Database, source: int, kept: Iterable[str]) -> int:
    """Take items out that are no longer in their source; how many. To be called in a transaction."""
    there = set(kept)
    rows = database.execute("SELECT no, id FROM item WHERE source = ? AND until IS NULL", (source,)).fetchall()
    gone = [no for no, id in rows if id not in there]
    for no in gone:
        database.execute("UPDATE item SET status = 'withdrawn', until = ? WHERE no = ?", (now(), no))
        database.execute("UPDATE passage SET live = 0 WHERE item = ?", (no,))
    return len(gone)
