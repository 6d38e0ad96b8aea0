"""How jobs are shown: as a table, and one in full."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedside.commands._io import emit_json, say, table
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.clinic.jobs.jobs import Job


def print_jobs(jobs: list[Job]) -> None:
    """A line a job."""
    from bedside.clinic.jobs.words import state_said

    head = ("id", tr("verb", "命令"), tr("state", "状态"), tr("progress", "进度"), tr("since", "时间"))
    rows = [(job.id, job.verb, state_said(job), _progress(job), _time(job.ended or job.created)) for job in jobs]
    table(tr("Jobs", "作业"), head, rows)


def print_job(job: Job) -> None:
    """One, with what it was told and what it gave."""
    from bedside.clinic.jobs.words import state_said

    say(f"bedside {job.verb} {' '.join(job.words)}")
    say(f"{state_said(job)}  {_progress(job)}".rstrip())
    if job.result:
        emit_json(job.result)


def _progress(job: Job) -> str:
    if not job.step.total:
        return job.step.name
    return f"{job.step.share:.0%} {job.step.name}".rstrip()


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
