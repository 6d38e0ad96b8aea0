"""How far each finding of a patient stands alone: what two findings share is what stands above both of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Chains(NamedTuple):
    """The findings of one patient with all that is above them: `terms` one finding after another, `sizes` of each."""

    terms: Ints
    sizes: list[int]


class Above:
    """What is above each term, and how much it says: minus the log of its share over the diseases."""

    def __init__(self, hpo: Hpo, background: Floats) -> None:
        self.content: Floats = -np.log(background)
        self._chains = np.split(hpo.array("closure"), hpo.array("closure_start")[1:-1])

    def chains(self, present: Sequence[int]) -> Chains:
        """Each finding and what is above it."""
        chains = [self._chains[term] for term in present]
        terms = np.concatenate(chains, dtype=np.int64) if chains else np.zeros(0, dtype=np.int64)
        return Chains(terms, [len(chain) for chain in chains])

    def alone(self, chains: Chains) -> Floats:
        """[n] how far each finding stands alone: 1 / (sum of its likeness to all, itself included).

        Likeness of two findings: information content of their common ancestors over that of all their ancestors.
        """
        terms, sizes = chains
        count = len(sizes)
        place = np.empty(len(self.content), dtype=np.int32)
        place[terms] = np.arange(len(terms), dtype=np.int32)  # of a term that stands twice, one of its places
        has = np.zeros((count, len(terms)), dtype=np.float32)
        has.reshape(-1)[np.repeat(np.arange(count) * len(terms), sizes) + place.take(terms)] = 1
        common = (has * self.content.take(terms)) @ has.T
        own = common.diagonal()
        either = own[:, None] + own - common
        common /= np.maximum(either, 1e-6, out=either)
        return 1 / common.sum(axis=1)
