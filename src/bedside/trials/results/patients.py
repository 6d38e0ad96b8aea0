"""A table of patients in two arms: their effect, survival curves, and the effect in subgroups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.trials.results.curves import hazard_ratio, kaplan_meier, log_rank
from bedside.trials.results.effects import Effect, means, two_by_two
from bedside.trials.results.plan import Analysis, Plan, Row, labels_of, number
from bedside.trials.results.subgroups import compare

_CONTROL = ("control", "placebo", "usual", "standard", "sham", "soc", "0", "对照", "安慰剂", "常规", "标准")
_YES = frozenset(("1", "1.0", "true", "yes", "y", "是", "有", "dead", "died", "event", "死亡"))
_NO = frozenset(("0", "0.0", "false", "no", "n", "否", "无", "alive", "censored", "存活", "删失"))


def compare_arms(table: Sequence[Row], columns: dict[str, str], kind: str, plan: Plan) -> Analysis:
    """Two arms compared: survival curves and a hazard ratio, or a ratio of risks, or a difference of means."""
    left: list[tuple[str, str]] = []
    kept: list[tuple[str, float, float, Mapping[str, Any]]] = []
    for place, row in table:
        try:
            arm = str(row.get(columns["arm"], "")).strip()
            if not arm:
                raise DataError(tr("no arm", "缺少组别"))
            value = number(row, columns, "time") if kind == "times" else _outcome(row, columns)
            if kind == "times" and value < 0:
                raise DataError(tr("a time before 0", "时间小于 0"))
            kept.append((arm, value, _event(row, columns) if kind == "times" else 0.0, row))
        except DataError as fault:
            left.append((place, fault.what))
    arms = list(dict.fromkeys(one[0] for one in kept))
    if len(arms) != 2:
        raise DataError(tr("two arms are compared", "须为两组比较"), value=", ".join(arms), next="--column arm=COLUMN")
    control = _control(arms, plan.control)
    treated = next(one for one in arms if one != control)
    effect = _compared(kept, treated, kind, plan)
    made: dict[str, Any] = {}
    if kind == "times":
        own = [_arrays([one for one in kept if one[0] == arm]) for arm in (treated, control)]
        pairs = zip(own, (treated, control), strict=True)
        made["curves"] = tuple(kaplan_meier(times, events, name) for (times, events), name in pairs)
        made["log_rank"] = log_rank(own)
    tables = []
    for name in plan.subgroups:
        labels = labels_of(str(one[3].get(name, "")).strip() for one in kept)
        parts = [(label, [one for one in kept if str(one[3].get(name, "")).strip() == label]) for label in labels]
        tables.append(compare(name, [(label, _or_none(part, treated, kind, plan)) for label, part in parts]))
    return Analysis(
        kind=kind, effects=(effect,), subgroups=tuple(tables), left_out=tuple(left), treated=treated, control=control,
        **made,
    )  # fmt: skip


def _or_none(rows: Sequence[Any], treated: str, kind: str, plan: Plan) -> Effect | None:
    try:
        return _compared(rows, treated, kind, plan)
    except DataError:
        return None


def _compared(rows: Sequence[Any], treated: str, kind: str, plan: Plan) -> Effect:
    one = np.array([row[0] == treated for row in rows], float)
    if kind == "times":
        return hazard_ratio(*_arrays(rows), one)
    values = np.array([row[1] for row in rows])
    sides = [values[one == side] for side in (1, 0)]
    if set(np.unique(values)) <= {0.0, 1.0}:
        (a, n1), (c, n2) = ((float(side.sum()), len(side)) for side in sides)
        return two_by_two((a, n1), (c, n2), plan.measure or "RR")
    if min(map(len, sides)) < 2:
        raise DataError(tr("two patients an arm at least are needed", "每组至少 2 人"))
    first, second = ((float(side.mean()), float(side.std(ddof=1)), len(side)) for side in sides)
    return means(first, second, plan.measure or "MD")


def _arrays(rows: Sequence[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([row[1] for row in rows], float), np.array([row[2] for row in rows], float)


def _control(arms: Sequence[str], named: str) -> str:
    if named:
        if named not in arms:
            raise UsageError(tr("no such arm", "没有该组别"), where="--control", value=named, allowed=arms)
        return named
    told = [
        arm for arm in arms if any(word == arm.lower() or (len(word) > 1 and word in arm.lower()) for word in _CONTROL)
    ]
    if len(told) != 1:
        raise UsageError(
            tr("which arm is the control?", "哪一组是对照？"), value=", ".join(arms), next=f"--control '{arms[-1]}'"
        )
    return told[0]


def _yes_no(said: str) -> float | None:
    return 1.0 if said in _YES else 0.0 if said in _NO else None


def _event(row: Mapping[str, Any], columns: dict[str, str]) -> float:
    found = _yes_no(str(row.get(columns["event"], "")).strip().lower())
    if found is None:
        raise DataError(tr("event is neither 1 nor 0", "事件须为 1 或 0"))
    return found


def _outcome(row: Mapping[str, Any], columns: dict[str, str]) -> float:
    found = _yes_no(str(row.get(columns["outcome"], "")).strip().lower())
    return number(row, columns, "outcome") if found is None else found
