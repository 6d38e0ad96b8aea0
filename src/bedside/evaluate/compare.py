"""Tests whether two models on the same rows differ: the paired bootstrap of each figure, and McNemar's exact test.

Both models are drawn alike, so what the patients have in common cancels. Source: Efron & Tibshirani 1993, ch. 16;
McNemar 1947. With several rows a patient, the patient is McNemar's pair: better served by the one model or the other.
"""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

from bedside.errors import UsageError
from bedside.evaluate.bootstrap import Array
from bedside.evaluate.estimate import figure
from bedside.evaluate.metrics import Evaluation
from bedside.types import Figure, Undefined


def compare(ours: Evaluation, theirs: Evaluation) -> dict[str, dict[str, Any]]:
    """For each figure that both have: `{"difference": Figure, "p": float | None, "test": str}`, ours minus theirs.

    `accuracy` also holds `mcnemar`: `{"p", "ours_only", "theirs_only"}`. A positive difference of brier, ece or
    hamming_loss means that ours is worse.
    """
    same = (ours.n, ours.seed) == (theirs.n, theirs.seed)
    if not same or not np.array_equal(ours.patient_of_row, theirs.patient_of_row):
        raise UsageError("only two evaluations of the same rows, with one seed, can be compared")
    found: dict[str, dict[str, Any]] = {}
    for name, figure_ in ours.metrics.items():
        if isinstance(figure_, Undefined) or isinstance(theirs.metrics.get(name, figure_), Undefined):
            continue
        if name in theirs.resampled:
            gaps = ours.resampled[name] - theirs.resampled[name]
            found[name] = {"difference": _interval(gaps, ours), "p": p_value(gaps), "test": "paired patient bootstrap"}
    if "accuracy" in found:
        found["accuracy"]["mcnemar"] = mcnemar(ours, theirs)
    return found


def _interval(gaps: Array, ours: Evaluation) -> Figure:
    return figure(gaps, n=ours.n, n_patients=ours.n_patients, seed=ours.seed, bounded=False)


def p_value(gaps: Array) -> float:
    """Two-sided p of "no difference": twice the share of resamples on the far side of 0, never 0 itself.

    >>> p_value(np.array([0.1] + [0.1] * 999))
    0.002
    """
    resamples = gaps[1:][~np.isnan(gaps[1:])]
    below, above = int((resamples <= 0).sum()), int((resamples >= 0).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (len(resamples) + 1))


def mcnemar(ours: Evaluation, theirs: Evaluation) -> dict[str, float | int]:
    """Exact two-sided test on the patients whom one model served better than the other."""
    gap = np.bincount(ours.patient_of_row, weights=ours.right.astype(float) - theirs.right.astype(float))
    wins, losses = int((gap > 0).sum()), int((gap < 0).sum())
    return {"p": sign_test(wins, losses), "ours_only": wins, "theirs_only": losses}


def sign_test(wins: int, losses: int) -> float:
    """Two-sided exact binomial test at one half.

    >>> sign_test(9, 1)
    0.021484375
    """
    n, fewer = wins + losses, min(wins, losses)
    tail = sum(comb(n, i) for i in range(fewer + 1))
    return min(1.0, float(2 * tail / 2**n))
