"""Is what a model meets and answers still what it was at first: labels, chances, lengths, languages, abstentions.

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
    series = f"drift/{model}/{one.name}"
    if one.shift is None:
        return [Point(series, one.distance.value, n)] if one.distance else []
    return [Point(series, one.shift.index, n, 0.0, one.shift.by_chance)]


def _signal(model: str, one: Watched) -> list[Signal]:
    if one.level != "drifted":
        return []
    detail: dict[str, str | float] = {"column": one.name, "p": round(one.p, 4)}
    if one.shift:
        detail |= {"psi": round(one.shift.index, 3), "by_chance": round(one.shift.by_chance, 3)}
    if one.distance:
        detail |= {"mmd": round(one.distance.value, 4)}
    code = "drifted" if one.shift else "drifted_together"
    return [Signal(code=code, level="warning", subject=f"{model} {one.name}", detail=detail)]
