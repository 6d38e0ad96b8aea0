"""A file of trials that grows: of one id the newest version stays; what did not change is not read again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from bedside.files import whole_file
from bedside.trials.trial import Trial, read_trials, trial_to_json


@dataclass(slots=True)
class Counts:
    """What came of the trials that were read."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0


@dataclass(slots=True)
class Store:
    """Trials by id, in a file without a name until they are written; only their places are held in memory."""

    out: Path
    counts: Counts = field(default_factory=Counts)
    _places: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    _file: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=self.out.parent)  # noqa: SIM115
        if self.out.exists() and self.out.stat().st_size:
            for trial in read_trials(self.out):
                self._keep(trial)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, trial: Trial, parse: Callable[[Trial], Trial]) -> Trial:
        """Take in a trial unless a newer one is there; `parse` reads its criteria, where it must be read at all.

        Returns the trial that stays.
        """
        known = self._places.get(trial.id)
        if known is None:
            self.counts.new += 1
        elif trial.version and known[2] and trial.version < known[2]:
            self.counts.older += 1
            return self._at(trial.id)
        else:
            there = self._at(trial.id)
            if there.eligibility == trial.eligibility and _same(there, trial):
                self.counts.unchanged += 1
                return there
            self.counts.updated += 1
        whole = parse(trial)
        self._keep(whole)
        return whole

    def write(self) -> int:
        """Write the trials, in the order in which their ids first came; returns how many."""
        with whole_file(self.out) as out:
            for id in self._places:
                out.write(json.dumps(trial_to_json(self._at(id)), ensure_ascii=False) + "\n")
        return len(self._places)

    def _keep(self, trial: Trial) -> None:
        line = json.dumps(trial_to_json(trial), ensure_ascii=False).encode("utf-8", "surrogatepass")
        start = self._file.seek(0, 2)
        self._file.write(line)
        self._places[trial.id] = (start, len(line), trial.version)

    def _at(self, id: str) -> Trial:
        from bedside.trials.trial import trial_from_json

        start, size, _ = self._places[id]
        self._file.seek(start)
        return trial_from_json(json.loads(self._file.read(size)))


def _same(one: Trial, other: Trial) -> bool:
    """Whether two records of a trial say the same, their criteria aside."""
    first, second = trial_to_json(one), trial_to_json(other)
    return {**first, "criteria": None} == {**second, "criteria": None}


def trials_of(path: Path) -> Iterator[Trial]:
    """The trials of a file to match against: one that was imported, or any file that could be."""
    from bedside.formats._base import Problem
    from bedside.trials.reading import read

    for one in read(path):
        if not isinstance(one, Problem):
            yield one
