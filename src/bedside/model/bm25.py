"""BM25: how much of a question's words a document has; what a learnt ranking must beat, and where hard cases are found.

Words are as they stand, in lower case; Chinese is cut into its characters, one and two at a time. Source: Robertson &
Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; k1 and b as in Lucene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
_UNIT = re.compile(r"[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])\w)+")
TOGETHER = 64


class BM25:
    """An index of documents.

    >>> int(BM25(["fever and cough", "knee pain"]).scores(["knee"]).argmax())
    1
    """

    def __init__(self, documents: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self._counter = CountVectorizer(analyzer=terms_of)
        self._weights: Any = None
        try:
            counts = self._counter.fit_transform(documents).astype(np.float64).tocsr()
        except ValueError:  # no document holds a word
            self._size = len(documents)
            return
        length = np.asarray(counts.sum(axis=1)).ravel()
        spread = K1 * (1 - B + B * length / max(length.mean(), 1e-9))
        rows = np.repeat(np.arange(len(length)), np.diff(counts.indptr))
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log(1 + (len(length) - seen + 0.5) / (seen + 0.5))
        counts.data = rarity[counts.indices] * counts.data / (counts.data + spread[rows])
        self._weights, self._size = counts.T.tocsr(), len(documents)

    def scores(self, questions: Sequence[str]) -> NDArray[np.float64]:
        """[questions, documents], 0 where they share no word."""
        if self._weights is None:
            return np.zeros((len(questions), self._size))
        found: NDArray[np.float64] = (self._counter.transform(questions) @ self._weights).toarray()
        return found

    def blocks(self, questions: Sequence[str]) -> Iterator[NDArray[np.float64]]:
        """The scores of each question [documents], some questions at a time in memory."""
        for at in range(0, len(questions), TOGETHER):
            yield from self.scores(questions[at : at + TOGETHER])


def terms_of(text: str) -> list[str]:
    """The terms of a text.

    >>> terms_of("T2期肺癌")
    ['t2', '期', '肺', '癌', '期肺', '肺癌']
    """
    found = []
    for piece in _UNIT.findall(text.lower()):
        if "\u3400" <= piece[0] <= "\u9fff":
            found += [*piece, *(one + two for one, two in pairwise(piece))]
        else:
            found.append(piece)
    return found
