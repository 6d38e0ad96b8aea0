"""By outcomes told: is a model still right, still calibrated, and as right for one group of patients as for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bedside.clinic.watch.alerts import Signal
from bedside.clinic.watch.answers import Rows
from bedside.clinic.watch.checks._base import DAY_HOURS, SEED, Found, Ground
from bedside.clinic.watch.points import Point
from bedside.clinic.watch.tallies import HOUR_S
from bedside.deid._evaluate import wilson
from bedside.drift.compare import ALPHA
from bedside.drift.groups import holm
from bedside.drift.outcomes import Outcome, outcomes
from bedside.drift.turns import answer_of
from bedside.types import Estimate

LOWER_IS_BETTER = ("brier", "ece")
WINDOWS = 4
"""Outcomes come late: they are compared over so many windows of the answers."""
SMALLEST_GROUP = 20


@dataclass(frozen=True, slots=True)
class Group:
    """How often answers were right for one group of patients, and for all others."""

    name: str
    right: int
    n: int
    others_right: int
    others: int


def look(ground: Ground, now: float) -> Found:
    """Every version that answered in the last windows and has outcomes."""
    settings = ground.settings
    start = int(now // HOUR_S) - WINDOWS * settings.window_days * DAY_HOURS
    signals: list[Signal] = []
    points: list[Point] = []
    looked = 0
    for model, version in ground.answers.models(start):
        after = ground.answers.since(model, version, start, settings.most_rows, known=True)
        before = ground.answers.first(model, version, settings.most_rows, known=True, before=start)
        looked += len(after)
        if len(after) < settings.least_rows:
            continue
        groups = list(groups_of(after))
        points += _group_points(model, groups)
        signals += _worse_groups(model, groups)
        if len(before) >= settings.least_rows:
            for one in outcomes(before.part(), after.part(), seed=SEED):
                points += _point(model, one)
                signals += _worse(model, one, len(after))
    return Found(signals, points, {"outcomes": looked})


def groups_of(rows: Rows) -> Iterator[Group]:
    """Each group of each kind that is large enough, beside those of its kind that are not in it."""
    part = rows.part()
    right = [answer_of(part, row) == part.truths[row] for row in range(part.n)]
    for kind, values in rows.groups().items():
        told = [row for row in range(part.n) if values[row]]
        for value in sorted({values[row] for row in told}):
            mine = [right[row] for row in told if values[row] == value]
            rest = [right[row] for row in told if values[row] != value]
            if min(len(mine), len(rest)) >= SMALLEST_GROUP:
                yield Group(f"{kind}={value}", sum(mine), len(mine), sum(rest), len(rest))


def _worse_groups(model: str, groups: list[Group]) -> Iterator[Signal]:
    """The groups for which it is right less often than for the others, by Fisher's exact test, corrected (Holm)."""
    from scipy.stats import fisher_exact

    tables = [[[one.right, one.n - one.right], [one.others_right, one.others - one.others_right]] for one in groups]
    ps = holm([float(fisher_exact(table, alternative="less").pvalue) for table in tables])
    for one, p in zip(groups, ps, strict=True):
        if p < ALPHA:
            detail: dict[str, str | float] = {
                "now": _share(one.right, one.n),
                "others": _share(one.others_right, one.others),
                "p": round(p, 4),
                "n": one.n,
            }
            yield Signal(code="group_worse", level="warning", subject=f"{model} {one.name}", detail=detail)


def _group_points(model: str, groups: list[Group]) -> Iterator[Point]:
    for one in groups:
        figure = wilson(one.right, one.n, one.n)
        if isinstance(figure, Estimate):
            yield Point(f"group/{model}/{one.name}", figure.value, one.n, figure.low, figure.high)


def _point(model: str, one: Outcome) -> Iterator[Point]:
    if isinstance(one.current, Estimate):
        figure = one.current
        yield Point(f"outcome/{model}/{one.name}", figure.value, figure.n, figure.low, figure.high)


def _worse(model: str, one: Outcome, n: int) -> Iterator[Signal]:
    """A figure that is worse than at first by more than chance would make it."""
    if one.p is None or one.p >= ALPHA or not isinstance(one.difference, Estimate):
        return
    assert isinstance(one.reference, Estimate)
    assert isinstance(one.current, Estimate)
    if (one.difference.value > 0) == (one.name in LOWER_IS_BETTER):
        detail: dict[str, str | float] = {
            "figure": one.name,
            "before": round(one.reference.value, 3),
            "now": round(one.current.value, 3),
            "p": round(one.p, 4),
            "n": n,
        }
        yield Signal(code="worse", level="critical", subject=f"{model} {one.name}", detail=detail)


def _share(right: int, n: int) -> str:
    return f"{right}/{n}"
