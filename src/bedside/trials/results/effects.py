"""What one arm of a trial changes against another: ratios, differences and standardised differences with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from bedside.errors import DataError
from bedside.lang import tr

Measure = Literal["RR", "OR", "RD", "HR", "MD", "SMD"]
RATIOS = ("RR", "OR", "HR")
"""Measures that are pooled and tested as logarithms; 1 is no difference, for the others 0."""
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A comparison of two arms with its 95 % interval; `se` is that of the logarithm for a ratio.

    >>> two_by_two((4, 123), (11, 139), "RR", study="Aronson 1948")
    Effect(RR 0.41 [0.13, 1.26], p 0.119, n 262)
    """

    measure: Measure
    value: float
    low: float
    high: float
    p: float
    se: float
    n: int = 0
    study: str = ""
    note: str = ""

    def __repr__(self) -> str:
        return f"Effect({self})"

    def __str__(self) -> str:
        n = f", n {self.n}" if self.n else ""
        return f"{self.measure} {self.value:.2f} [{self.low:.2f}, {self.high:.2f}], p {self.p:.3f}{n}"

    @property
    def plain(self) -> float:
        """The value on the scale on which it is pooled: a ratio's logarithm."""
        return math.log(self.value) if self.measure in RATIOS else self.value


def no_difference(measure: str) -> float:
    """The value that says the arms are alike."""
    return 1.0 if measure in RATIOS else 0.0


def effect(measure: Measure, plain: float, se: float, *, n: int = 0, study: str = "", note: str = "") -> Effect:
    """An effect from its value on the pooling scale and standard error; normal interval and two-sided p."""
    return with_limits(measure, plain, se, Z95 * se, two_sided(plain / se), n=n, study=study, note=note)


def with_limits(
    measure: Measure, plain: float, se: float, reach: float, p: float, *, n: int = 0, study: str = "", note: str = ""
) -> Effect:
    """The same with an interval of another reach to both sides, on the pooling scale."""
    back = math.exp if measure in RATIOS else float
    value, low, high = (back(one) for one in (plain, plain - reach, plain + reach))
    return Effect(measure=measure, value=value, low=low, high=high, p=p, se=se, n=n, study=study, note=note)


def two_sided(z: float) -> float:
    """The chance of a normal value as far from 0.

    >>> round(two_sided(1.96), 4)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def two_by_two(
    treated: tuple[float, float], control: tuple[float, float], measure: Measure = "RR", *, study: str = ""
) -> Effect:
    """Events among patients, (events, n), of two arms: risk ratio, odds ratio or risk difference.

    With an empty cell 0.5 is added to each (Cox 1970), which the note says. Raises DataError where no comparison is
    possible: counts that cannot be, or events in nobody (or everybody) of both arms.
    """
    (a, n1), (c, n2) = treated, control
    if min(n1, n2) <= 0 or not (0 <= a <= n1 and 0 <= c <= n2):
        raise DataError(tr("events must lie between 0 and the patients of the arm", "事件数须在 0 与该组人数之间"))
    b, d = n1 - a, n2 - c
    note = ""
    if measure != "RD" and 0 in (a, b, c, d):
        if a == c == 0 or b == d == 0:
            raise DataError(
                tr("events in nobody, or in everybody, of both arms", "两组均无事件或全部发生事件，无法比较")
            )
        a, b, c, d = (one + 0.5 for one in (a, b, c, d))
        note = tr("0.5 added to each cell, one being empty", "有单元格为 0，各加 0.5")
    p1, p2 = a / (a + b), c / (c + d)
    if measure == "RD":
        plain, variance = p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2
    elif measure == "OR":
        plain, variance = math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    else:
        plain, variance = math.log(p1 / p2), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    if variance <= 0:
        raise DataError(tr("the arms do not vary", "两组数据无变异，无法比较"))
    return effect(measure, plain, math.sqrt(variance), n=int(n1 + n2), study=study, note=note)


def means(
    treated: tuple[float, float, float],
    control: tuple[float, float, float],
    measure: Measure = "MD",
    *,
    study: str = "",
) -> Effect:
    """Means of two arms, (mean, standard deviation, n): their difference, or Hedges' g (Hedges 1981).

    >>> means((103, 5.5, 50), (100, 4.5, 50), "SMD").value.__round__(4)
    0.5924
    """
    (m1, s1, n1), (m2, s2, n2) = treated, control
    if min(n1, n2) < 2 or min(s1, s2) < 0 or s1 + s2 == 0:
        raise DataError(tr("two patients an arm and a spread are needed", "每组至少 2 人，且标准差须为正"))
    n = int(n1 + n2)
    if measure == "MD":
        return effect("MD", m1 - m2, math.sqrt(s1**2 / n1 + s2**2 / n2), n=n, study=study)
    df = n1 + n2 - 2
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / df)
    shrink = math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
    g = shrink * (m1 - m2) / pooled
    return effect("SMD", g, math.sqrt(1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))), n=n, study=study)


def stated(measure: Measure, value: float, low: float, high: float, *, n: int = 0, study: str = "") -> Effect:
    """An effect as a paper states it, its standard error read from the 95 % interval.

    >>> stated("HR", 0.80, 0.70, 0.92)
    Effect(HR 0.80 [0.70, 0.92], p 0.001)
    """
    if not low <= value <= high or (measure in RATIOS and low <= 0) or low == high:
        raise DataError(
            tr("the interval does not hold its value", "区间不包含其估计值"), value=f"{value:g} [{low:g}, {high:g}]"
        )
    ends = [math.log(one) if measure in RATIOS else one for one in (value, low, high)]
    se = (ends[2] - ends[1]) / (2 * Z95)
    p = two_sided(ends[0] / se)
    return Effect(measure=measure, value=value, low=low, high=high, p=p, se=se, n=n, study=study)
