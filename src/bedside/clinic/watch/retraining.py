"""The live models, what people have decided of their answers since, and the jobs that work on both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.clinic.jobs import Jobs
from bedside.files import whole_file
from bedside.review import Queue, examples

WATCH = "watch"
"""Who adds these jobs, in the list of jobs."""
KEPT_RESULTS = 200


@dataclass(frozen=True, slots=True)
class Live:
    """A version that answers now; `folder` is where jobs find it, below the data folder."""

    name: str
    version: int

    @property
    def folder(self) -> str:
        """As the words of a job name it.

        >>> Live("triage", 3).folder
        'models/triage/3'
        """
        return f"models/{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a queued measurement gave, and when (seconds since 1970): figures with value, low, high and n."""

    model: str
    at: float
    metrics: Mapping[str, Any]


@dataclass(frozen=True)
class Retraining:
    """`live` tells which versions answer now; rows are written below `data/work`, for the owner alone."""

    live: Callable[[], Sequence[Live]]
    jobs: Jobs
    review: Path
    data: Path

    def labelled(self, model: str, purpose: str, least: int) -> str | None:
        """The file of the decided rows of a model, for a job; None where there are few, or none that is new."""
        if not self.review.exists():
            return None
        with Queue(self.review) as queue:
            rows = examples(queue, model=model).rows
        if len(rows) < least:
            return None
        written = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        name = f"{WATCH}/{purpose}-{model}-{hashlib.sha256(written.encode()).hexdigest()[:12]}.jsonl"
        path = self.data / "work" / name
        if path.exists():
            return None
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(path) as out:
            out.write(written)
        return name

    def queue(self, verb: str, words: Sequence[str], then: Mapping[str, Any] | None = None) -> str:
        """Add a job, and return its id."""
        return self.jobs.add(verb, words, by=WATCH, then=then).id

    def measured(self) -> Iterator[Measured]:
        """What the measurements queued here have given; each comes again until it is forgotten."""
        for job in self.jobs.all(limit=KEPT_RESULTS):
            if job.user_id == WATCH and job.verb == "evaluate" and job.result and job.ended and job.words:
                yield Measured(job.words[0].split("/")[1], job.ended, job.result.get("metrics", {}))
