"""How far a run is, told to whoever started it: what it is doing, so many of so many; never a text of a chart.

A run is told where to say so by the variable `BEDSIDE_STEPS`, a file; without it nothing is written.
"""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "BEDSIDE_STEPS"
BYTES = 160
EVERY_S = 0.2
_WORDS = re.compile(r"[\w /]{0,32}")


@dataclass(frozen=True, slots=True)
class Step:
    """What a run is doing, and how far it is with it; `total` 0 where nobody knows how much there is.

    >>> Step("fitting", 3, 12).share, Step("reading", 3, 0).share
    (0.25, 0.0)
    """

    name: str = ""
    done: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """The part that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


class Teller:
    """Says one step to the file that was named, five times a second at most, and its end always."""

    def __init__(self, name: str, total: float | None) -> None:
        self._name = name if _WORDS.fullmatch(name) else ""
        self._done, self._total, self._said = 0.0, total or 0.0, -EVERY_S
        self._place = os.environ.get(VARIABLE, "")
        self.advance(0)

    def advance(self, amount: float) -> None:
        """So much more is done."""
        self._done += amount
        now = time.monotonic()
        if self._place and (now - self._said >= EVERY_S or 0 < self._total <= self._done):
            self._said = now
            tell(Path(self._place), Step(self._name, int(self._done), int(self._total)))


def tell(place: Path, step: Step) -> None:
    """Write a step over the one before, in one write; a file that cannot be written stops no run."""
    said = json.dumps([step.name, step.done, step.total]).encode().ljust(BYTES)
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(handle, said, 0)
        finally:
            os.close(handle)
    except OSError:
        return


def told(place: Path) -> Step:
    """The step in a file; an empty one where none was told yet.

    >>> told(Path("no-such-file"))
    Step(name='', done=0, total=0)
    """
    try:
        name, done, total = json.loads(place.read_bytes())
    except (OSError, ValueError, TypeError):
        return Step()
    right = isinstance(name, str) and _WORDS.fullmatch(name) and type(done) is int and type(total) is int
    return Step(name, done, total) if right else Step()
