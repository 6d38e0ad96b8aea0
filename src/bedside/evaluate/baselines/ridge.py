"""Ridge regression as a baseline for numbers: its strength and its error both judged on rows it did not learn from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array, clusters_of
from bedside.model.intervals import LEVEL

STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
FOLDS = 5


def ridge(
    train: Any, truth: Array, test: Any, patients: Sequence[Hashable] | None, *, seed: int
) -> tuple[Array, float]:
    """Numbers for the rows of `test` [n], and how far nine in ten of them reach, both sides.

    The strength with the least squared error over folds of patients is taken.
    """
    from sklearn.linear_model import Ridge

    groups = clusters_of(patients, len(truth))
    fold_of = np.random.default_rng(seed).permutation(groups.count)[groups.of_row] % FOLDS
    errors = {strength: _errors(train, truth, fold_of, strength) for strength in STRENGTHS}
    best = min(STRENGTHS, key=lambda strength: float((errors[strength] ** 2).mean()))
    values: Array = Ridge(best).fit(train, truth).predict(test)
    return values, float(np.quantile(np.abs(errors[best]), LEVEL))


def _errors(features: Any, truth: Array, fold_of: Any, strength: float) -> Array:
    """What each row is off by when its fold is left out; where a fold is all there is, from the mean."""
    from sklearn.linear_model import Ridge

    errors = truth - truth.mean()
    for fold in range(FOLDS):
        out, rest = np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of != fold)
        if len(out) and len(rest):
            errors[out] = truth[out] - Ridge(strength).fit(features[rest], truth[rest]).predict(features[out])
    return errors
