"""The live models, what people have decided of their answers since, and the jobs that work on both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bedside.clinic.jobs.jobs import Jobs
from bedside.files import whole_file
from bedside.review import Queue, examples

WATCH = "watch"
"""Who adds these jobs, in the list of jobs."""
KEPT_RESULTS = 200
DRAWN = "sampled"
"""Why an answer was sent to be read: by chance, and so like all others."""


@dataclass(frozen=True, slots=True)
class Live:
    """A version that answers now, and since when it is there; `folder` is where jobs find it, below the data folder."""

    name: str
    version: int
    created: float = 0.0

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

    def corrected(self, live: Live, least: int) -> str | None:
        """The file of all that was decided of a model, to learn from; None where that is little, or not new."""
        return self._written(live, "update", least, lambda row: True)

    def unseen(self, live: Live, least: int) -> str | None:
        """The file of the answers drawn by chance and decided since the version was made, to measure it on.

        It learnt from none of these; what was sent to be read for its doubts would make it look worse than it is.
        """

        def fair(row: dict[str, Any]) -> bool:
            decided = datetime.fromisoformat(row["review"]["at"]).timestamp()
            return row["review"]["why"] == DRAWN and decided > live.created

        return self._written(live, "evaluate", least, fair)

    def _written(self, live: Live, purpose: str, least: int, fit: Callable[[dict[str, Any]], bool]) -> str | None:
        if not self.review.exists():
            return None
        with Queue(self.review) as queue:
            rows = [row for row in examples(queue, model=live.name).rows if fit(row)]
        if len(rows) < least:
            return None
        written = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        name = f"{WATCH}/{purpose}-{live.name}-{hashlib.sha256(written.encode()).hexdigest()[:12]}.jsonl"
        path = self.data / "work" / name
        if path.exists():
            return None
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(path) as out:
            out.write(written)
        return name

    def queue(self, verb: str, live: Live, rows: str, *more: str, then: Mapping[str, Any] | None = None) -> str:
        """Add a job over a live model and a file of rows, and return its id; rows that were not queued are not kept."""
        try:
            return self.jobs.add(verb, [live.folder, rows, *more], by=WATCH, then=then).id
        except BaseException:
            (self.data / "work" / rows).unlink()
            raise

    def measured(self) -> Iterator[Measured]:
        """What the measurements queued here have given; each comes again until it is forgotten."""
        for job in self.jobs.all(limit=KEPT_RESULTS):
            if job.user_id == WATCH and job.verb == "evaluate" and job.result and job.ended and job.words:
                yield Measured(job.words[0].split("/")[1], job.ended, job.result.get("metrics", {}))
