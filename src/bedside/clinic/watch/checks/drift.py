"""Is what a model meets and answers still what it was at first: labels, confidence, lengths, languages, abstentions.

The reference is the version's own first answers, so that slow drift is seen too; a new version starts anew.
"""

from __future__ import annotations

from bedside.clinic.watch.alerts import Signal
from bedside.clinic.watch.checks._base import DAY_HOURS, SEED, Found, Ground
from bedside.clinic.watch.points import Point
from bedside.clinic.watch.tallies import HOUR_S
from bedside.drift.compare import Watched, compare


def look(ground: Ground, now: float) -> Found:
    """Every version that answered in the window, beside its own beginning."""
    settings = ground.settings
    start = int(now // HOUR_S) - settings.window_days * DAY_HOURS
    signals: list[Signal] = []
    points: list[Point] = []
    compared = 0
    for model, version in ground.answers.models(start):
        before = ground.answers.first(model, version, settings.most_rows, before=start)
        after = ground.answers.since(model, version, start, settings.most_rows)
        if min(len(before), len(after)) < settings.least_rows:
            continue
        compared += 1
        for one in compare(before.part(), after.part(), seed=SEED).watched:
            points += _point(model, one, len(after))
            signals += _signal(model, one)
    return Found(signals, points, {"models": compared})


def _point(model: str, one: Watched, n: int) -> list[Point]:
    return [Point(f"drift/{model}/{one.name}", one.shift.index, n, 0.0, one.shift.by_chance)] if one.shift else []


def _signal(model: str, one: Watched) -> list[Signal]:
    if one.level != "drifted" or one.shift is None:
        return []
    detail: dict[str, str | float] = {
        "column": one.name,
        "psi": round(one.shift.index, 3),
        "by_chance": round(one.shift.by_chance, 3),
        "p": round(one.p, 4),
    }
    return [Signal(code="drifted", level="warning", subject=f"{model} {one.name}", detail=detail)]
