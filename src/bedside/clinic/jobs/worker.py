"""A worker: takes one job after another from the database, runs each in a process of its own, and keeps its lease."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bedside.clinic.audit.log import AuditLog, Event
from bedside.clinic.jobs.jobs import Job, State
from bedside.clinic.jobs.run import Attempt
from bedside.clinic.jobs.turns import ATTEMPTS, Turns
from bedside.clinic.jobs.verbs import check, forced
from bedside.errors import BedsideError, log_fault

log = logging.getLogger("bedside.jobs")
POLL_S = 1.0
IDLE_S = 1.0
PRUNE_S = 3600.0
After = Callable[[Job, dict[str, Any]], None]
"""What follows a job that was done: its output registered, its measurement filed. One job may have it done twice."""


@dataclass
class Worker:
    """Works until `stop`; a job under way is then given back, to be gone on with by the next worker."""

    turns: Turns
    audit: AuditLog
    after: After = lambda job, result: None
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, *, once: bool = False) -> int:
        """Take jobs as they come; with `once`, until none waits. How many were taken."""
        taken, pruned = 0, -PRUNE_S
        while not self.stopping.is_set():
            if time.monotonic() - pruned > PRUNE_S:
                self.turns.jobs.prune()
                pruned = time.monotonic()
            job = self.turns.claim()
            if job is not None:
                taken += 1
                self._work(job)
            elif once:
                break
            else:
                self.stopping.wait(IDLE_S)
        return taken

    def stop(self) -> None:
        """End soon."""
        self.stopping.set()

    def _work(self, job: Job) -> None:
        """One attempt, from its first word to its line in the audit log."""
        try:
            words = check(job.verb, job.words, self.turns.jobs.data)
            words = forced(job.verb, words) if job.attempts > 1 else words
            attempt = Attempt(job.id, [job.verb, *words], self.turns.jobs.data, job.lang)
        except BedsideError as fault:
            self._ended(job, "failed", type(fault).__name__, dict(fault.to_dict()))
            return
        try:
            self._watched(job, attempt)
        finally:
            attempt.close()

    def _watched(self, job: Job, attempt: Attempt) -> None:
        """Beat until it ends, or is to end: cancelled, lost to another worker, or because this worker ends."""
        while (code := attempt.wait(POLL_S)) is None:
            beat = self.turns.beat(job, attempt.step)
            if beat == "go" and not self.stopping.is_set():
                continue
            attempt.stop()
            if beat == "stop":
                self._ended(job, "cancelled", "cancelled")
            elif beat == "go":
                self.turns.give_back(job, "worker_stopped", counted=False)
            return
        self.turns.beat(job, attempt.step)
        self._concluded(job, code, attempt.result())

    def _concluded(self, job: Job, code: int, result: dict[str, Any] | None) -> None:
        """What a process's own end means."""
        if code in (0, 3):
            self._done(job, "done" if code == 0 else "partial", result or {})
        elif code > 0:
            self._ended(job, "failed", str((result or {}).get("error", f"exit_{code}"))[:64], result)
        elif job.attempts < ATTEMPTS:
            self.turns.give_back(job, f"signal_{-code}", counted=True)
        else:
            self._ended(job, "failed", f"signal_{-code}")

    def _done(self, job: Job, state: State, result: dict[str, Any]) -> None:
        """Do what follows it first: a worker killed between the two does both again."""
        try:
            self.after(job, result)
        except BedsideError as fault:
            self._ended(job, "failed", type(fault).__name__, {**result, "after": fault.to_dict()})
        except Exception as fault:
            self._ended(job, "failed", "internal", {**result, "error_id": log_fault(log, fault)})
        else:
            self._ended(job, state, "", result)

    def _ended(self, job: Job, state: State, reason: str, result: dict[str, Any] | None = None) -> None:
        if self.turns.end(job, state, reason, result):
            detail: dict[str, str | int] = {
                "job": job.id,
                "verb": job.verb,
                "state": state,
                "reason": reason,
                "attempts": job.attempts,
            }
            self.audit.write(Event(action="jobs.run", outcome=state, via="worker", who=job.user_id, detail=detail))
