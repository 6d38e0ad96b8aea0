"""Values that follow from others when a chart does not give them: eGFR, creatinine clearance, body mass index.

eGFR and clearance are those of `rules.kidney`, the eGFR of adults under 90; body mass index: kg over the square of m.
"""

from __future__ import annotations

from bedside.rules.kidney import clearance, egfr
from bedside.trials.matching.fact import Fact, Facts
from bedside.trials.matching.values import Interval
from bedside.trials.matching.vocabulary import Vocabulary


def derived(name: str, facts: Facts, words: Vocabulary) -> tuple[Interval, list[Fact]] | None:
    """The value and the facts that it is worked out from; None where one of them is missing."""
    if name == "body mass index":
        weight, height = _latest("body weight", facts, words), _latest("body height", facts, words)
        if weight and height and height[0] > 0:
            value = weight[0] / (height[0] / 100) ** 2
            return Interval(value, value), [weight[1], height[1]]
        return None
    creatinine, age = _latest("creatinine", facts, words), facts.age
    if creatinine is None or age is None or age[0] < 18 or age[0] >= 90 or not facts.sex:
        return None
    female = facts.sex == "female"
    if name == "eGFR":
        ends = sorted(egfr(creatinine[0], years, female=female) for years in age)
        return Interval(ends[0], ends[1]), [creatinine[1]]
    weight = _latest("body weight", facts, words)
    if name == "creatinine clearance" and weight:
        ends = sorted(clearance(creatinine[0], years, weight[0], female=female) for years in age)
        return Interval(ends[0], ends[1]), [creatinine[1], weight[1]]
    return None


def _latest(name: str, facts: Facts, words: Vocabulary) -> tuple[float, Fact] | None:
    found = [one for one in facts.own.get(words.number("measurement", name), ()) if one.value is not None]
    known = [one for one in found if one.value is not None and one.value.low == one.value.high]
    if not known:
        return None
    last = min(reversed(known), key=lambda one: float("inf") if one.days is None else one.days)
    assert last.value is not None
    return last.value.low, last
