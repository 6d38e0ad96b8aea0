"""What a sentence tells of its truth without its chart: the fault of written cases that a reader must not learn.

Writers tell true sentences in lay words and false ones in the words of the chart, or the false ones shorter, or longer:
a model of runs of characters that never sees a chart tells some sets of cases nearly whole. Its sums, on charts left
out, are added to those of the reader while that is fitted, so that the reader learns what is left.

Source: Clark, Yatskar, Zettlemoyer 2019, "Don't Take the Easy Way Out: Ensemble Based Methods for Avoiding Known
Dataset Biases".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

FOLDS = 5
STRENGTH = 3.0
"""Inverse of the penalty of its weights."""
FEWEST = 40
"""Of fewer sentences nothing is learnt."""


def alone(said: Sequence[str], wrong: Sequence[bool], charts: Sequence[str]) -> Any:
    """Log odds [n] that each sentence is wrong, from its characters and length, fitted on other charts."""
    sums, truth = np.zeros(len(said)), np.array(wrong, dtype=bool)
    if len(said) < FEWEST:
        return sums
    parts = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2).fit_transform(said)
    lengths = csr_matrix(np.log([[len(one)] for one in said]))
    table = hstack([parts, lengths]).tocsr()
    owners = sorted(set(charts))
    fold = np.array([owners.index(one) % FOLDS for one in charts])
    for number in range(FOLDS):
        rest, own = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(own) and len(set(truth[rest])) == 2:
            fitted = LogisticRegression(C=STRENGTH, max_iter=300).fit(table[rest], truth[rest])
            sums[own] = fitted.decision_function(table[own])
    return sums
