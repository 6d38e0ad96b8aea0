"""Answers that are labels: one a text (classify), or any number of them (multilabel)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.model.calibration import Calibration, Floats, calibrate
from bedside.model.engine import Outputs
from bedside.model.inputs import Encoded, Identity, encode, prepare_texts
from bedside.model.rows import Labelled
from bedside.model.scores import SCORES, Matrix
from bedside.types import Prediction


@dataclass(frozen=True)
class LabelForm:
    """See `model/forms.py`; `head` is classify or multilabel."""

    head: str
    scores = tuple(SCORES)

    def names(self, labels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        """Label names once each."""
        return label_order(label for row in labels for label in row)

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity."""
        return replace(rows, texts=prepare_texts(rows.texts, identity=identity, on_text=on_text))

    def encode(self, tokenizer: Any, texts: Sequence[str], tokens: Sequence[Any] = (), **limits: Any) -> Encoded:
        """One list of ids a text; a long text loses its middle."""
        return encode(tokenizer, texts, **limits)

    def targets(self, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> NDArray[np.int64]:
        """Label numbers [n], or marks [n, labels]."""
        truth = marks(labels, names)
        return truth.astype(np.int64) if self.head == "multilabel" else truth.argmax(1)

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """Temperature, and for multilabel thresholds."""
        return calibrate(np.asarray(outputs, np.float64), marks(labels, names), self.head)

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Prediction]:
        """Calibrated probabilities and the label(s) they give."""
        if not len(outputs):
            return []
        return self.decide(calibration.probabilities(np.asarray(outputs, np.float64), self.head), names, calibration)

    def decide(self, probabilities: Floats, names: Sequence[str], calibration: Calibration) -> list[Prediction]:
        """Probabilities [n, labels] -> predictions, by the calibration's rule."""
        given = calibration.decide(probabilities, self.head)
        return [self._prediction(row, mark, names) for row, mark in zip(probabilities, given, strict=True)]

    def score(self, metric: str, labels: Sequence[Any], answers: Sequence[Prediction], names: Sequence[str]) -> float:
        """F1 or accuracy."""
        given = [one.label if isinstance(one.label, tuple) else (one.label,) for one in answers]
        return SCORES[metric](marks(labels, names), marks(given, names))

    def surest(self, answer: Prediction) -> Floats:
        """Every label's probability."""
        return np.array(list(answer.probabilities.values()))

    def agree(self, one: Prediction, other: Prediction) -> bool:
        """Whether both give the same label(s)."""
        return one.label == other.label

    def change(self, one: Prediction, other: Prediction) -> float:
        """The largest difference of a probability."""
        return float(np.abs(self.surest(one) - self.surest(other)).max())

    def _prediction(self, row: Floats, given: NDArray[np.bool_], names: Sequence[str]) -> Prediction:
        chosen = tuple(label for label, mark in zip(names, given, strict=True) if mark)
        chances = dict(zip(names, map(float, row), strict=True))
        return Prediction(label=chosen if self.head == "multilabel" else chosen[0], probabilities=chances)


def label_order(labels: Iterable[str]) -> tuple[str, ...]:
    """Label names once each: numbers by size, anything else by alphabet.

    >>> label_order(["10", "9", "10"])
    ('9', '10')
    """
    names = set(labels)
    try:
        return tuple(sorted(names, key=float))
    except ValueError:
        return tuple(sorted(names))


def marks(labels: Sequence[Sequence[str]], names: Sequence[str]) -> Matrix:
    """Which labels each row has, [n, labels]."""
    place = {label: number for number, label in enumerate(names)}
    out: NDArray[np.bool_] = np.zeros((len(labels), len(names)), bool)
    for row, given in enumerate(labels):
        out[row, [place[label] for label in given]] = True
    return out
