"""What cannot be true of a figure as printed: an interval without its estimate, a p value that contradicts it, ...

Rounding is allowed for: a limit printed as 1.00 says nothing of its side, and a p value near 0.05 may come of another
test than the interval. After Bland & Altman, "How to obtain the P value from a confidence interval", BMJ 2011;343:d2304
and Nuijten et al., "The prevalence of statistical reporting errors in psychology" (statcheck), Behav Res Methods 2016.
"""

from __future__ import annotations

from math import log

from bedside.lang import tr
from bedside.literature._statistic import Statistic, measures

_SIDE = 0.01
"""How far beyond 1 - level a p value must be before it contradicts an interval."""


def flags_of(one: Statistic) -> tuple[str, ...]:
    """The names of what is wrong with a figure, none for most.

    >>> flags_of(Statistic(kind="HR", value=0.8, low=0.9, high=1.1, level=95, start=0, end=1))
    ('outside_interval',)
    >>> flags_of(Statistic(kind="HR", value=0.8, low=0.7, high=0.9, level=95, p="=0.40", start=0, end=1))
    ('p_against_interval',)
    """
    return tuple(name for name, wrong in _CHECKS.items() if wrong(one))


def told(flag: str) -> str:
    """A flag in the user's language."""
    en, zh = {
        "reversed_interval": ("the limits of the interval are the wrong way round", "区间上下限颠倒"),
        "outside_interval": ("the interval does not hold its estimate", "区间不包含其估计值"),
        "p_against_interval": ("p value and interval contradict each other", "P 值与区间相互矛盾"),
        "impossible_value": ("a value that this figure cannot have", "该指标不可能取此值"),
        "impossible_p": ("a p value above 1", "P 值大于 1"),
        "count_against_percent": ("count and percentage do not agree", "例数与百分比不符"),
        "off_centre": ("the estimate is far from the middle of its interval", "估计值明显偏离区间中心"),
    }[flag]
    return tr(en, zh)


def _reversed(one: Statistic) -> bool:
    return one.low is not None and one.high is not None and one.low > one.high


def _outside(one: Statistic) -> bool:
    if one.value is None or one.low is None or one.high is None or _reversed(one):
        return False
    if one.low <= one.value <= one.high:
        return False
    mirrored = one.value and one.low <= -one.value <= one.high and one.kind in ("MD", "SMD", "RD", "change")
    return not mirrored  # "fell by 5.2 (-7.1 to -3.3)": the word bears the sign


def _contradicted(one: Statistic) -> bool:
    null = _null(one)
    if null is None or one.low is None or one.high is None or one.spread or _reversed(one) or not one.p:
        return False
    alpha = 1 - (one.level or 95) / 100
    sign, p = one.p[0], float(one.p[1:])
    if one.low < null < one.high:
        return sign in "<≤=" and p <= alpha - _SIDE if sign == "=" else sign in "<≤" and p <= alpha
    if one.low > null or one.high < null:
        return p >= alpha + _SIDE if sign == "=" else sign in ">≥" and p >= alpha
    return False


def _null(one: Statistic) -> float | None:
    if one.kind == "change":
        return 0.0
    measure = measures().get(one.kind)
    return measure.null if measure else None


def _impossible(one: Statistic) -> bool:
    value, measure = one.value, measures().get(one.kind)
    if value is None:
        return False
    if one.kind in ("proportion", "I2"):
        return not 0 <= value <= 100
    scale = measure.scale if measure else ""
    if scale == "ratio":
        return value < 0 or (one.low is not None and one.low < 0)
    if scale == "share":
        return not 0 <= value <= (100 if "%" in one.unit or value > 1 else 1)
    return abs(value) > 1 if scale == "correlation" else False


def _impossible_p(one: Statistic) -> bool:
    return bool(one.p) and float(one.p[1:]) > 1


def _miscounted(one: Statistic) -> bool:
    if one.count is None or not one.total or one.value is None:
        return False
    digits = _digits(one.value)
    return abs(100 * one.count / one.total - one.value) > max(0.6 * 10**-digits, 0.06 if digits else 0.6)


def _off_centre(one: Statistic) -> bool:
    """A ratio's interval is about symmetric on the log scale; a third of its width off is no rounding."""
    measure = measures().get(one.kind)
    if measure is None or measure.scale != "ratio" or not (one.value and one.low and one.high) or one.spread:
        return False
    if min(one.value, one.low, one.high) <= 0 or not one.low < one.value < one.high:
        return False
    width = log(one.high) - log(one.low)
    half = 0.5 * 10.0 ** -max(map(_digits, (one.value, one.low, one.high)))
    rounding = half / one.low + half / one.value
    return abs(2 * log(one.value) - log(one.low) - log(one.high)) / 2 > width / 3 + rounding


def _digits(value: float) -> int:
    return len(f"{value:g}".partition(".")[2])


_CHECKS = {
    "reversed_interval": _reversed,
    "outside_interval": _outside,
    "p_against_interval": _contradicted,
    "impossible_value": _impossible,
    "impossible_p": _impossible_p,
    "count_against_percent": _miscounted,
    "off_centre": _off_centre,
}
