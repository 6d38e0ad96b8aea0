"""The rankings by words and by meaning as one: a passage's cosine and its share of what the words could add, weighted.

Both are known for every candidate, whichever ranking it is from, so that no place in a list has to stand for a score.
Where no word of the question is in the library the shares are 0, and the order is that of the vectors.
Source: Bruch, Gai & Ingber 2023, "An analysis of fusion functions for hybrid retrieval" (weighted scores generalise
better than reciprocal ranks). The weights are those of a softmax over the candidates, fitted on questions of train
parts of MedQuAD and cmedir (docs/design/009-library.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a step of cosine counts, and the whole share of the words. `standardised`: a step is one standard
    deviation of the nearest passages' cosines, not 1."""

    meaning: float
    words: float
    standardised: bool = False


FITTED = {"e5": Weights(62.0, 8.3)}
"""By the name of the encoder, as each spreads its cosines in its own way."""
ANY = Weights(0.9, 7.6, standardised=True)
"""For an encoder that nothing was fitted for."""


def fuse(
    numbers: NDArray[np.uint32], shares: Floats, cosines: Floats, nearest: Floats, weights: Weights
) -> list[tuple[int, float]]:
    """The candidates with their weighted sums, the best first, equals by number; `nearest` are the best cosines.

    >>> one, two = np.array([5, 7], np.uint32), np.float32([0.1, 0.9])
    >>> [number for number, _ in fuse(one, two, np.float32([0.84, 0.83]), np.float32([0.84]), FITTED["e5"])]
    [7, 5]
    """
    meaning = cosines.astype(np.float64)
    if weights.standardised:
        meaning = (meaning - nearest.mean()) / max(float(nearest.std()), 1e-6)
    scores = weights.meaning * meaning + weights.words * shares
    order = np.lexsort((numbers, -scores))
    return [(int(numbers[at]), float(scores[at])) for at in order]
