"""What baselines are made of: the rows they take, features of texts and columns, and logistic regression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array
from bedside.model.given import Given

CHINESE_SHARE = 0.2  # of a sample's characters; above it a text is cut by characters, not by words
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one part: texts and what is given beside, targets, patients (or None), and columns a baseline may use.

    `corpus`: documents that may be found beside those of the rows.
    """

    texts: Sequence[str] = field(repr=False)
    targets: Sequence[Any]
    patients: Sequence[Hashable] | None = None
    given: Sequence[Given] = field(default=(), repr=False)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict, repr=False)
    corpus: Sequence[str] = field(default=(), repr=False)


def tfidf_features(train: Rows, test: Rows) -> tuple[Any, Any]:
    """Sparse TF-IDF of both parts, the vocabulary taken from training alone."""
    vectors = tfidf_vectors(train.texts)
    if vectors is None:
        return np.zeros((len(train.texts), 1)), np.zeros((len(test.texts), 1))
    return vectors.transform(train.texts), vectors.transform(test.texts)


def tfidf_vectors(texts: Sequence[str]) -> Any:
    """A TF-IDF vectorizer that knows these texts; None where they hold no word, and there is nothing to learn from."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    unit = {"analyzer": "char", "ngram_range": (1, 3)} if is_chinese(texts) else {"ngram_range": (1, 2)}
    # a piece of text seen once in a large part only slows the fit; in a small one it may be all there is
    vectors = TfidfVectorizer(**unit, sublinear_tf=True, min_df=2 if len(texts) >= 200 else 1)
    try:
        return vectors.fit(texts)
    except ValueError:
        return None


def is_chinese(texts: Sequence[str]) -> bool:
    """Whether the texts are to be cut by characters.

    >>> is_chinese(["胸痛三天"]), is_chinese(["chest pain"])
    (True, False)
    """
    letters = [char for text in texts[:_SAMPLE] for char in text if char.isalpha()]
    return sum("\u3400" <= char <= "\u9fff" for char in letters) > CHINESE_SHARE * len(letters)


def column_features(train: Rows, test: Rows) -> tuple[Any, Any]:
    """Columns as numbers: standardised where every training value is a number, one-hot where not."""
    parts = [_encode(train.columns[name], test.columns[name]) for name in test.columns]
    return np.hstack([part[0] for part in parts]), np.hstack([part[1] for part in parts])


def _encode(train: Sequence[Any], test: Sequence[Any]) -> tuple[Array, Array]:
    numbers = _numbers(train)
    if not np.isnan(numbers).all() and not any(_is_word(value) for value in train):
        middle, spread = np.nanmean(numbers), np.nanstd(numbers) or 1.0
        # a missing number stands at the mean, with a column of its own that says so
        columns = [
            np.stack([np.nan_to_num((part - middle) / spread), np.isnan(part)], axis=1)
            for part in (numbers, _numbers(test))
        ]
        return columns[0], columns[1]
    common = [value for value, _ in Counter(map(str, train)).most_common(50)]
    one_hot = [
        np.array([[str(value) == word for word in common] for value in part], dtype=float) for part in (train, test)
    ]
    return one_hot[0], one_hot[1]


def _numbers(values: Sequence[Any]) -> Array:
    return np.array([np.nan if _is_word(v) or v is None or str(v).strip() == "" else float(v) for v in values])


def _is_word(value: Any) -> bool:
    try:
        return value is not None and str(value).strip() != "" and not np.isfinite(float(value))
    except (TypeError, ValueError):
        return True


def regress(train: Any, truth: Any, test: Any, head: str) -> Array:
    """Probabilities [rows, labels] of a balanced logistic regression; a label never seen in training gets 0."""
    from sklearn.linear_model import LogisticRegression

    probabilities = np.zeros((test.shape[0], truth.shape[1]))
    if head != "multilabel":
        seen = np.flatnonzero(truth.any(axis=0))
        if len(seen) == 1:
            probabilities[:, seen[0]] = 1.0
            return probabilities
        model = LogisticRegression(class_weight="balanced", max_iter=1000, C=10.0, solver="newton-cg").fit(
            train, truth.argmax(axis=1)
        )
        probabilities[:, model.classes_] = model.predict_proba(test)
        return probabilities
    for k in range(truth.shape[1]):
        if 0 < truth[:, k].sum() < len(truth):
            model = LogisticRegression(class_weight="balanced", max_iter=1000, C=10.0, solver="newton-cg").fit(
                train, truth[:, k]
            )
            probabilities[:, k] = model.predict_proba(test)[:, 1]
        else:
            probabilities[:, k] = truth[:, k].mean()
    return probabilities
