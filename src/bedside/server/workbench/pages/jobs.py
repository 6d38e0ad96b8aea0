"""Background jobs: what waits, runs and has ended; a list that follows them, one in full, and the end of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from bedside.clinic.jobs.jobs import OPEN, Job
from bedside.clinic.jobs.words import state_said
from bedside.clinic.permissions import may
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.jobs import known
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page

SHOWN = 100
Reads = Annotated[Caller, require("jobs.read")]


def add(router: APIRouter, context: Context) -> None:
    """The jobs of this server's data."""
    jobs = context.clinic.jobs

    @router.get("/jobs", response_model=None)
    def listed(caller: Reads) -> Response:
        """The frame of the list; its rows are fetched, and fetched again while any job has not ended."""
        return page("jobs.html", caller)

    @router.get("/jobs/rows", response_model=None)
    def rows(caller: Reads) -> Response:
        """The newest jobs."""
        return page("jobs_rows.html", caller, found=jobs.all(limit=SHOWN), state_said=state_said, open=OPEN)

    @router.get("/jobs/{job_id}", response_model=None)
    def one(job_id: str, caller: Reads) -> Response:
        """One job; its words for who may add jobs."""
        job = known(jobs, job_id)
        return page("job.html", caller, job=job, words=_words(job, caller))

    @router.get("/jobs/{job_id}/now", response_model=None)
    def now(job_id: str, caller: Reads) -> Response:
        """How far it is."""
        values = {"state_said": state_said, "open": OPEN, "cancels": may(caller.principal.role, "jobs.write")}
        return page("job_now.html", caller, job=known(jobs, job_id), **values)

    @router.post("/jobs/{job_id}/cancel", response_model=None)
    def cancel(job_id: str, caller: Annotated[Caller, require("jobs.write")]) -> Response:
        """End it."""
        jobs.cancel(known(jobs, job_id).id)
        caller.note(job=job_id)
        return RedirectResponse(f"/jobs/{job_id}", 303)


def _words(job: Job, caller: Caller) -> str:
    return " ".join(job.words) if may(caller.principal.role, "jobs.write") else ""


PAGE = Page("/jobs", "jobs.read", "Jobs", "作业", 60, add)
