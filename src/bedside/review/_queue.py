"""The queue on disk: items come in once, readers take them for a while, and nothing is ever overwritten."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bedside.chain import ChainBroken, End, digest, end_of_lines
from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.review import _log
from bedside.review._item import Item, item_from_json, item_to_json
from bedside.review._schema import open_tables, usual_place

DECISIONS = ("accept", "correct", "reject")
LEASE_SECONDS = 1800.0
"""How long an item is kept for the reader who took it."""

LONGEST_LEASE_S = 86_400.0
"""No lease ends later than this from now: one that does was given by a clock that had leapt ahead."""

_END = re.compile(r"\d+:[0-9a-f]{64}")

State = Literal["open", "done"]

_READ = "SELECT COUNT(DISTINCT l.who) FROM log l WHERE l.item = i.id AND l.what IN ('accept', 'correct', 'reject')"
_BY = "SELECT 1 FROM log l WHERE l.item = {} AND l.who = :by AND l.what IN ('accept', 'correct', 'reject')"
_LEASE = f"s.item = i.id AND s.until > :now AND s.until <= :now + {LONGEST_LEASE_S}"
_FREE = f"""({_READ}) + (SELECT COUNT(*) FROM leases s WHERE {_LEASE} AND s.who <> :by)
  < i.readers AND NOT EXISTS ({_BY.format("i.id")}) AND NOT EXISTS ({_BY.format("i.parent")})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An item in the queue: its id there, when it came, how many readers it has had, and who holds it now."""

    id: str
    item: Item
    at: str
    read: int
    held_by: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Whether readers are still wanted."""
        return "done" if self.read >= self.item.readers else "open"

    @property
    def patient(self) -> str:
        """Whose it is: items of one patient are drawn together; one of nobody stands for itself."""
        return self.item.group or self.id


