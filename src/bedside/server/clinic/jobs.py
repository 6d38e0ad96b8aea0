"""/v1/jobs: background jobs to list, look at, add and cancel. What a job was told is shown to who may add one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bedside.clinic.jobs.jobs import JOB_ID, Job, Jobs, State, shown
from bedside.clinic.permissions import may
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal


class Progress(BaseModel):
    """What it is doing, and how far it is."""

    name: str
    done: int
    total: int


class JobShown(BaseModel):
    """A job in states, codes and counts; `words` and `result` for who may add jobs."""

    id: str
    verb: str
    state: str
    reason: str
    attempts: int
    stopping: bool
    step: Progress
    progress: float
    created: float
    started: float | None
    ended: float | None
    words: list[str] | None = None
    result: dict[str, Any] | None = None


class JobList(BaseModel):
    """Jobs, the newest first."""

    jobs: list[JobShown]


class NewJob(BaseModel):
    """A verb with its words; paths are relative to the folder `work` of the data. `register`: a model's name."""

    verb: str = Field(max_length=32)
    words: list[str] = Field(max_length=64)
    register_as: str = Field("", max_length=64)


def routers(context: Context) -> list[APIRouter]:
    """The jobs of this server's data."""
    router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
    jobs = context.clinic.jobs

    @router.get("")
    def listed(caller: Annotated[Caller, require("jobs.read")], state: State | None = None) -> JobList:
        """Every job, or those of one state."""
        return JobList(jobs=[JobShown(**shown(job)) for job in jobs.all(state=state or "")])

    @router.get("/{job_id}")
    def show(job_id: str, caller: Annotated[Caller, require("jobs.read")]) -> JobShown:
        """One job."""
        return _full(known(jobs, job_id), caller)

    @router.post("", status_code=201)
    def add(sent: NewJob, caller: Annotated[Caller, require("jobs.write")]) -> JobShown:
        """Queue a job; it is kept when this answers."""
        then = {"register": sent.register_as} if sent.register_as else {}
        job = jobs.add(sent.verb, sent.words, by=caller.principal.id, then=then)
        caller.note(job=job.id, verb=job.verb)
        return _full(job, caller)

    @router.post("/{job_id}/cancel")
    def cancel(job_id: str, caller: Annotated[Caller, require("jobs.write")]) -> JobShown:
        """End a job: at once where it waits, within seconds where it runs."""
        job = known(jobs, job_id)
        jobs.cancel(job.id)
        caller.note(job=job.id)
        job = known(jobs, job.id)
        return _full(job, caller)

    return [router]


def known(jobs: Jobs, id: str) -> Job:
    """The job; 404 where there is none."""
    job = jobs.get(id) if JOB_ID.fullmatch(id) else None
    if job is None:
        raise Refusal(404, "unknown_job", tr("no such job", "没有该作业"))
    return job


def _full(job: Job, caller: Caller) -> JobShown:
    if not may(caller.principal.role, "jobs.write"):
        return JobShown(**shown(job))
    return JobShown(**shown(job), words=list(job.words), result=dict(job.result) if job.result else None)
