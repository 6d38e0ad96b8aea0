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
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

        if not self.known or not texts:
            return csr_array((len(texts), len(self.known)))
        counting = CountVectorizer(analyzer=_grams, vocabulary={gram: at for at, gram in enumerate(self.known)})
        weighing = TfidfTransformer(sublinear_tf=True)
        weighing.idf_ = self.rarity.astype(np.float64)
        return csr_array(weighing.transform(counting.transform(texts)))


def _grams(ids: Sequence[int]) -> Iterator[Gram]:
    yield from ((one,) for one in ids)
    yield from pairwise(ids)
