"""Values that follow from others when a chart does not give them: eGFR, creatinine clearance, body mass index.

eGFR: CKD-EPI 2021, adults (Inker LA et al. N Engl J Med 2021;385:1737-49). Creatinine clearance: Cockcroft DW, Gault
MH. Nephron 1976;16:31-41. Body mass index: kg over the square of m.
"""

from __future__ import annotations

from bedside.trials._fact import Fact, Facts
from bedside.trials.values import Interval
from bedside.trials.vocabulary import Vocabulary

UMOL_PER_MG_DL = 88.4


def egfr(creatinine_umol_l: float, age_years: float, *, female: bool) -> float:
    """mL/min/1.73 m2 of an adult, by CKD-EPI 2021.

    >>> round(egfr(88.4, 50, female=False)), round(egfr(88.4, 50, female=True))
    (92, 69)
    """
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine_umol_l / UMOL_PER_MG_DL / kappa
    value = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age_years
    return float(value * (1.012 if female else 1.0))


def clearance(creatinine_umol_l: float, age_years: float, weight_kg: float, *, female: bool) -> float:
    """mL/min by Cockcroft and Gault.

    >>> round(clearance(88.4, 40, 72, female=False))
    100
    """
    value = (140 - age_years) * weight_kg / (72 * creatinine_umol_l / UMOL_PER_MG_DL)
    return value * (0.85 if female else 1.0)


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
