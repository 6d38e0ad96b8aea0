"""Numbers answered to many rows: gathered, measured, and the median, mean and ridge regression they must beat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.baselines.ridge import ridge
from bedside.evaluate.baselines.rivals import Rows, column_features, tfidf_features
from bedside.evaluate.bootstrap import Array, Ints
from bedside.evaluate.measures.numbers import FIGURES, evaluate_numbers
from bedside.evaluate.metrics import Evaluation
from bedside.model.forms.score import level_name
from bedside.model.intervals import TAIL
from bedside.types import Answer, Score

RIVALS = ("median", "mean", "ridge")


@dataclass(frozen=True)
class ScoreAnswers:
    """A number and its interval for each row; `head` is ordinal or continuous."""

    head: str
    labels: tuple[str, ...]
    found: list[Score] = field(repr=False)

    def __len__(self) -> int:
        return len(self.found)

    def measure(
        self,
        truths: Sequence[tuple[float, ...]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        values = [value for (value,) in truths]
        return evaluate_numbers(self.head, self.labels, values, self.found, patients, seed=seed, subgroups=subgroups)

    def take(self, rows: Ints) -> ScoreAnswers:
        """See `Answers`."""
        return ScoreAnswers(self.head, self.labels, [self.found[row] for row in rows])

    def joined(self, others: Sequence[ScoreAnswers], labels: Sequence[str]) -> ScoreAnswers:
        """See `Answers`."""
        return ScoreAnswers(self.head, tuple(labels), [one for answers in (self, *others) for one in answers.found])

    def misread(
        self, truths: Sequence[tuple[float, ...]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`: truths outside their interval, the farthest (in intervals' reach, at most 10) surest."""
        found = []
        for row, ((truth,), one) in enumerate(zip(truths, self.found, strict=True)):
            if not one.low <= truth <= one.high:
                reach = max(one.high - one.value, one.value - one.low) or 1.0
                said = f"{one.value:.5g} ({one.low:.5g} - {one.high:.5g})"
                found.append((row, level_name(truth), said, 1 - 0.5 ** min(10.0, abs(truth - one.value) / reach)))
        return found


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return FIGURES[head][:4]


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> ScoreAnswers:
    """Scores as a column."""
    return ScoreAnswers(head, labels, [one for one in answers if isinstance(one, Score)])


def rivals(train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int) -> dict[str, ScoreAnswers]:
    """The median and mean of the training part, and ridge regression on TF-IDF and on columns."""
    truth, rows = np.array([value for (value,) in train.targets]), len(test.texts)
    ends = np.quantile(truth, [TAIL, 1 - TAIL])
    middle = np.quantile(truth, 0.5, method="lower" if head == "ordinal" else "linear")
    found = {
        name: _said(head, labels, np.full(rows, value), np.full(rows, ends[0]), np.full(rows, ends[1]))
        for name, value in (("median", middle), ("mean", truth.mean()))
    }
    makers = {"ridge": tfidf_features, **({"columns": column_features} if test.columns else {})}
    for name, maker in makers.items():
        features, asked = maker(train, test)
        value, reach = ridge(features, truth, asked, train.patients, seed=seed)
        if head == "ordinal":
            value = _nearest(value, np.array(labels, np.float64))
        found[name] = _said(head, labels, value, value - reach, value + reach)
    return found


def _said(head: str, labels: tuple[str, ...], values: Array, lows: Array, highs: Array) -> ScoreAnswers:
    columns = (part.tolist() for part in (values, lows, highs))
    return ScoreAnswers(head, labels, [Score(value=v, low=a, high=b) for v, a, b in zip(*columns, strict=True)])


def _nearest(values: Array, levels: Array) -> Array:
    """Each value as the level next to it."""
    nearest: Array = levels[np.abs(values[:, None] - levels).argmin(1)]
    return nearest
