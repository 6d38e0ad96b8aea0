"""Cox regression on many features with a ridge penalty: the baseline of a model of times to an event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array
from bedside.model.survival.hazards import concordance, cumulative_hazard, partial_surprise

PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0)
"""The one that orders a fifth of the rows best is taken."""
FEW = 50
"""With fewer rows than this the middle penalty is taken."""


def ridge_cox(train: Any, asked: Any, labels: Sequence[tuple[float, int]], *, seed: int) -> tuple[Array, Array]:
    """Log relative hazards of the rows learnt from, and of those asked about; features [n, f] may be sparse."""
    order = np.random.default_rng(seed).permutation(len(labels))
    back, rest = order[: len(order) // 5], order[len(order) // 5 :]
    held, kept = ([labels[row] for row in part] for part in (back, rest))

    def order_kept(penalty: float) -> float:
        return concordance(train[back] @ coefficients(train[rest], kept, penalty), held)

    choose = len(labels) >= FEW and any(event for _, event in held) and any(event for _, event in kept)
    penalty = max(PENALTIES, key=lambda one: np.nan_to_num(order_kept(one))) if choose else PENALTIES[2]
    found = coefficients(train, labels, penalty)
    return train @ found, asked @ found


def coefficients(features: Any, labels: Sequence[tuple[float, int]], penalty: float) -> Array:
    """[f] of least negative log partial likelihood (ties as Breslow has them) plus half `penalty` times their squares.

    The slope is minus the martingale residual of each row (Therneau, Grambsch & Fleming 1990).
    """
    from scipy.optimize import minimize

    times, events = (np.array(column, float) for column in zip(*labels, strict=True))

    def surprise(weights: Array) -> tuple[float, Array]:
        relative = np.asarray(features @ weights)
        at, hazard = cumulative_hazard(relative, labels)
        reached = np.concatenate([[0.0], hazard])[np.searchsorted(at, times, side="right")]
        residual = events - reached * np.exp(relative)
        cost = partial_surprise(relative, labels) + penalty / 2 * float(weights @ weights)
        return cost, penalty * weights - features.T @ residual

    found = minimize(surprise, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x, np.float64)
