"""The order in which papers are read: a linear classifier on TF-IDF terms, learnt anew from each decision.

Terms are those of the library's word index: English words without their plural, Chinese words, pairs and characters.
Before the first decision, papers stand by their likeness to the question; after it the question counts as one relevant
paper among those found, so that its weight falls as they are. Before both kinds of decision are there, and without a
question, the order is by chance.

Sources: Cormack & Grossman 2015, "Autonomy and reliability of continuous active learning" (the likeliest first, and the
question as a made-up relevant document); van de Schoot et al. 2021, Nature Machine Intelligence 3:125 (ASReview), whose
weighing of the two classes is used. docs/design/013-screening.md has what was compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.library._question.terms import terms_of

PENALTY = 0.11
"""C of the support vector machine."""
RATIO = 9.8
"""So many times as much the relevant papers weigh together as the irrelevant."""
COMMON = 0.95
"""A term in more papers than this share tells nothing."""

Floats = NDArray[np.float64]


class Ranker:
    """Scores all papers from the decisions on some; `vectors` [n, size] of an encoder stand beside the terms."""

    def __init__(
        self,
        texts: Sequence[str],
        question: str = "",
        *,
        vectors: NDArray[Any] | None = None,
        question_vector: NDArray[Any] | None = None,
        seed: int = 0,
    ) -> None:
        self.size, self.seed = len(texts), seed
        self._papers, self._question = _features(texts, question)
        if vectors is not None:
            self._papers = _beside(self._papers, vectors)
            if self._question is not None:
                given = np.zeros((1, vectors.shape[1])) if question_vector is None else np.atleast_2d(question_vector)
                self._question = _beside(self._question, given)
        self._chance = np.random.default_rng(seed).random(self.size)

    def scores(self, decided: Mapping[int, bool]) -> Floats:
        """[n], higher is likelier relevant; `decided` holds whether a paper, by its place, is relevant."""
        relevant = [bool(one) for one in decided.values()]
        if False in relevant and (True in relevant or self._question is not None):
            return self._learnt(list(decided), relevant)
        if True in relevant:
            likest = self._papers @ self._papers[[at for at, one in decided.items() if one]].T
            return _dense(likest).max(axis=1)
        if self._question is not None:
            return _dense(self._papers @ self._question.T)[:, 0]
        return self._chance

    def _learnt(self, places: list[int], relevant: list[bool]) -> Floats:
        from scipy.sparse import vstack
        from sklearn.svm import LinearSVC

        rows, truth = self._papers[places], np.asarray(relevant, int)
        if self._question is not None:
            rows, truth = vstack([rows, self._question]).tocsr(), np.append(truth, 1)
        machine = LinearSVC(C=PENALTY, random_state=self.seed)
        machine.fit(rows, truth, sample_weight=weights(truth, RATIO))
        return np.asarray(machine.decision_function(self._papers), np.float64)


def weights(truth: NDArray[Any], ratio: float) -> Floats:
    """What each paper weighs, so that the relevant together weigh `ratio` times the irrelevant; the mean is 1.

    >>> weights(np.array([1, 0, 0, 0]), 3.0).round(2).tolist()
    [3.0, 0.33, 0.33, 0.33]
    """
    ones = int(truth.sum())
    each = np.where(truth == 1, 1.0, ones / (ratio * max(1, len(truth) - ones)))
    return np.asarray(each * len(truth) / each.sum(), np.float64)


def _features(texts: Sequence[str], question: str) -> tuple[Any, Any]:
    """The papers' rows and the question's (None where there is none, or none of its words is in a paper)."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    common = COMMON if len(texts) > 20 else 1.0
    made = TfidfVectorizer(analyzer=terms_of, sublinear_tf=True, max_df=common)
    try:
        papers = made.fit_transform(texts)
    except ValueError:  # no word in any of them
        return csr_matrix((len(texts), 1)), None
    asked = made.transform([question]) if question.strip() else None
    return papers, asked if asked is not None and asked.nnz else None


def _beside(rows: Any, vectors: NDArray[Any]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([rows, csr_matrix(vectors)]).tocsr()


def _dense(rows: Any) -> Floats:
    return np.asarray(rows.todense(), np.float64)
