"""What compression changed in the answers: the dev metric before and after, with a paired interval, and agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bedside.types import Figure

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled


class Interval(Protocol):
    """`evaluate/bootstrap.py`'s; who calls brings it."""

    def __call__(self, statistic: Any, patients: Sequence[str] | None, seed: int = 0, *, bounded: bool) -> Figure:
        """The interval of `statistic(row numbers)` when patients are drawn anew."""
        ...


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The figure of the same `n` texts before and after, and the interval of after minus before.

    `agreement` is the share of texts that keep their label(s) or entities; `largest_change` is of a probability.
    """

    metric: str
    before: float
    after: float
    agreement: float
    largest_change: float
    n: int
    difference: Figure | None = None

    def drop(self) -> float:
        """How much of the metric was lost (negative: gained)."""
        return self.before - self.after


def measure(model: Model, small: Model, rows: Labelled, metric: str = "", interval: Interval | None = None) -> Cost:
    """Both models on the same rows; the figure is the first of the head's unless said."""
    metric = metric or model.form.scores[0]
    old, new = model.predict(rows.texts, rows.given), small.predict(rows.texts, rows.given)

    def score(answers: Sequence[Any], numbers: Sequence[int]) -> float:
        labels = [rows.labels[number] for number in numbers]
        return model.form.score(metric, labels, [answers[number] for number in numbers], model.labels)

    def gap(numbers: Sequence[int]) -> float:
        return score(new, numbers) - score(old, numbers)

    every = range(len(rows))
    return Cost(
        metric=metric,
        before=score(old, every),
        after=score(new, every),
        agreement=sum(map(model.form.agree, old, new)) / len(old),
        largest_change=max(map(model.form.change, old, new)),
        n=len(old),
        difference=interval(gap, rows.patients, bounded=False) if interval else None,
    )
