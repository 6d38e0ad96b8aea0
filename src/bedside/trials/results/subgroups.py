"""An effect in each subgroup, and whether the subgroups differ: the test of interaction, not a p value in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.trials.results.effects import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """The effect by the values of one column; None where it cannot be estimated. `p` is of interaction."""

    name: str
    effects: tuple[tuple[str, Effect | None], ...]
    q: float | None = None
    p: float | None = None


def compare(name: str, effects: Sequence[tuple[str, Effect | None]]) -> Subgroups:
    """Cochran's Q between the subgroups' effects (Altman & Bland 2003: with two, the z test of their difference).

    >>> from bedside.trials.results.effects import stated
    >>> found = compare("sex", [("male", stated("HR", 0.5, 0.4, 0.625)), ("female", stated("HR", 1.0, 0.8, 1.25))])
    >>> round(found.p, 6)
    1.7e-05
    """
    from scipy.stats import chi2

    known = [one for _, one in effects if one is not None]
    if len(known) < 2:
        return Subgroups(name=name, effects=tuple(effects))
    weights = [1 / one.se**2 for one in known]
    mean = sum(w * one.plain for w, one in zip(weights, known, strict=True)) / sum(weights)
    q = sum(w * (one.plain - mean) ** 2 for w, one in zip(weights, known, strict=True))
    return Subgroups(name=name, effects=tuple(effects), q=q, p=float(chi2.sf(q, len(known) - 1)))
