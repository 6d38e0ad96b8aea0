"""Answers that are labels: one a text (classify) or pair of texts (pair), or any number of them (multilabel)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.errors import UsageError
from bedside.formats._tables import cell, cell_text, column_text, listed
from bedside.lang import tr
from bedside.model.asked import encode_asked
from bedside.model.calibration import Calibration, Floats, calibrate
from bedside.model.cells import text_of
from bedside.model.engine import Outputs
from bedside.model.given import NOTHING, Given
from bedside.model.inputs import Encoded, Identity, encode, encode_pairs, prepare_texts
from bedside.model.moved import Moved
from bedside.model.rows import Labelled, Remark
from bedside.model.scores import SCORES, Matrix
from bedside.types import Prediction

SEPARATOR = "|"
"""Between the labels of one row, in tables that cannot hold lists."""

MISSING = frozenset(["", "nan", "na", "n/a", "<na>", "null", "#n/a"])
"""What tables write where there is no label; an empty list is one: none of them."""

SHOWN = 5
"""Probabilities shown to people."""


@dataclass(frozen=True)
class LabelForm:
    """See `forms/__init__.py`; `head` is classify, pair or multilabel."""

    head: str
    scores = tuple(SCORES)
    weighted = pooled = True
    tells = ("label", "probabilities")
    marked = False

    @property
    def words(self) -> bool:
        """A label names what is in its text; of two texts it names how they stand to each other, and is in neither."""
        return self.head != "pair"

    @property
    def two(self) -> bool:
        """A pair is two texts."""
        return self.head == "pair"

    @property
    def least(self) -> int:
        """Two to tell apart; one may be there or not."""
        return 1 if self.head == "multilabel" else 2

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """The label as it came."""
        label = listed(cell(row, data.label))
        if isinstance(label, str) and label.strip() == "[]":
            label = []
        text, given = self.read_text(row, data)
        if not isinstance(label, (list, tuple)) and cell_text(label).strip().casefold() in MISSING:
            raise ValueError(tr("no label", "没有标签"))
        return text, given, label

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A text; of a pair both."""
        text = text_of(row, data.text)
        if self.head != "pair":
            return text, NOTHING
        if not data.text_b:
            raise UsageError(tr("a pair needs a second text", "成对任务需要第二段文本"), next="--text-b COLUMN")
        second = column_text(row, data.text_b)
        if not second.strip():
            raise ValueError(tr("no second text", "没有第二段文本"))
        return text, Given(second=second)

    def labels(self, cells: Sequence[Any]) -> list[tuple[str, ...]]:
        """Label names."""
        return [labels_of(one) if self.head == "multilabel" else (cell_text(one).strip(),) for one in cells]

    def cells(self, text: str, given: Given, label: tuple[str, ...]) -> dict[str, Any]:
        """A label, or a list of them."""
        second = {"text_b": given.second} if given.second else {}
        return {"text": text, **second, "label": list(label) if self.head == "multilabel" else label[0]}

    def named(self, labels: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The labels themselves."""
        return list(labels)

    def names(self, labels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        """Label names once each."""
        return label_order(label for row in labels for label in row)

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity, second texts too."""
        texts = prepare_texts(rows.texts, identity=identity, on_text=on_text)
        if self.head != "pair":
            return replace(rows, texts=texts)
        seconds = prepare_texts([one.second for one in rows.given], identity=identity)
        return replace(rows, texts=texts, given=[Given(second=second) for second in seconds])

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """One list of ids a text, or pair; a long text loses its middle. A `template` is put around it."""
        if "template" in limits:
            return encode_asked(tokenizer, texts, given, **limits)
        if self.head == "pair":
            return encode_pairs(tokenizer, texts, [one.second for one in given], **limits)
        return encode(tokenizer, texts, **limits)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

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

    def told(self, text: str, given: Given, answer: Prediction) -> dict[str, Any]:
        """Label(s) and probabilities."""
        label = answer.label if isinstance(answer.label, str) else list(answer.label)
        return {"label": label, "probabilities": dict(answer.probabilities)}

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """The label(s), and the likeliest ones."""
        label, chances = told["label"], told["probabilities"]
        ranked = sorted(chances.items(), key=lambda pair: -pair[1])[:SHOWN]
        answer = label if isinstance(label, str) else ", ".join(label)
        return [
            answer or tr("none of the labels", "无任何标签"),
            *(f"  {chance:.3f}  {name}" for name, chance in ranked),
        ]

    def back(self, answer: Prediction, first: Moved, second: Moved) -> Prediction:
        """Labels stand nowhere in the text."""
        return answer

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


FORM = LabelForm


def labels_of(value: Any) -> tuple[str, ...]:
    """One cell as its labels: a list as it is, text split at |, a number as written.

    >>> labels_of("fever|cough"), labels_of(2.0), labels_of([])
    (('fever', 'cough'), ('2',), ())
    """
    if isinstance(value, (list, tuple)):
        return tuple(dict.fromkeys(cell_text(part).strip() for part in value if cell_text(part).strip()))
    if isinstance(value, str):
        return tuple(dict.fromkeys(part.strip() for part in value.split(SEPARATOR) if part.strip()))
    return (cell_text(value),)


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
