"""A table of studies: the effect of each by its counts, means or stated limits, and what they come to together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.trials.results.effects import RATIOS, Effect, Measure, means, stated, two_by_two
from bedside.trials.results.plan import Analysis, Plan, Row, labels_of, number
from bedside.trials.results.pooling import Pooled, egger, fixed, leave_one_out, mantel_haenszel, random
from bedside.trials.results.subgroups import compare

Pool = Callable[[Sequence[Effect]], Pooled]
_COUNTS = ("events_treated", "n_treated", "events_control", "n_control")


def pool_studies(table: Sequence[Row], columns: dict[str, str], kind: str, plan: Plan) -> Analysis:
    """The effect of each study, all as one, without each in turn, by subgroups; rows that say nothing are told."""
    effects: list[Effect] = []
    counts: list[tuple[tuple[float, float], tuple[float, float]]] = []
    left: list[tuple[str, str]] = []
    groups: dict[str, list[str]] = {name: [] for name in plan.subgroups}
    for place, row in table:
        try:
            effects.append(_of_study(row, columns, kind, plan))
        except DataError as fault:
            left.append((place, fault.what))
            continue
        if kind == "counts":
            a, n1, c, n2 = (number(row, columns, one) for one in _COUNTS)
            counts.append(((a, n1), (c, n2)))
        for name, values in groups.items():
            values.append(str(row.get(name, "")).strip())
    if len(effects) < 2:
        return Analysis(kind=kind, effects=tuple(effects), left_out=tuple(left))
    pools: list[Pool] = [fixed] if plan.model != "random" else []
    pools += [lambda some: random(some, plan.tau, hartung_knapp=plan.hartung_knapp)] if plan.model != "fixed" else []
    exact = mantel_haenszel(counts, effects[0].measure) if counts and effects[0].measure in ("RR", "OR") else None
    return Analysis(
        kind=kind,
        effects=tuple(effects),
        pooled=tuple(pool(effects) for pool in pools),
        without_each=tuple(leave_one_out(effects, pools[-1])) if len(effects) > 2 else (),
        asymmetry_p=egger(effects),
        exact=exact,
        subgroups=tuple(
            compare(name, [(label, _pooled_of(effects, labels, label, pools[-1])) for label in labels_of(labels)])
            for name, labels in groups.items()
        ),
        left_out=tuple(left),
    )


def _of_study(row: Mapping[str, Any], columns: dict[str, str], kind: str, plan: Plan) -> Effect:
    study = str(row.get(columns["study"], "")).strip()
    if kind == "counts":
        a, n1, c, n2 = (number(row, columns, one) for one in _COUNTS)
        return two_by_two((a, n1), (c, n2), plan.measure or "RR", study=study)
    if kind == "means":
        names = ("mean_treated", "sd_treated", "n_treated", "mean_control", "sd_control", "n_control")
        m1, s1, n1, m2, s2, n2 = (number(row, columns, one) for one in names)
        return means((m1, s1, n1), (m2, s2, n2), plan.measure or "MD", study=study)
    measure = plan.measure or _measure(row, columns)
    value, low, high = (number(row, columns, one) for one in ("effect", "low", "high"))
    n = int(number(row, columns, "n")) if "n" in columns and row.get(columns["n"]) not in (None, "") else 0
    return stated(measure, value, low, high, n=n, study=study)


def _measure(row: Mapping[str, Any], columns: dict[str, str]) -> Measure:
    """By the column of measures, or the name of the effect's own column (hr, or, rr)."""
    said = str(row.get(columns["measure"], "")) if "measure" in columns else columns["effect"]
    said = said.strip().upper()
    if said not in (*RATIOS, "RD", "MD", "SMD"):
        raise UsageError(
            tr("say what the effects are", "请指定效应指标"), value=said, allowed=["RR", "OR", "RD", "HR", "MD", "SMD"],
            next="--measure HR",
        )  # fmt: skip
    return said  # type: ignore[return-value]


def _pooled_of(effects: Sequence[Effect], labels: Sequence[str], label: str, pool: Pool) -> Effect:
    own = [one for one, said in zip(effects, labels, strict=True) if said == label]
    return pool(own).effect if len(own) > 1 else own[0]
