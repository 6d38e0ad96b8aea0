"""Two ranked lists as one by reciprocal rank, and the weight of the second, fitted on cases whose disease is known.

    score(d) = 1 / (60 + place by knowledge) + w / (60 + place on the writer's list)      0 where it is not on the list

Source: Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion outperforms Condorcet". The weight is the one whose
gain in mean reciprocal rank over w = 0 is surest: the mean gain less its standard error over diseases. Where none is
above 0 the weight is 0, so that a list no better than chance moves nothing. Shapes: n cases, d ranked diseases.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
K = 60
WEIGHTS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
FOLDS = 5
LEAST = 25
"""Diseases that a fit takes: ten for its one number in each training part of four fifths, twice over."""


@dataclass(frozen=True, slots=True)
class Lists:
    """One case: the place of each disease by knowledge [d], from 1; and on the writer's list those named, in order."""

    knowledge: Floats
    written: tuple[tuple[int, ...], ...]

    def scores(self, weight: float) -> Floats:
        """[d] the fused score.

        >>> Lists(np.array([1.0, 2.0, 3.0]), ((2,),)).scores(1.0).argmax()
        np.int64(2)
        """
        told = 1 / (K + self.knowledge)
        for place, diseases in reversed(list(enumerate(self.written, 1))):
            told[list(diseases)] = 1 / (K + self.knowledge[list(diseases)]) + weight / (K + place)
        return np.asarray(told)


def places(scores: NDArray[np.floating]) -> Floats:
    """[d] the place of each disease, from 1; those that tie share their mean.

    >>> places(np.array([5.0, 1.0, 5.0])).tolist()
    [1.5, 3.0, 1.5]
    """
    _, group, size = np.unique(-scores, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(size) - (size - 1) / 2)[group])


def rank_of(scores: NDArray[np.floating], disease: int) -> float:
    """The mean place of one disease over all orders of those that tie with it."""
    own = scores[disease]
    return float((scores > own).sum() + ((scores == own).sum() - 1) / 2 + 1)


def ranks(cases: Sequence[Lists], truth: Sequence[int], weights: Sequence[float] = WEIGHTS) -> Floats:
    """[weights, n] the place of each case's disease in the fused list."""
    rows = [[rank_of(one.scores(w), t) for one, t in zip(cases, truth, strict=True)] for w in weights]
    return np.array(rows, dtype=np.float64)


def fit_weight(found: Floats, diseases: Sequence[Hashable]) -> float:
    """The weight whose gain is surest, from the `ranks` of cases at WEIGHTS; `diseases` [n] is what each case has."""
    names = sorted(set(diseases), key=str)
    if len(names) < 2:
        return 0.0
    owner = np.array([names.index(one) for one in diseases])
    gain = 1 / found - 1 / found[0]
    sums = np.stack([np.bincount(owner, weights=row, minlength=len(names)) for row in gain])
    mean = gain.mean(axis=1)
    size = np.bincount(owner, minlength=len(names))
    error = np.sqrt(((sums - mean[:, None] * size) ** 2).sum(axis=1) * len(names) / (len(names) - 1)) / len(diseases)
    return WEIGHTS[int((mean - error).argmax())]


def cross_fitted(found: Floats, diseases: Sequence[Hashable], seed: int) -> Floats:
    """[n] the fused place of each case by a weight that other diseases fitted."""
    names = sorted(set(diseases), key=str)
    order = np.random.default_rng(seed).permutation(len(names))
    fold = {name: int(at) % FOLDS for name, at in zip(names, order, strict=True)}
    part = np.array([fold[one] for one in diseases])
    told = found[0].copy()
    for one in range(FOLDS):
        others = np.flatnonzero(part != one)
        weight = fit_weight(found[:, others], [diseases[n] for n in others.tolist()])
        told[part == one] = found[WEIGHTS.index(weight)][part == one]
    return told
