"""Which single pieces and pairs of pieces a text holds, each weighed by how rare it is: TF-IDF over token ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

Gram = tuple[int, ...]


@dataclass(frozen=True)
class Grams:
    """`known` in order of their columns; `rarity` [grams] is 1 + log((1 + texts) / (1 + texts that hold it))."""

    known: tuple[Gram, ...]
    rarity: NDArray[np.float32]

    @classmethod
    def of(cls, texts: Sequence[Sequence[int]], patients: Sequence[str], least: int) -> Grams:
        """Those that texts of `least` patients share: what one patient's text alone holds is not kept.

        >>> Grams.of([[5, 6], [5, 6], [5]], ["a", "b", "c"], 3).known
        ((5,),)
        """
        count: Counter[Gram] = Counter()
        holders: dict[Gram, set[str]] = {}
        for ids, patient in zip(texts, patients, strict=True):
            for gram in set(_grams(ids)):
                count[gram] += 1
                holders.setdefault(gram, set()).add(patient)
        known = tuple(sorted(gram for gram, who in holders.items() if len(who) >= least))
        rarity = [1 + log((1 + len(texts)) / (1 + count[gram])) for gram in known]
        return cls(known, np.array(rarity, np.float32))

    def vectors(self, texts: Sequence[Sequence[int]]) -> Any:
        """A row of length 1 a text, sparse [texts, grams]; counts enter by 1 + their logarithm."""
        from scipy.sparse import csr_array

        column = {gram: number for number, gram in enumerate(self.known)}
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for ids in texts:
            found = Counter(column[gram] for gram in _grams(ids) if gram in column)
            weights = np.array([(1 + log(n)) * self.rarity[at] for at, n in found.items()])
            values += (weights / (np.linalg.norm(weights) or 1.0)).tolist()
            columns += found
            ends.append(len(columns))
        shape = (len(texts), len(self.known))
        return csr_array((np.array(values), np.array(columns, np.int64), np.array(ends)), shape=shape)


def _grams(ids: Sequence[int]) -> Iterator[Gram]:
    yield from ((one,) for one in ids)
    yield from pairwise(ids)
