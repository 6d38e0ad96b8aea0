"""Alerts: one for each thing that is wrong, however often it is found; acknowledged by a person, closed when gone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import alerts, notices

REMIND_S = 24 * 3600.0
"""An alert that nobody acknowledged is told again after this."""
KEPT_S = 400 * 86_400.0
Level = Literal["warning", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a check found wrong: a code of ours (`words.py`), of what (a model, a rule), and numbers; never a text.

    >>> Signal(code="overridden", subject="renal.metformin", level="warning").key
    'overridden:renal.metformin'
    """

    code: str
    level: Level
    subject: str = ""
    detail: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What is the same alert when it is found again."""
        return f"{self.code}:{self.subject}"[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert; times are seconds since 1970, `times` is how often it was found."""

    id: str
    code: str
    subject: str
    check: str
    level: str
    detail: Mapping[str, Any]
    opened: float
    seen: float
    times: int
    acknowledged: float | None = None
    acknowledged_by: str = ""
    closed: float | None = None


@dataclass(frozen=True)
class Alerts:
    """The alerts in a database; each that opens leaves a message for each of the `channels`."""

    database: Database
    channels: Sequence[str] = ()

    def found(self, check: str, signals: Collection[Signal], now: float) -> int:
        """Keep what a check found; its alerts that it did not find again are closed. How many are new."""
        fresh = 0
        with self.database.write() as db:
            for one in {signal.key: signal for signal in signals}.values():
                fresh += self._raise(db, check, one, now)
            gone = (alerts.c.check == check, alerts.c.closed.is_(None), alerts.c.seen < now)
            db.execute(update(alerts).where(*gone).values(closed=now))
            db.execute(delete(alerts).where(alerts.c.closed < now - KEPT_S))
        return fresh

    def open_one(self, check: str, signal: Signal, now: float) -> str:
        """Open one alert beside the others, and return its id."""
        with self.database.write() as db:
            self._raise(db, check, signal, now)
            mine = select(alerts.c.id).where(alerts.c.key == signal.key, alerts.c.closed.is_(None))
            return str(db.execute(mine).scalar_one())

    def acknowledge(self, id: str, by: str, now: float) -> bool:
        """Put down who has seen to it; False where there is no such alert open. The first to say so stands."""
        free = (alerts.c.id == id, alerts.c.closed.is_(None))
        with self.database.write() as db:
            if not db.execute(select(alerts.c.id).where(*free)).first():
                return False
            first = update(alerts).where(*free, alerts.c.acknowledged.is_(None))
            db.execute(first.values(acknowledged=now, acknowledged_by=by))
        return True

    def close(self, id: str, now: float) -> None:
        """Close one."""
        with self.database.write() as db:
            db.execute(update(alerts).where(alerts.c.id == id).values(closed=now))

    def all(self, *, open_only: bool = False, limit: int = 100) -> list[Alert]:
        """Those that are open first, then the newest."""
        asked = select(alerts).order_by(alerts.c.closed.is_not(None), alerts.c.opened.desc(), alerts.c.id).limit(limit)
        with self.database.read() as db:
            return [alert_of(row) for row in db.execute(asked.where(alerts.c.closed.is_(None)) if open_only else asked)]

    def open_now(self, level: str) -> int:
        """How many of a level are open."""
        asked = select(func.count()).select_from(alerts).where(alerts.c.closed.is_(None), alerts.c.level == level)
        with self.database.read() as db:
            return int(db.execute(asked).scalar_one())

    def _raise(self, db: Connection, check: str, one: Signal, now: float) -> int:
        """Open it, or count it where it is open already and tell it again if it is time; 1 where it is new."""
        told = {"level": one.level, "detail": json.dumps(dict(one.detail)), "seen": now}
        row = db.execute(select(alerts).where(alerts.c.key == one.key, alerts.c.closed.is_(None))).one_or_none()
        if row is None:
            id = "a" + secrets.token_hex(10)
            values = {"id": id, "key": one.key, "check": check, "code": one.code, "opened": now, "times": 1, **told}
            db.execute(insert(alerts).values(**values, reminded=now))
            self._tell(db, id, now)
            return 1
        worse = one.level == "critical" and row.level != "critical"
        remind = worse or (row.acknowledged is None and now - row.reminded >= REMIND_S)
        values = {**told, "times": row.times + 1, "reminded": now if remind else row.reminded}
        db.execute(update(alerts).where(alerts.c.id == row.id).values(**values))
        if remind:
            self._tell(db, row.id, now)
        return 0

    def _tell(self, db: Connection, id: str, now: float) -> None:
        for channel in self.channels:
            values = {"alert_id": id, "channel": channel, "attempts": 0, "next_try": now, "given_up": False}
            db.execute(insert(notices).values(**values))


def alert_of(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        code=row.code,
        subject=row.key.partition(":")[2],
        check=row.check,
        level=row.level,
        detail=json.loads(row.detail),
        opened=row.opened,
        seen=row.seen,
        times=row.times,
        acknowledged=row.acknowledged,
        acknowledged_by=row.acknowledged_by or "",
        closed=row.closed,
    )
