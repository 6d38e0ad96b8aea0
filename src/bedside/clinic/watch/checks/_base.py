"""What a check is given and what it gives: the kept figures in, signals and measurements out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bedside.clinic.watch.alerts import Signal
from bedside.clinic.watch.answers import Answers
from bedside.clinic.watch.points import Point
from bedside.clinic.watch.retraining import Retraining
from bedside.clinic.watch.settings import WatchSettings
from bedside.clinic.watch.tallies import Tallies

SEED = 0
DAY_HOURS = 24


@dataclass(frozen=True)
class Ground:
    """Where a check looks."""

    settings: WatchSettings
    tallies: Tallies
    answers: Answers
    retraining: Retraining
    """The live models, what people have decided of their answers, and the jobs that work on both."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: alerts to open or keep open, measurements, and what it looked at, in codes and counts."""

    signals: Sequence[Signal] = ()
    points: Sequence[Point] = ()
    detail: dict[str, str | int] = field(default_factory=dict)


Check = Callable[[Ground, float], Found]
"""Looks at the ground at a time (seconds since 1970)."""
