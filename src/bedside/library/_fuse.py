"""The rankings by words and by meaning as one, by the places in them alone: their scores cannot be added.

Source: Cormack, Clarke & Buettcher 2009, "Reciprocal rank fusion outperforms Condorcet and individual rank learning".
The weight and the damping were chosen on questions of train parts (docs/design/009-library.md).
"""

from __future__ import annotations

from collections.abc import Sequence

DAMPING = 10
"""The paper's k (there 60): how little the first places stand out."""
MEANING = 4.0
"""How many times a place among the vectors counts, where one among the words counts once."""


def fuse(words: Sequence[int], meaning: Sequence[int]) -> list[tuple[int, float]]:
    """Each thing with the weighted sum of 1 / (10 + place) over the rankings it is in, the best first.

    >>> [name for name, _ in fuse([7, 5], [5, 9])]
    [5, 9, 7]
    """
    scores: dict[int, float] = {}
    for ranking, weight in ((words, 1.0), (meaning, MEANING)):
        for place, one in enumerate(ranking, 1):
            scores[one] = scores.get(one, 0.0) + weight / (DAMPING + place)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
