"""A measured value or a score against a bound: the latest in the window, in one unit or in multiples of normal."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.lang import tr
from bedside.phenotypes._ranges import ranges
from bedside.phenotypes.units import in_unit, measure
from bedside.trials.criterion import Condition
from bedside.trials.matching.derived import derived
from bedside.trials.matching.fact import Fact, Facts
from bedside.trials.matching.found import Found, Rules, Truth, evidence_of
from bedside.trials.matching.look_said import look_said
from bedside.trials.matching.values import INFINITE, Interval
from bedside.trials.matching.vocabulary import Vocabulary

LASTS = frozenset(["body height", "TNM stage", "Gleason", "Kellgren-Lawrence"])
"""What does not change with the years, or not by itself."""
_PUGH = {1.0: (5.0, 6.0), 2.0: (7.0, 9.0), 3.0: (10.0, 15.0)}


def look_measured(condition: Condition, facts: Facts, words: Vocabulary, rules: Rules, text: str) -> Found:
    """Whether the latest value meets the condition's bounds."""
    wanted = words.of(condition)
    if condition.op in ("present", "absent"):
        return look_said(condition, facts, words, rules, text)
    values = [one for one in facts.own.get(wanted, ()) if one.value is not None]
    if not values:
        return _worked_out(condition, wanted, facts, words)
    latest = _latest(values)
    value = _compared_value(condition, wanted, latest, facts, words)
    bounds = _bounds(condition, wanted, words)
    if value is None or bounds is None:
        return Found(evidence=evidence_of([latest], "open"), note=_why(value, condition))
    truth = _within(value, condition, bounds)
    limit = condition.within_days if condition.within_days is not None else rules.recent_days
    old = latest.days is not None and latest.days > limit and words.things[wanted].name not in LASTS
    if old or (latest.days is None and condition.within_days is not None):
        note = (
            tr("the latest value is too old", "最近一次结果过旧") if old else tr("the value is not dated", "结果无日期")
        )
        return Found(lean=truth, evidence=evidence_of([latest], "open"), note=note)
    if truth is None:
        return Found(evidence=evidence_of([latest], "open"), note=tr("the value does not decide", "该结果不足以判定"))
    return Found(truth=truth, evidence=evidence_of([latest], "for" if truth else "against"))


def _latest(values: Sequence[Fact]) -> Fact:
    """The last of the latest day; an undated one is older than any dated one."""
    return min(reversed(values), key=lambda one: INFINITE if one.days is None else one.days)


def _worked_out(condition: Condition, wanted: int, facts: Facts, words: Vocabulary) -> Found:
    name = words.things[wanted].name
    found = derived(name, facts, words) if not condition.times else None
    bounds = _bounds(condition, wanted, words)
    if found is None or bounds is None:
        return Found(none_found=True)
    value, behind = found
    truth = _within(value, condition, bounds)
    said = f"{value.low:.4g}"
    note = tr(f"worked out: {name} {said}", f"推算值：{name} {said}")
    return Found(truth=truth, evidence=evidence_of(behind, "for" if truth else "against"), note=note)


def _compared_value(condition: Condition, wanted: int, fact: Fact, facts: Facts, words: Vocabulary) -> Interval | None:
    """The value as the bound is told: in the own unit, or in multiples of a limit of normal."""
    if not condition.times:
        return fact.value
    if condition.times == "ULN" and fact.over is not None:
        return fact.over
    if condition.times == "LLN" and fact.under is not None:
        return fact.under
    analyte = words.analytes.get(wanted)
    limits = _normal(analyte.quantity, condition.times, facts) if analyte and analyte.quantity else ()
    if not limits or fact.value is None:
        return None
    ends = [part / limit for part in fact.value for limit in limits]
    return Interval(min(ends), max(ends))


def _normal(quantity: str, times: str, facts: Facts) -> tuple[float, ...]:
    """The limits of normal at the patient's age and sex; both sexes' where it is not known."""
    age = facts.age[0] if facts.age else 30.0
    fits = [row for row in ranges() if row.quantity == quantity and row.age_from <= age < row.age_to]
    fits = [row for row in fits if row.sex in ("", facts.sex) or not facts.sex]
    found = [row.high if times == "ULN" else row.low for row in fits]
    return tuple(one for one in found if one) if all(found) else ()


def _bounds(condition: Condition, wanted: int, words: Vocabulary) -> Interval | None:
    """The condition's bounds in the thing's own unit; None where the unit does not fit."""
    low, high = limits_of(condition)
    analyte = words.analytes.get(wanted)
    if words.things[wanted].name == "Child-Pugh" and all(abs(one) == INFINITE or one in _PUGH for one in (low, high)):
        return Interval(_PUGH[low][0] if low in _PUGH else low, _PUGH[high][1] if high in _PUGH else high)
    if analyte is None or condition.times or not analyte.unit:
        return Interval(low, high)
    unit = condition.unit
    if not unit:
        kind = measure(analyte.unit)
        return Interval(low, high) if kind and kind[0] not in ("mass", "amount", "count") else None
    ends = [
        one if abs(one) == INFINITE else in_unit(one, unit, analyte.unit, analyte.molar_mass) for one in (low, high)
    ]
    return None if ends[0] is None or ends[1] is None else Interval(ends[0], ends[1])


def limits_of(condition: Condition) -> Interval:
    """The bounds as numbers, whichever of the two fields a one-sided bound was given in."""
    low, high = condition.low, condition.high
    if condition.op in ("<", "<=") and high is None:
        low, high = None, low
    if condition.op in (">", ">=") and low is None:
        low, high = high, None
    return Interval(-INFINITE if low is None else low, INFINITE if high is None else high)


def _within(value: Interval, condition: Condition, bounds: Interval) -> Truth:
    """Whether all, none or some of what the value can be lies within the bounds.

    >>> condition = Condition(kind="measurement", concept="eGFR", op="<", start=0, end=4, high=30.0)
    >>> [_within(Interval(v, v), condition, Interval(-INFINITE, 30.0)) for v in (29.0, 30.0, 31.0)]
    [True, False, False]
    """
    low = bounds.low + _margin(bounds.low) * (1 if condition.op == ">" else -1)
    high = bounds.high + _margin(bounds.high) * (-1 if condition.op == "<" else 1)
    if value.low >= low and value.high <= high:
        return True
    return False if value.high < low or value.low > high else None


def _margin(bound: float) -> float:
    """So little that only a value which is the bound itself is moved by it."""
    return 0.0 if abs(bound) == INFINITE else 1e-9 * max(1.0, abs(bound))


def _why(value: Interval | None, condition: Condition) -> str:
    if value is None:
        return tr(f"no {condition.times} is known for it", f"缺少该项目的参考限（{condition.times}）")
    return tr("the units do not fit", "单位无法换算")
