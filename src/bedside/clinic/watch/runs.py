"""What ran when: each check once for each time it was due, also where the server was down then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import runs

ATTEMPTS = 3
"""How often a run is begun that takes its server down with it."""
AHEAD_S = 3600.0
"""A run due later than this is left from a clock that went wrong."""
KEPT_S = 400 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a check; `detail` are codes and counts."""

    check: str
    due: float
    state: str
    started: float
    ended: float | None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Runs:
    """The runs in a database, begun by `holder`, who has the lease."""

    database: Database
    holder: str

    def begin(self, check: str, due: float, now: float) -> bool:
        """Whether the run due then is to be made now, and if so put it down as begun.

        Times that were missed count once, by the last of them. The first time that a check is ever seen only sets its
        beginning: a new server does not start with all of them. One whose server was killed is begun again.
        """
        with self.database.write() as db:
            seen = select(runs).where(runs.c.check == check, runs.c.due <= now + AHEAD_S)
            last = db.execute(seen.order_by(runs.c.due.desc()).limit(1)).one_or_none()
            if last is not None and due <= last.due:
                return self._again(db, last, now)
            values = {"check": check, "due": due, "holder": self.holder, "attempts": 1, "started": now, "detail": "{}"}
            state = "first" if last is None else "running"
            db.execute(insert(runs).values(**values, state=state, ended=now if last is None else None))
            return last is not None

    def begin_now(self, check: str, now: float) -> None:
        """Put a run down that somebody asked for."""
        with self.database.write() as db:
            values = {"check": check, "due": now, "holder": self.holder, "attempts": 1, "started": now, "detail": "{}"}
            db.execute(insert(runs).values(**values, state="running"))

    def end(self, check: str, due: float, state: str, detail: Mapping[str, Any], now: float) -> None:
        """Put down how a run ended; runs of long ago are forgotten."""
        with self.database.write() as db:
            mine = update(runs).where(runs.c.check == check, runs.c.due == due)
            db.execute(mine.values(state=state, ended=now, detail=json.dumps(dict(detail))))
            db.execute(delete(runs).where(runs.c.due < now - KEPT_S))

    def last(self) -> dict[str, Run]:
        """The last run of each check, "first" where it has only been seen."""
        with self.database.read() as db:
            return {row.check: _run(row) for row in db.execute(select(runs).order_by(runs.c.due))}

    def _again(self, db: Any, last: Row[Any], now: float) -> bool:
        """Whether the last run was begun by a server that is no more: whoever holds the lease now is another."""
        if last.state != "running" or last.holder == self.holder:
            return False
        mine = update(runs).where(runs.c.check == last.check, runs.c.due == last.due)
        if last.attempts >= ATTEMPTS:
            db.execute(mine.values(state="failed", ended=now, detail=json.dumps({"reason": "server_lost"})))
            return False
        db.execute(mine.values(holder=self.holder, attempts=last.attempts + 1, started=now))
        return True


def _run(row: Row[Any]) -> Run:
    return Run(
        check=row.check,
        due=row.due,
        state=row.state,
        started=row.started,
        ended=row.ended,
        detail=json.loads(row.detail),
    )
