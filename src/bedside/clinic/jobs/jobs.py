"""Background jobs: a verb of `bedside` to be run beside the server, kept in the database until it has ended.

    queued ──claim──▶ running ──▶ done · partial · failed · cancelled
       ▲                 │
       └── worker ended, or was killed and its lease ran out ──┘      given up after ATTEMPTS, with the reason

Add one with `clinic.jobs.add`; workers (`bedside.clinic.jobs.worker`) take it. What a job is told and what it gave are
sealed; state, counts and codes are not.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Row, delete, insert, select, update

from bedside.clinic._database import Database, now_of
from bedside.clinic._tables import jobs
from bedside.clinic.jobs.verbs import VERBS, check, outputs
from bedside.clinic.keys.keyring import seal, unseal
from bedside.errors import UsageError
from bedside.lang import Lang, current, tr
from bedside.steps import Step

State = Literal["queued", "running", "done", "partial", "failed", "cancelled"]
JOB_ID = re.compile("j[0-9a-f]{20}")
OPEN: tuple[State, ...] = ("queued", "running")
NO_STEP = Step()
KEPT_DAYS = 90
"""How long an ended job is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. `words` and `result` may name a patient; times are seconds since 1970; `reason` is a code.

    `then` is what a worker does with its output: `{"register": NAME}` makes the folder after `-o` a candidate of that
    model; `{"gate": [NAME, VERSION, AGAINST]}` files the measurement of an `evaluate` for the gates of that version.
    """

    id: str
    verb: str
    state: State
    words: tuple[str, ...] = field(default=(), repr=False)
    then: Mapping[str, Any] = field(default_factory=dict)
    lang: Lang = "en"
    user_id: str = ""
    reason: str = ""
    attempts: int = 0
    step: Step = NO_STEP
    stopping: bool = False
    created: float
    started: float | None = None
    ended: float | None = None
    outs: tuple[str, ...] = field(default=(), repr=False)
    result: Mapping[str, Any] | None = field(default=None, repr=False)


def shown(job: Job) -> dict[str, Any]:
    """A job as anybody who may read jobs sees it: states, codes and counts.

    >>> shown(Job(id="j0", verb="fit", state="running", step=Step("fitting", 1, 4), created=0.0))["progress"]
    0.25
    """
    parts = ("id", "verb", "state", "reason", "attempts", "stopping", "created", "started", "ended")
    step = {"name": job.step.name, "done": job.step.done, "total": job.step.total}
    return {**{name: getattr(job, name) for name in parts}, "step": step, "progress": job.step.share}


@dataclass(frozen=True)
class Jobs:
    """The jobs of a data folder: `data/work` is where they read and write."""

    database: Database
    data: Path
    key: bytes = field(repr=False)

    def add(self, verb: str, words: Sequence[str], *, by: str, then: Mapping[str, Any] | None = None) -> Job:
        """Queue a run of `bedside VERB WORDS`, and return it; it is on the disk then.

        Paths are relative to `data/work` (or begin with `models/`). Raises `UsageError` for a verb, word or path that
        is not allowed, and where another job that has not ended writes to the same place.

        >>> words = ["train.csv", "--text", "note", "--label", "triage", "-o", "triage"]
        >>> clinic.jobs.add("fit", words, by=user.id, then={"register": "triage"})  # doctest: +SKIP
        Job(id='j1f0c...', verb='fit', state='queued', ...)
        """
        outs = outputs(verb, check(verb, words, self.data))
        self._check_free(verb, outs, force="--force" in words)
        told = {"words": list(words), "outs": outs, "then": dict(then or {}), "lang": current()}
        id = "j" + secrets.token_hex(10)
        blank: dict[str, Any] = dict.fromkeys(("reason", "step", "worker"), "")
        blank |= dict.fromkeys(("attempts", "done", "total", "lease"), 0)
        with self.database.write() as db:
            values = {"id": id, "verb": verb, "user_id": by, "state": "queued", "stop": False, **blank}
            db.execute(insert(jobs).values(**values, sealed=self.sealed(id, told), created=now_of(db)))
            return self.job(db.execute(select(jobs).where(jobs.c.id == id)).one())

    def get(self, id: str) -> Job | None:
        """One job; None where there is none."""
        with self.database.read() as db:
            row = db.execute(select(jobs).where(jobs.c.id == id)).one_or_none()
        return self.job(row) if row else None

    def all(self, *, state: str = "", limit: int = 200) -> list[Job]:
        """The newest first; of one state, if it is named."""
        asked = select(jobs).order_by(jobs.c.created.desc(), jobs.c.id).limit(limit)
        with self.database.read() as db:
            return [self.job(row) for row in db.execute(asked.where(jobs.c.state == state) if state else asked)]

    def cancel(self, id: str) -> Job | None:
        """End a job that waits, at once; ask its worker to end one that runs. None where there is no such job."""
        mine = jobs.c.id == id
        with self.database.write() as db:
            gone = {"state": "cancelled", "reason": "cancelled", "ended": now_of(db)}
            db.execute(update(jobs).where(mine, jobs.c.state == "queued").values(gone))
            db.execute(update(jobs).where(mine, jobs.c.state == "running").values(stop=True))
        return self.get(id)

    def prune(self, days: float = KEPT_DAYS) -> int:
        """Forget the jobs that ended before so many days; how many."""
        with self.database.write() as db:
            old = now_of(db) - days * 86_400
            return db.execute(delete(jobs).where(jobs.c.state.not_in(OPEN), jobs.c.ended < old)).rowcount

    def sealed(self, id: str, told: Mapping[str, Any]) -> bytes:
        """What a job is told or gave, for its row alone."""
        return seal(self.key, json.dumps(told, ensure_ascii=True).encode(), f"job {id}")

    def job(self, row: Row[Any]) -> Job:
        """A row of the table, opened."""
        told = json.loads(unseal(self.key, row.sealed, f"job {row.id}"))
        return Job(
            id=row.id,
            verb=row.verb,
            state=row.state,
            words=tuple(told["words"]),
            outs=tuple(told["outs"]),
            then=told["then"],
            lang=told["lang"],
            user_id=row.user_id,
            reason=row.reason,
            attempts=row.attempts,
            step=Step(row.step, row.done, row.total),
            stopping=row.stop,
            created=row.created,
            started=row.started,
            ended=row.ended,
            result=json.loads(unseal(self.key, row.result, f"job {row.id}")) if row.result else None,
        )

    def _check_free(self, verb: str, outs: list[str], *, force: bool) -> None:
        """Two jobs that write to one place would spoil each other; a second attempt writes over the first's."""
        there = [place for place in outs if Path(place).exists()]
        if VERBS[verb].again and there and not force:
            raise UsageError(tr("something is there already", "输出位置已有内容"), value=there[0], next="--force")
        for other in [job for state in OPEN for job in self.all(state=state, limit=1000)]:
            if set(outs) & set(other.outs):
                what = tr("another job writes there", "另有作业写入该处")
                raise UsageError(what, value=other.id, next=f"bedside jobs cancel {other.id}")
