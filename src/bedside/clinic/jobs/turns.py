"""Whose turn a job is: taken under a lease, kept by a beat, taken again by another when the beat stops."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from bedside.clinic._database import now_of
from bedside.clinic._tables import jobs
from bedside.clinic.jobs.jobs import Job, Jobs, State
from bedside.steps import Step

ATTEMPTS = 3
LEASE_S = 15.0
"""A worker not heard from for so long is taken for dead."""
MOST_LEASE_S = 600.0
Beat = Literal["go", "stop", "lost"]


def _worker_id() -> str:
    return "w" + secrets.token_hex(8)


@dataclass(frozen=True)
class Turns:
    """One worker's hold on jobs. Every change names the worker, so that one which was given up changes nothing more."""

    jobs: Jobs
    lease_s: float = LEASE_S
    worker: str = field(default_factory=_worker_id)

    def claim(self) -> Job | None:
        """The oldest job that waits, or whose worker died; None where there is none."""
        with self.jobs.database.read() as db:
            if db.execute(select(jobs.c.id).where(_free(now_of(db))).limit(1)).scalar() is None:
                return None
        with self.jobs.database.write() as db:
            now = now_of(db)
            _give_up(db, now)
            first = select(jobs.c.id).where(_free(now)).order_by(jobs.c.created, jobs.c.id).limit(1)
            mine = jobs.c.id == first.with_for_update(skip_locked=True).scalar_subquery()
            taken = {"state": "running", "worker": self.worker, "lease": now + self.lease_s, "reason": ""}
            counted = {"attempts": jobs.c.attempts + 1, "started": func.coalesce(jobs.c.started, now)}
            row = db.execute(update(jobs).where(mine).values({**taken, **counted}).returning(jobs)).one_or_none()
            return self.jobs.job(row) if row else None

    def beat(self, job: Job, step: Step) -> Beat:
        """Keep the job, and say how far it is: go on, stop because it was asked, or let go because another has it."""
        with self.jobs.database.write() as db:
            held = {"lease": now_of(db) + self.lease_s, "step": step.name, "done": step.done, "total": step.total}
            stop = db.execute(update(jobs).where(self._mine(job)).values(held).returning(jobs.c.stop)).scalar()
        return "lost" if stop is None else "stop" if stop else "go"

    def end(self, job: Job, state: State, reason: str = "", result: Mapping[str, Any] | None = None) -> bool:
        """Write down how it ended; False where another has it meanwhile, whose end will count."""
        kept = self.jobs.sealed(job.id, result) if result is not None else None
        whole = {"done": jobs.c.total} if state in ("done", "partial") else {}
        with self.jobs.database.write() as db:
            values = {"state": state, "reason": reason, "result": kept, "ended": now_of(db), **whole}
            return db.execute(update(jobs).where(self._mine(job)).values(values)).rowcount > 0

    def give_back(self, job: Job, reason: str, *, counted: bool) -> bool:
        """Let the next worker go on with it; an attempt that was cut short by us is not `counted`."""
        attempts = jobs.c.attempts if counted else jobs.c.attempts - 1
        values = {"state": "queued", "reason": reason, "worker": "", "lease": 0.0, "attempts": attempts}
        with self.jobs.database.write() as db:
            return db.execute(update(jobs).where(self._mine(job)).values(values)).rowcount > 0

    def _mine(self, job: Job) -> ColumnElement[bool]:
        return and_(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.worker == self.worker)


def _dead(now: float) -> ColumnElement[bool]:
    """Running, and its worker silent; a lease that ends later than any could is left from a clock that went wrong."""
    return and_(jobs.c.state == "running", or_(jobs.c.lease <= now, jobs.c.lease > now + MOST_LEASE_S))


def _free(now: float) -> ColumnElement[bool]:
    return or_(jobs.c.state == "queued", _dead(now))


def _give_up(db: Connection, now: float) -> None:
    """End what died once too often, and what was to be cancelled when its worker died."""
    ended = {"ended": now, "worker": ""}
    for which, state, reason in (
        (jobs.c.stop.is_(True), "cancelled", "cancelled"),
        (jobs.c.attempts >= ATTEMPTS, "failed", "worker_died"),
    ):
        db.execute(update(jobs).where(_dead(now), which).values(state=state, reason=reason, **ended))
