"""Truth beside prediction for every row, as matrices: what all metrics are counted from.

Shapes: n rows; k labels: the model's, then any in the data that the model does not know; m labels of the model.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scored:
    """Truth and prediction [n, k] as booleans, probabilities [n, m], and the patient of each row."""

    labels: tuple[str, ...]
    n_known: int
    truth: Bools
    predicted: Bools
    probabilities: Array
    clusters: Clusters
    multilabel: bool

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.truth)

    @property
    def right(self) -> Bools:
        """[n] the whole row is right."""
        same: Bools = np.asarray((self.truth == self.predicted).all(axis=1))
        return same

    @property
    def known_truth(self) -> Bools:
        """[n, m] truth among the labels that the model knows."""
        return self.truth[:, : self.n_known]

    @property
    def outside(self) -> Bools:
        """[n] the row bears a label that the model does not know."""
        beyond: Bools = np.asarray(self.truth[:, self.n_known :].any(axis=1))
        return beyond

    def take(self, rows: Ints) -> Scored:
        """Some of the rows."""
        clusters = self.clusters.take(rows)
        truth, predicted, probabilities = self.truth[rows], self.predicted[rows], self.probabilities[rows]
        return Scored(self.labels, self.n_known, truth, predicted, probabilities, clusters, self.multilabel)


def score(
    labels: Sequence[str],
    targets: Sequence[Any],
    probabilities: Any,
    patients: Sequence[Hashable] | None,
    *,
    head: str,
    predicted: Sequence[Any] | None = None,
) -> Scored:
    """Line up truth and prediction; labels that the model does not know get columns of their own.

    A target is a label (classify) or a collection of labels (multilabel). Without `predicted` the most probable label
    is the answer (classify), or each label of probability 0.5 and more (multilabel).
    """
    values = np.asarray(probabilities, dtype=np.float64)
    _check(labels, targets, values, patients)
    multilabel = head == "multilabel"
    truth_sets = [_as_labels(target, multilabel) for target in targets]
    known = set(labels)
    extra = sorted({label for labels_ in truth_sets for label in labels_} - known)
    names = (*labels, *extra)
    column = {label: number for number, label in enumerate(names)}
    if predicted is not None:
        answers = _matrix([_as_labels(answer, multilabel) for answer in predicted], column)
    else:
        answers = np.zeros((len(values), len(names)), dtype=bool)
        if multilabel:
            answers[:, : len(labels)] = values >= 0.5
        else:
            answers[np.arange(len(values)), values.argmax(axis=1)] = True
    truth = _matrix(truth_sets, column)
    return Scored(names, len(labels), truth, answers, values, clusters_of(patients, len(values)), multilabel)


def _as_labels(target: Any, multilabel: bool) -> Iterable[str]:
    if multilabel and not isinstance(target, str):
        return [str(label) for label in target]
    return [str(target)]


def _matrix(rows: list[Iterable[str]], column: dict[str, int]) -> Bools:
    matrix = np.zeros((len(rows), len(column)), dtype=bool)
    for number, labels in enumerate(rows):
        for label in labels:
            matrix[number, column[label]] = True
    return matrix


def _check(labels: Sequence[str], targets: Sequence[Any], values: Array, patients: Sequence[Hashable] | None) -> None:
    if not len(targets):
        raise DataError("no rows to evaluate")
    if values.shape != (len(targets), len(labels)):
        raise DataError(
            "probabilities do not fit the rows", value=values.shape, allowed=f"[{len(targets)}, {len(labels)}]"
        )
    if patients is not None and len(patients) != len(targets):
        raise DataError("patients do not fit the rows", value=len(patients), allowed=str(len(targets)))
    if not np.isfinite(values).all() or (values < -1e-6).any() or (values > 1 + 1e-6).any():
        raise DataError("probabilities are not numbers between 0 and 1")
