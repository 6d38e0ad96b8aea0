"""How much too good a figure is that was also used to choose: the difference of two figures on different patients.

Interval by squaring and adding the two figures' own (MOVER). Source: Zou & Donner 2008, "Construction of confidence
limits about effect measures"; Newcombe 1998 for proportions.
"""

from __future__ import annotations

from math import hypot

from bedside.types import Estimate, Figure, Undefined


def optimism(selected: Figure, honest: Figure) -> Figure:
    """The selected figure minus the honest one; the two must be of different patients.

    >>> one = Estimate(value=0.9, low=0.86, high=0.93, n=90, n_patients=90, method="x")
    >>> two = Estimate(value=0.8, low=0.77, high=0.84, n=60, n_patients=60, method="x")
    >>> print(optimism(one, two))
    0.100 [0.043, 0.142]
    """
    if isinstance(selected, Undefined):
        return selected
    if isinstance(honest, Undefined):
        return honest
    gap = selected.value - honest.value
    return Estimate(
        value=gap,
        low=gap - hypot(selected.value - selected.low, honest.high - honest.value),
        high=gap + hypot(selected.high - selected.value, honest.value - honest.low),
        n=selected.n + honest.n,
        n_patients=selected.n_patients + honest.n_patients,
        method="difference of independent figures (MOVER)",
        level=min(selected.level, honest.level),
    )
