"""Several rankings as one, by the places in them alone: scores of words and of vectors cannot be added.

Source: Cormack, Clarke & Buettcher 2009, "Reciprocal rank fusion outperforms Condorcet and individual rank learning".
"""

from __future__ import annotations

from collections.abc import Sequence

DAMPING = 60
"""The paper's k: how little the first places stand out."""


def fuse(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Each thing with the sum of 1 / (60 + place) over the rankings it is in, the best first.

    >>> [name for name, _ in fuse([[7, 5], [5, 9]])]
    [5, 7, 9]
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, 1):
            scores[one] = scores.get(one, 0.0) + 1 / (DAMPING + place)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
