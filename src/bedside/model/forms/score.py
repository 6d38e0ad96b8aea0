"""Answers that are numbers with an interval: a level of an ordered scale (ordinal), or any number (continuous)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.formats._tables import cell, cell_text
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats, fit_temperature, softmax
from bedside.model.cells import text_of
from bedside.model.engine import Outputs
from bedside.model.forms.labels import label_order
from bedside.model.given import NOTHING, Given
from bedside.model.inputs import Encoded, Identity, encode, prepare_texts
from bedside.model.intervals import LEVEL, Z, conformal_scale, conformal_tail
from bedside.model.moved import Moved
from bedside.model.rows import Labelled, Remark
from bedside.model.scores import concordance, one_hot, rank_correlation
from bedside.types import Score

OUTPUTS = ("value", "spread")
"""What the outputs of a continuous score stand for."""

ENDS = ("value", "low", "high")

MOST_LEVELS = 11
"""Whole numbers of at most so many kinds are levels: a scale from 0 to 10 has eleven."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FIGURES = {"qwk": concordance, "ccc": concordance, "spearman": rank_correlation}


@dataclass(frozen=True)
class ScoreForm:
    """See `forms/__init__.py`; `head` is ordinal or continuous, or score while the rows have not been looked at."""

    head: str
    least = 2
    two = marked = weighted = words = False
    pooled = True

    @property
    def scores(self) -> tuple[str, ...]:
        """Quadratic weighted kappa of levels, concordance of numbers: one formula under the names of two fields."""
        return ("ccc", "spearman") if self.head == "continuous" else ("qwk", "spearman")

    @property
    def tells(self) -> tuple[str, ...]:
        """A number with its interval, and a level's probabilities."""
        return ENDS if self.head == "continuous" else (*ENDS, "probabilities")

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """The label as a number."""
        label = cell(row, data.label)
        text, given = self.read_text(row, data)
        return text, given, number_of(label)

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A text."""
        return text_of(row, data.text), NOTHING

    def labels(self, cells: Sequence[Any]) -> list[tuple[float, ...]]:
        """A number a row."""
        return [(value,) for value in cells]

    def cells(self, text: str, given: Given, label: tuple[float, ...]) -> dict[str, Any]:
        """A number."""
        return {"text": text, "label": label[0]}

    def names(self, labels: Sequence[tuple[float, ...]]) -> tuple[str, ...]:
        """Levels by size; of numbers what the outputs stand for, if there is more than one number."""
        found = label_order(level_name(value) for (value,) in labels)
        return found if self.head != "continuous" else OUTPUTS[: len(found)]

    def named(self, labels: Sequence[tuple[float, ...]]) -> list[tuple[str, ...]]:
        """Each row's level; of numbers, every row teaches both outputs."""
        return [OUTPUTS if self.head == "continuous" else (level_name(value),) for (value,) in labels]

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity."""
        return replace(rows, texts=prepare_texts(rows.texts, identity=identity, on_text=on_text))

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """One list of ids a text; a long text loses its middle."""
        return encode(tokenizer, texts, **limits)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

    def targets(self, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> NDArray[Any]:
        """Numbers of levels, or the numbers themselves [n]."""
        values = np.array([value for (value,) in labels], np.float64)
        return values if self.head == "continuous" else _level_numbers(values, names)

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """So that nine intervals in ten hold the truth: one factor for all spreads, or one cut for all tails."""
        if not len(outputs):
            return Calibration()
        found, truth = np.asarray(outputs, np.float64), np.array([value for (value,) in labels])
        if self.head == "continuous":
            return Calibration(conformal_scale(truth - found[:, 0], np.exp(found[:, 1])))
        numbers = _level_numbers(truth, names)
        temperature = fit_temperature(found, one_hot(numbers, len(names)), "classify")
        return Calibration(temperature, tail=conformal_tail(softmax(found / temperature), numbers))

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Score]:
        """A number and its interval; of levels the median of their probabilities."""
        if not len(outputs):
            return []
        found = np.asarray(outputs, np.float64)
        if self.head == "continuous":
            reach = Z * calibration.temperature * np.exp(found[:, 1])
            return [
                Score(value=v, low=v - r, high=v + r) for v, r in zip(found[:, 0].tolist(), reach.tolist(), strict=True)
            ]
        chances = softmax(found / calibration.temperature)
        return [_level(row, names, calibration.tail) for row in chances]

    def score(self, metric: str, labels: Sequence[Any], answers: Sequence[Score], names: Sequence[str]) -> float:
        """Kappa, concordance or rank correlation."""
        return _FIGURES[metric](np.array([value for (value,) in labels]), np.array([one.value for one in answers]))

    def told(self, text: str, given: Given, answer: Score) -> dict[str, Any]:
        """Value, low and high; of levels also a probability for each."""
        ends = {name: whole(value) for name, value in zip(ENDS, (answer.value, answer.low, answer.high), strict=True)}
        return {**ends, "probabilities": dict(answer.probabilities)} if answer.probabilities else ends

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """The number and its interval, and the probability of each level."""
        value, low, high = (f"{told[name]:.5g}" for name in ENDS)
        share = f"{LEVEL:.0%}"
        said = tr(f"{value} ({share} interval {low} to {high})", f"{value}（{share} 区间 {low} 至 {high}）")
        return [said, *(f"  {chance:.3f}  {name}" for name, chance in told.get("probabilities", {}).items())]

    def back(self, answer: Score, first: Moved, second: Moved) -> Score:
        """Numbers stand nowhere in the text."""
        return answer

    def surest(self, answer: Score) -> Floats:
        """The number, its interval, and every level's probability."""
        return np.array([answer.value, answer.low, answer.high, *answer.probabilities.values()])

    def agree(self, one: Score, other: Score) -> bool:
        """Whether both give the same level, or numbers within each other's intervals."""
        if one.probabilities:
            return one.value == other.value
        return one.low <= other.value <= one.high and other.low <= one.value <= other.high

    def change(self, one: Score, other: Score) -> float:
        """The largest difference of a level's probability; of numbers, the difference in widths of the interval."""
        if one.probabilities:
            return max(abs(chance - other.probabilities[name]) for name, chance in one.probabilities.items())
        return abs(one.value - other.value) / (one.high - one.low)


