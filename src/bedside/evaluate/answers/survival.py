"""Times to an event of many rows: gathered, measured, and the baselines they must beat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.baselines.ridge_cox import ridge_cox
from bedside.evaluate.baselines.rivals import Rows, column_features, tfidf_features
from bedside.evaluate.bootstrap import Array, Ints
from bedside.evaluate.measures.survival import Curves, evaluate_survival
from bedside.evaluate.metrics import Evaluation
from bedside.lang import tr
from bedside.model.survival.curves import chances_at, lost_share, thinned
from bedside.model.survival.hazards import cumulative_hazard
from bedside.model.survival.intervals import horizons_of
from bedside.types import Answer, Survival, Undefined

RIVALS = ("kaplan_meier", "ridge_cox")

UNLIKELY = 0.8
"""An event at a time by which none was expected with at least this chance is shown as misread."""


@dataclass(frozen=True)
class SurvivalAnswers:
    """The curve of each row; `labels` name the horizons that it is measured at."""

    head: str
    labels: tuple[str, ...]
    found: list[Survival] = field(repr=False)

    def __len__(self) -> int:
        return len(self.found)

    def measure(
        self,
        truths: Sequence[tuple[float, int]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        how: dict[str, Any] = {"head": self.head, "labels": self.labels, "seed": seed, "subgroups": subgroups}
        curves = Curves(np.array([one.risk for one in self.found]), self._chances)
        return evaluate_survival(curves, truths, patients, horizons=horizons_of(self.labels), **how)

    def take(self, rows: Ints) -> SurvivalAnswers:
        """See `Answers`."""
        return SurvivalAnswers(self.head, self.labels, [self.found[row] for row in rows])

    def joined(self, others: Sequence[SurvivalAnswers], labels: Sequence[str]) -> SurvivalAnswers:
        """See `Answers`; folds differ in their intervals, and are measured at the horizons of all rows."""
        return SurvivalAnswers(self.head, tuple(labels), [one for answers in (self, *others) for one in answers.found])

    def misread(
        self, truths: Sequence[tuple[float, int]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`: events that came when the model held them unlikely yet."""
        found = []
        for row, ((time, event), answer) in enumerate(zip(truths, self.found, strict=True)):
            chance = float(chances_at(answer.times, np.array(answer.chances), time))
            if event and chance >= UNLIKELY:
                truth = tr(f"event at {time:g}", f"事件发生于 {time:g}")
                found.append((row, truth, tr(f"none by then: {chance:.2f}", f"至此未发生：{chance:.2f}"), chance))
        return found

    def _chances(self, times: Array) -> Array:
        rows = [chances_at(one.times, np.array(one.chances), times) for one in self.found]
        return np.array(rows).reshape(len(self.found), len(times))


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return ("c_index", "c_uno", "ibs")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> SurvivalAnswers:
    """Curves as a column."""
    return SurvivalAnswers(head, labels, [one for one in answers if isinstance(one, Survival)])


def rivals(
    train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int
) -> dict[str, SurvivalAnswers] | Undefined:
    """The training part's Kaplan-Meier curve for everyone, and ridge Cox regression on TF-IDF and on columns."""
    truth = list(train.targets)
    if not any(event for _, event in truth):
        return Undefined(reason=tr("the training part holds no event", "训练数据中没有事件"), n=len(test.targets))

    def said(learnt: Array, asked: Array) -> SurvivalAnswers:
        times, hazard = zip(*thinned(*cumulative_hazard(learnt, truth)), strict=True)
        chances = np.exp(-np.exp(asked)[:, None] * np.array(hazard))
        risks = lost_share(times, chances)
        rows = [Survival(float(risk), times, tuple(row)) for risk, row in zip(risks, chances.tolist(), strict=True)]
        return SurvivalAnswers(head, labels, rows)

    makers: dict[str, Callable[[Rows, Rows], tuple[Any, Any]]] = {"ridge_cox": tfidf_features}
    if test.columns:
        makers["columns_cox"] = column_features
    found = {"kaplan_meier": said(np.zeros(len(truth)), np.zeros(len(test.targets)))}
    for name, maker in makers.items():
        found[name] = said(*ridge_cox(*maker(train, test), truth, seed=seed))
    return found
