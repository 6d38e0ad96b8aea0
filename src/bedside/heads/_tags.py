"""Which tag may follow which, and the most probable sequence that keeps to it; without torch, for serving.

The tags of a unit are O, and B and I for each type in turn.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

OUTSIDE = 0
NOT_JUDGED = -100
"""The target of a token that stands for no unit: marks, padding, the later tokens of a word."""


def best_tags(log_chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """The most probable allowed sequence [n] of tags for log probabilities [n, k]: I follows only B or I of its type.

    >>> best_tags(np.log([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])).tolist()
    [1, 2]

    Source: Viterbi 1967.
    """
    n, k = log_chances.shape
    if not n:
        return np.zeros(0, np.int64)
    barred = _barred(k)
    best = log_chances[0] + barred[OUTSIDE]
    came = np.zeros((n, k), np.int64)
    for unit in range(1, n):
        ways = best[:, None] + barred
        came[unit] = ways.argmax(0)
        best = ways[came[unit], np.arange(k)] + log_chances[unit]
    tags = np.zeros(n, np.int64)
    tags[-1] = best.argmax()
    for unit in range(n - 1, 0, -1):
        tags[unit - 1] = came[unit, tags[unit]]
    return tags


@cache
def _barred(k: int) -> NDArray[np.float64]:
    """[k, k]: minus infinity where the second tag may not follow the first."""
    first, second = np.arange(k)[:, None], np.arange(k)
    inside = (second > OUTSIDE) & (second % 2 == 0)
    same = (first == second) | (first == second - 1)
    return np.where(inside & ~same, -np.inf, 0.0)