FORM = ScoreForm


def number_of(value: Any) -> float:
    """One cell as a number; ValueError says why it is none.

    >>> number_of(" 3.50 "), number_of(4)
    (3.5, 4.0)
    """
    text = cell_text(value).strip()
    if not text:
        raise ValueError(tr("no label", "没有标签"))
    if not _NUMBER.fullmatch(text) or not np.isfinite(float(text)):
        raise ValueError(tr("the label is not a number", "标签不是数值"))
    return float(text)


def level_name(value: float) -> str:
    """A level as it is named: without a needless point.

    >>> level_name(3.0), level_name(2.5)
    ('3', '2.5')
    """
    return cell_text(float(value))


def scale_of(labels: Sequence[tuple[float, ...]]) -> str:
    """The head that rows of numbers call for: few whole numbers are levels.

    >>> scale_of([(1.0,), (5.0,)]), scale_of([(36.6,), (39.1,)])
    ('ordinal', 'continuous')
    """
    values = {value for (value,) in labels}
    return "ordinal" if len(values) <= MOST_LEVELS and all(map(float.is_integer, values)) else "continuous"


def whole(value: float) -> float | int:
    """A whole number without its point."""
    return int(value) if value.is_integer() else value


def _level_numbers(values: Floats, names: Sequence[str]) -> NDArray[np.int64]:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[level_name(value)] for value in values], np.int64)


def _level(chances: Floats, names: Sequence[str], tail: float) -> Score:
    upwards, downwards = np.cumsum(chances), np.cumsum(chances[::-1])[::-1]
    middle = int(np.argmax(upwards >= 0.5))
    low = min(middle, int(np.argmax(upwards >= tail)))
    high = max(middle, len(names) - 1 - int(np.argmax(downwards[::-1] >= tail)))
    value, least, most = (float(names[number]) for number in (middle, low, high))
    return Score(value=value, low=least, high=most, probabilities=dict(zip(names, chances.tolist(), strict=True)))
