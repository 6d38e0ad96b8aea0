"""What a model must beat: chance, the majority class, and logistic regression on TF-IDF or on given columns.

All are fitted on the model's own training part and measured on the same rows as the model.

- `chance`: answers drawn at random in the proportions of the training labels (seeded); probabilities are those shares.
- `majority`: always the most frequent training label; probabilities are the same shares.
- `tfidf`: TF-IDF and logistic regression, classes balanced. Chinese: characters, 1 to 3 at a time. Otherwise: words, 1
  to 2 at a time.
- `columns`: logistic regression on columns of the table, numbers standardised, words one-hot.
- `dictionary`, of entities: those marked in training, looked up (`evaluate/dictionary.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.answers import Answers, EntityAnswers, LabelAnswers
from bedside.evaluate.bootstrap import Array
from bedside.evaluate.dictionary import Dictionary
from bedside.evaluate.metrics import Evaluation
from bedside.lang import tr
from bedside.model.units import units_of
from bedside.types import Undefined

CHINESE_SHARE = 0.2  # of a sample's characters; above it a text is cut by characters, not by words
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one part: texts, targets, patients (or None), and the extra columns a baseline may use."""

    texts: Sequence[str] = field(repr=False)
    targets: Sequence[Any]
    patients: Sequence[Hashable] | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict, repr=False)


def baselines(
    train: Rows | None, test: Rows, *, labels: Sequence[str], head: str = "classify", seed: int = 0
) -> dict[str, Evaluation | Undefined]:
    """Each baseline fitted on `train` and measured on `test`; Undefined with the reason where that cannot be done.

    `columns` is there only if `test.columns` are. Raises nothing for lack of data: a report must still be written.
    """
    given = answers(train, test, labels=labels, head=head, seed=seed)
    if isinstance(given, Undefined):
        usual = ["dictionary"] if head == "tag" else ["chance", "majority", "tfidf"]
        return dict.fromkeys([*usual, *(["columns"] if test.columns else [])], given)
    return {name: answer.measure(test.targets, test.patients, seed=seed) for name, answer in given.items()}


def answers(
    train: Rows | None, test: Rows, *, labels: Sequence[str], head: str = "classify", seed: int = 0
) -> dict[str, Answers] | Undefined:
    """What each baseline, fitted on `train`, answers to `test`; or why none can be fitted."""
    if train is None or not len(train.targets):
        return Undefined(reason=tr("the training part is not at hand", "无法取得训练数据"), n=len(test.targets))
    if head == "tag":
        return {"dictionary": _looked_up(train, test, labels)}
    truth = _matrix(train.targets, labels, head)
    if not truth.any():
        reason = tr("the training part holds none of the model's labels", "训练数据不含模型的任何标签")
        return Undefined(reason=reason, n=len(test.targets))
    share = truth.mean(axis=0) if head == "multilabel" else truth.sum(axis=0) / truth.sum()
    shares = np.tile(share, (len(test.targets), 1))

    def said(chances: Array, predicted: list[Any] | None = None) -> Answers:
        given = _given(chances, labels, head) if predicted is None else predicted
        return LabelAnswers(head, tuple(labels), chances, given)

    found = {"chance": said(shares, _drawn(shares, labels, head, seed)), "majority": said(shares)}
    rows = np.flatnonzero(truth.any(axis=1)) if head == "classify" else np.arange(len(truth))
    makers = {"tfidf": tfidf_features, **({"columns": column_features} if test.columns else {})}
    for name, maker in makers.items():
        features, asked = maker(train, test)
        found[name] = said(_regress(features[rows], truth[rows], asked, head))
    return found


def _looked_up(train: Rows, test: Rows, labels: Sequence[str]) -> Answers:
    """Entities of the training part as a dictionary."""
    words = Dictionary(train.texts, train.targets, list(map(units_of, train.texts)))
    found = [tuple(words.look_up(text, units_of(text))) for text in test.texts]
    return EntityAnswers(tuple(labels), found)


def _given(chances: Array, labels: Sequence[str], head: str) -> list[Any]:
    """The most probable label of each row; of multilabel those of one half and more."""
    if head == "multilabel":
        return [[labels[int(k)] for k in np.flatnonzero(row >= 0.5)] for row in chances]
    return [labels[int(k)] for k in chances.argmax(axis=1)]


def _drawn(shares: Array, labels: Sequence[str], head: str, seed: int) -> list[Any]:
    """Answers at random, in the proportions of the training labels."""
    rng = np.random.default_rng(seed)
    if head == "multilabel":
        hits = rng.random(shares.shape) < shares
        return [[labels[int(k)] for k in np.flatnonzero(row)] for row in hits]
    return [labels[int(k)] for k in rng.choice(len(labels), size=len(shares), p=shares[0])]


def _matrix(targets: Sequence[Any], labels: Sequence[str], head: str) -> Any:
    """[rows, labels] of 0 and 1; a label that the model does not know sets nothing."""
    column = {label: k for k, label in enumerate(labels)}
    truth = np.zeros((len(targets), len(labels)))
    for row, target in enumerate(targets):
        for label in [target] if head == "classify" or isinstance(target, str) else target:
            if str(label) in column:
                truth[row, column[str(label)]] = 1
    return truth


def tfidf_features(train: Rows, test: Rows) -> tuple[Any, Any]:
    """Sparse TF-IDF of both parts, the vocabulary taken from training alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    unit = {"analyzer": "char", "ngram_range": (1, 3)} if is_chinese(train.texts) else {"ngram_range": (1, 2)}
    # a piece of text seen once in a large part only slows the fit; in a small one it may be all there is
    vectors = TfidfVectorizer(**unit, sublinear_tf=True, min_df=2 if len(train.texts) >= 200 else 1)
    try:
        return vectors.fit_transform(train.texts), vectors.transform(test.texts)
    except ValueError:  # no text holds a word: there is nothing to learn from, and the regression says as much
        return np.zeros((len(train.texts), 1)), np.zeros((len(test.texts), 1))


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


def _regress(train: Any, truth: Any, test: Any, head: str) -> Array:
    """Probabilities [rows, labels] of a balanced logistic regression; a label never seen in training gets 0."""
    from sklearn.linear_model import LogisticRegression

    probabilities = np.zeros((test.shape[0], truth.shape[1]))
    if head == "classify":
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
