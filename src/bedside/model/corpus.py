"""Documents as vectors, and the nearest to a question among them, by blocks: never all pairs at once.

Shapes: q questions, n documents, h hidden size, k documents wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Found = list[tuple[str, float, str]]
"""Of each document found: its id, its score, its text where that is at hand."""

QUESTIONS, DOCUMENTS = 256, 16_384
"""A block: 16 MB of scores."""


@dataclass(frozen=True)
class Corpus:
    """Documents by id, with a vector each [n, h] of length 1, in memory or mapped from a file.

    `keys` name documents by what they say (`key_of`); `texts` are there where they are to be read again.
    """

    ids: Sequence[str]
    vectors: Vectors = field(repr=False)
    texts: Sequence[str] = field(default=(), repr=False)
    keys: Sequence[str] = field(default=(), repr=False)

    def by_key(self) -> Corpus:
        """The same, each document named by what it says."""
        return replace(self, ids=self.keys)


def search(questions: Vectors, corpora: Sequence[Corpus], k: int) -> list[Found]:
    """The k nearest documents of each question [q, h], the nearest first; one id is found once.

    >>> corpus = Corpus(["a", "b"], np.eye(2, dtype=np.float32))
    >>> [name for name, _, _ in search(np.array([[0.1, 0.9]], np.float32), [corpus], 1)[0]]
    ['b']
    """
    found: list[Found] = []
    for at in range(0, len(questions), QUESTIONS):
        some = questions[at : at + QUESTIONS]
        nearest = [_nearest(some, corpus.vectors, 2 * k if len(corpora) > 1 else k) for corpus in corpora]
        found += [_merged([(*one, row) for one in zip(corpora, nearest, strict=True)], k) for row in range(len(some))]
    return found


def _nearest(questions: Vectors, vectors: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
    """Scores and numbers [q, k] of the nearest documents, in order; equals as they stand in the corpus."""
    scores: Vectors = np.zeros((len(questions), 0), np.float32)
    numbers: NDArray[np.int64] = np.zeros((len(questions), 0), np.int64)
    for at in range(0, len(vectors), DOCUMENTS):
        block = np.asarray(vectors[at : at + DOCUMENTS])
        scores = np.concatenate([scores, questions @ block.T], axis=1)
        own = np.broadcast_to(np.arange(at, at + len(block)), (len(questions), len(block)))
        numbers = np.concatenate([numbers, own], axis=1)
        if scores.shape[1] > k:
            kept = np.sort(np.argpartition(-scores, k - 1, axis=1)[:, :k], axis=1)
            scores, numbers = np.take_along_axis(scores, kept, axis=1), np.take_along_axis(numbers, kept, axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(numbers, order, axis=1)


def _merged(parts: list[tuple[Corpus, tuple[Vectors, NDArray[np.int64]], int]], k: int) -> Found:
    """What was found for one question in several corpora, in order."""
    found: Found = []
    for corpus, (scores, numbers), row in parts:
        for number, score in zip(numbers[row].tolist(), scores[row].tolist(), strict=True):
            found.append((corpus.ids[number], score, corpus.texts[number] if corpus.texts else ""))
    once: dict[str, tuple[str, float, str]] = {}
    for one in sorted(found, key=lambda one: -one[1]):
        once.setdefault(one[0], one)
    return list(once.values())[:k]
