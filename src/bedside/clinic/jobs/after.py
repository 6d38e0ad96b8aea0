"""What follows a job that was done: its model registered as a candidate, its measurement filed for the gates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside.clinic.jobs.jobs import Job
from bedside.clinic.models.registry import Models


def after(models: Models, job: Job, result: dict[str, Any]) -> None:
    """Do what the job's `then` asks; a second time changes nothing. Nothing here promotes."""
    if name := job.then.get("register"):
        models.add(str(name), Path(job.outs[0]), by=job.user_id, reason=f"job {job.id}")
    if gate := job.then.get("gate"):
        name, version, against = gate
        models.file(str(name), int(version), int(against), result)
