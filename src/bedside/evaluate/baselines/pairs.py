"""What a simple baseline sees of two texts: both as TF-IDF, where they differ, what they share, and how much."""

from __future__ import annotations

from typing import Any

import numpy as np

from bedside.evaluate.baselines.rivals import Rows, tfidf_vectors
from bedside.evaluate.bootstrap import Array


def pair_features(train: Rows, test: Rows) -> tuple[Any, Any]:
    """Sparse features of both parts' pairs, the vocabulary taken from both texts of the training pairs alone."""
    vectors = tfidf_vectors([*train.texts, *_seconds(train)])
    if vectors is None:
        return np.zeros((len(train.texts), 1)), np.zeros((len(test.texts), 1))
    return _features(train, vectors), _features(test, vectors)


def overlap(first: Any, second: Any) -> Array:
    """Of sparse TF-IDF rows [n, v] side by side: cosine, and shared terms of all, the first's, the second's [n, 4].

    >>> from scipy.sparse import csr_array
    >>> overlap(csr_array([[0.6, 0.8, 0.0]]), csr_array([[0.0, 1.0, 0.0]])).tolist()
    [[0.8, 0.5, 0.5, 1.0]]
    """
    cosine = first.multiply(second).sum(axis=1)
    one, two = (part.sign() for part in (first, second))
    sizes = [part.sum(axis=1) for part in (one, two)]
    shared = one.multiply(two).sum(axis=1)
    shares = [shared / np.maximum(of, 1) for of in (sizes[0] + sizes[1] - shared, *sizes)]
    return np.stack([np.ravel(column) for column in (cosine, *shares)], axis=1)


def _features(rows: Rows, vectors: Any) -> Any:
    """Both texts, the size of their difference, their product, and `overlap`."""
    from scipy.sparse import csr_array, hstack

    first, second = (csr_array(vectors.transform(texts)) for texts in (rows.texts, _seconds(rows)))
    shared = csr_array(overlap(first, second))
    return hstack([first, second, abs(first - second), first.multiply(second), shared], format="csr")


def _seconds(rows: Rows) -> list[str]:
    return [one.second for one in rows.given]
