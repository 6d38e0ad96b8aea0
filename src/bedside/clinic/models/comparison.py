"""A job that measures a version of a model beside the live one, for its gates and as a report to read."""

from __future__ import annotations

from pathlib import Path

from bedside.clinic.jobs.jobs import Job, Jobs
from bedside.clinic.jobs.verbs import MODELS, WORK
from bedside.clinic.models.registry import Models
from bedside.clinic.models.versions import Version


def queue_comparison(jobs: Jobs, models: Models, one: Version, rows: str, *, by: str) -> Job:
    """Queue `evaluate --against`; its measurement is filed for the gates when it is done, and promotes nothing.

    `rows` is a labelled table below `work` that neither version was fitted on.

    >>> queue_comparison(clinic.jobs, clinic.models, one, "test.csv", by=user.id)  # doctest: +SKIP
    Job(id='j1f0c...', verb='evaluate', state='queued', ...)
    """
    live = models.live(one.name)
    words = [_folder(one), rows, "--report", _report(one), "--no-texts"]
    if live is not None:
        words += ["--against", _folder(live)]
    then = {"gate": [one.name, one.version, live.version if live else 0]}
    return jobs.add("evaluate", words, by=by, then=then)


def report_of(data: Path, one: Version) -> Path:
    """Where the report of a version's last comparison lies, without texts; there may be none."""
    return data / WORK / _report(one)


def _folder(one: Version) -> str:
    return f"{MODELS}/{one.name}/{one.version}"


def _report(one: Version) -> str:
    return f"reports/{one.name}-{one.version}.html"