class Queue:
    """Opened by `with Queue(path) as queue:`; `clock` gives the time in seconds since 1970."""

    def __init__(self, path: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self.path, self.clock = path or usual_place(), clock
        self.database = open_tables(self.path)

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """A change that no other process changes anything during; all of it is written, or nothing."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
            self.database.execute("COMMIT")
        except BaseException:
            self.database.execute("ROLLBACK")
            raise

    def salt(self) -> str:
        """What patients' pseudonyms are made with, drawn once a queue."""
        with self.alone() as database:
            database.execute("INSERT OR IGNORE INTO meta VALUES ('salt', ?)", (secrets.token_hex(32),))
            return str(database.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()[0])

    def add(self, items: Iterable[Item], *, by: str) -> list[str]:
        """Take items in, which `clean` has been through; returns the ids of those that were not here yet."""
        with self.alone():
            return [item.id for item in items if self.put(item, by=by)]

    def put(self, item: Item, *, by: str) -> bool:
        """Take one item in, within `alone`; False where it is here already."""
        id = item.id
        if self.database.execute("SELECT 1 FROM items WHERE id = ?", (id,)).fetchone():
            return False
        body, now = json.dumps(item_to_json(item), ensure_ascii=False), self.clock()
        row = (id, item.why, item.model, item.version, item.priority, item.readers, item.parent)
        self.database.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, _log.stamp(now), body))
        _log.append(self.database, now, by, "added", id, {"why": item.why, "sha256": _sha256(body)})
        return True

    def get(self, id: str) -> Listed:
        """One item. Raises UsageError where there is none of that id."""
        found = list(self._listed("WHERE i.id = :id", {"id": id}))
        if not found:
            raise UsageError(tr("no such item", "没有此条目"), value=id, next="bedside review list")
        return found[0]

    def items(self, *, why: str = "", model: str = "", state: State | None = None, limit: int = -1) -> list[Listed]:
        """Items in the order they are to be read; empty words and None choose all."""
        wanted = {None: "1", "open": f"({_READ}) < i.readers", "done": f"({_READ}) >= i.readers"}[state]
        asked = f"WHERE :why IN ('', i.why) AND :model IN ('', i.model) AND {wanted}"
        return list(self._listed(asked, {"why": why, "model": model, "limit": limit}, "LIMIT :limit"))

    def waiting(self) -> int:
        """How many items still want a reader."""
        return int(self.database.execute(f"SELECT COUNT(*) FROM items i WHERE ({_READ}) < i.readers").fetchone()[0])

    def take(self, by: str, id: str = "", *, seconds: float = LEASE_SECONDS) -> Listed | None:
        """Keep an item for a reader: the one named, the one taken before and not decided, or the next; None: no more.

        Raises UsageError where the one named is read, or held by others.
        """
        check_reader(by)
        with self.alone() as database:
            now = self.clock()
            held = f"EXISTS (SELECT 1 FROM leases s WHERE {_LEASE} AND s.who = :by)"
            asked = f"SELECT i.id FROM items i WHERE :id IN ('', i.id) AND {_FREE} ORDER BY {held} DESC, "
            found = database.execute(
                f"{asked} i.priority DESC, i.at, i.id LIMIT 1", {"id": id, "by": by, "now": now}
            ).fetchone()
            if found is None:
                if id:
                    self.get(id)
                    raise UsageError(tr("read already, or held by others", "已审阅，或正由他人处理"), value=id)
                return None
            until = now + min(seconds, LONGEST_LEASE_S)
            database.execute("INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", (found[0], by, until))
            _log.append(database, now, by, "took", found[0], {})
        return self.get(found[0])

    def leave(self, by: str, id: str) -> None:
        """Give an item back undecided."""
        self.get(id)
        with self.alone() as database:
            database.execute("DELETE FROM leases WHERE item = ? AND who = ?", (id, by))
            _log.append(database, self.clock(), by, "left", id, {})

    def entries(self, *what: str, item: str | None = None) -> list[_log.Entry]:
        """The lines of the log of these kinds, in order."""
        return _log.entries(self.database, what, item)

    def record(self, by: str, what: str, body: dict[str, Any]) -> End:
        """Write a line of the log that is of no one item."""
        with self.alone() as database:
            return _log.append(database, self.clock(), by, what, "", body)

    def verify(self, end: str = "") -> End:
        """Walk the log, and compare each item with what came in; `end` is one that was kept elsewhere, at any time.

        Raises DataError where a line or an item was changed, or lines are gone.
        """
        try:
            found = end_of_lines(_log.lines(self.database), digest)
        except ChainBroken as fault:
            raise self._broken(fault.line) from None
        if end and not _END.fullmatch(end):
            raise UsageError(tr("not the end of a log", "不是日志末尾"), value=end, allowed="N:MARK")
        if end and not self._had(end):
            raise self._broken(found.count)
        items = dict(self.database.execute("SELECT id, body FROM items"))
        came = {one.item: one.body["sha256"] for one in self.entries("added")}
        if {id: _sha256(body) for id, body in items.items()} != came:
            raise DataError(tr("items were changed", "条目被改动"), where=str(self.path))
        return found

    def _had(self, end: str) -> bool:
        number, _, mark = end.partition(":")
        asked = "SELECT 1 FROM log WHERE n = CAST(? AS INTEGER) AND mark = ?"
        return self.database.execute(asked, (number, mark)).fetchone() is not None

    def _broken(self, line: int) -> DataError:
        what = tr("the log of this queue was changed", "该队列的日志被改动")
        return DataError(
            what,
            where=f"{self.path} line {line}",
            next=tr("keep the file and tell whoever is responsible", "请保留该文件并报告负责人"),
        )

    def _listed(self, where: str, values: dict[str, Any], rest: str = "") -> Iterator[Listed]:
        held = f"SELECT GROUP_CONCAT(s.who, char(10)) FROM leases s WHERE {_LEASE}"
        asked = (
            f"SELECT i.id, i.body, i.at, ({_READ}), ({held}) FROM items i {where} ORDER BY i.priority DESC, i.at, i.id"
        )
        for id, body, at, read, who in self.database.execute(f"{asked} {rest}", {**values, "now": self.clock()}):
            names = tuple(who.split("\n")) if who else ()
            yield Listed(id=id, item=item_from_json(json.loads(body)), at=at, read=read, held_by=names)


def check_reader(by: str) -> None:
    """Refuse a reader without a name, or with one that cannot be printed on a line."""
    if not by.strip() or not by.isprintable():
        raise UsageError(tr("a decision needs a reader", "须注明审阅人"), next="--by NAME")


def _sha256(body: str) -> str:
    import hashlib

    return hashlib.sha256(body.encode()).hexdigest()
