"""Labels of many rows: gathered, measured, and the baselines they must beat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.baselines.pairs import pair_features
from bedside.evaluate.baselines.rivals import Rows, column_features, regress, tfidf_features
from bedside.evaluate.bootstrap import Array, Ints
from bedside.evaluate.metrics import Evaluation, evaluate
from bedside.lang import tr
from bedside.types import Answer, Prediction, Undefined

RIVALS = ("chance", "majority", "tfidf")


@dataclass(frozen=True)
class LabelAnswers:
    """Probabilities [n, labels] and the answers they give: a label a row, or a tuple of labels (multilabel)."""

    head: str
    labels: tuple[str, ...]
    probabilities: Array = field(repr=False)
    predicted: list[Any] = field(repr=False)

    def __len__(self) -> int:
        return len(self.predicted)

    def measure(
        self,
        truths: Sequence[tuple[str, ...]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        targets = [given if self.head == "multilabel" or isinstance(given, str) else given[0] for given in truths]
        how: dict[str, Any] = {"head": self.head, "seed": seed, "subgroups": subgroups, "predicted": self.predicted}
        return evaluate(self.labels, targets, self.probabilities, patients, **how)

    def sureness(self) -> Array:
        """How sure each answer is [n]: its label's probability, or of several labels the least sure decision's."""
        if self.head == "multilabel":
            return np.asarray(np.maximum(self.probabilities, 1 - self.probabilities).min(1))
        return np.asarray(self.probabilities.max(1))

    def take(self, rows: Ints) -> LabelAnswers:
        """See `Answers`."""
        return LabelAnswers(self.head, self.labels, self.probabilities[rows], [self.predicted[row] for row in rows])

    def joined(self, others: Sequence[LabelAnswers], labels: Sequence[str]) -> LabelAnswers:
        """See `Answers`."""
        several = [self, *others]
        wide = [np.zeros((len(answers), len(labels))) for answers in several]
        for own, answers in zip(wide, several, strict=True):
            own[:, [list(labels).index(label) for label in answers.labels]] = answers.probabilities
        predicted = [one for answers in several for one in answers.predicted]
        return LabelAnswers(self.head, tuple(labels), np.concatenate(wide), predicted)

    def misread(
        self, truths: Sequence[tuple[str, ...]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`; as confident as its most probable label."""
        found = []
        for row, (truth, answer) in enumerate(zip(truths, self.predicted, strict=True)):
            given = (answer,) if isinstance(answer, str) else tuple(answer)
            if set(truth) != set(given):
                marked, said = (", ".join(labels) or "—" for labels in (truth, given))
                found.append((row, marked, said, float(self.probabilities[row].max())))
        return found


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    if head == "multilabel":
        return ("micro_f1", "macro_f1", "accuracy", "auroc", "brier", "ece")
    if labels == 2:
        return ("auroc", "auprc", "balanced_accuracy", "macro_f1", "brier", "ece")
    return ("macro_f1", "accuracy", "balanced_accuracy", "auroc", "brier", "ece")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> LabelAnswers:
    """Predictions as a column."""
    rows = [one for one in answers if isinstance(one, Prediction)]
    chances = np.array([[one.probabilities[label] for label in labels] for one in rows]).reshape(-1, len(labels))
    return LabelAnswers(_kind(head), labels, chances, [one.label for one in rows])


def rivals(
    train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int
) -> dict[str, LabelAnswers] | Undefined:
    """Chance, the majority class, and logistic regression on TF-IDF and on columns."""
    words = pair_features if head == "pair" else tfidf_features
    head = _kind(head)
    truth = _matrix(train.targets, labels)
    if not truth.any():
        reason = tr("the training part holds none of the model's labels", "训练数据不含模型的任何标签")
        return Undefined(reason=reason, n=len(test.targets))
    share = truth.mean(axis=0) if head == "multilabel" else truth.sum(axis=0) / truth.sum()
    shares = np.tile(share, (len(test.targets), 1))

    def said(chances: Array, predicted: list[Any] | None = None) -> LabelAnswers:
        given = _given(chances, labels, head) if predicted is None else predicted
        return LabelAnswers(head, labels, chances, given)

    found = {"chance": said(shares, _drawn(shares, labels, head, seed)), "majority": said(shares)}
    rows = np.flatnonzero(truth.any(axis=1)) if head != "multilabel" else np.arange(len(truth))
    makers = {"tfidf": words, **({"columns": column_features} if test.columns else {})}
    for name, maker in makers.items():
        features, asked = maker(train, test)
        found[name] = said(regress(features[rows], truth[rows], asked, head))
    return found


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


def _matrix(targets: Sequence[Any], labels: Sequence[str]) -> Any:
    """[rows, labels] of 0 and 1; a label that the model does not know sets nothing."""
    column = {label: k for k, label in enumerate(labels)}
    truth = np.zeros((len(targets), len(labels)))
    for row, target in enumerate(targets):
        for label in [target] if isinstance(target, str) else target:
            if str(label) in column:
                truth[row, column[str(label)]] = 1
    return truth


def _kind(head: str) -> str:
    """One label a row, or any number."""
    return "multilabel" if head == "multilabel" else "classify"
