"""Excerpts of many texts: gathered, measured, and the baselines they must beat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.baselines.sentences import likest_sentences
from bedside.evaluate.bootstrap import Ints
from bedside.evaluate.measures.excerpts import evaluate_excerpts
from bedside.evaluate.metrics import Evaluation
from bedside.lang import tr
from bedside.model.excerpts import likeness
from bedside.types import Answer, Excerpt

RIVALS = ("no_answer", "sentence")


@dataclass(frozen=True)
class ExcerptAnswers:
    """The excerpt of each row."""

    labels: tuple[str, ...]
    found: list[Excerpt] = field(repr=False)

    def __len__(self) -> int:
        return len(self.found)

    def measure(
        self,
        truths: Sequence[tuple[Excerpt, ...]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        return evaluate_excerpts(truths, self.found, patients, labels=self.labels, seed=seed, subgroups=subgroups)

    def take(self, rows: Ints) -> ExcerptAnswers:
        """See `Answers`."""
        return ExcerptAnswers(self.labels, [self.found[row] for row in rows])

    def joined(self, others: Sequence[ExcerptAnswers], labels: Sequence[str]) -> ExcerptAnswers:
        """See `Answers`."""
        return ExcerptAnswers(tuple(labels), [one for answers in (self, *others) for one in answers.found])

    def misread(
        self, truths: Sequence[tuple[Excerpt, ...]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`: those without a word of the true answer, or where there is none."""
        return [
            (row, _shown(truth[0] if truth else None, texts), _shown(answer, texts), answer.probability)
            for row, (truth, answer) in enumerate(zip(truths, self.found, strict=True))
            if not likeness(answer, truth)[1]
        ]


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return ("answer_f1", "answer_em", "has_answer_f1", "no_answer_accuracy")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> ExcerptAnswers:
    """Excerpts as a column."""
    return ExcerptAnswers(labels, [one for one in answers if isinstance(one, Excerpt)])


def rivals(train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int) -> dict[str, ExcerptAnswers]:
    """No answer to anything, and the sentence of each text that is most like the question."""
    return {
        "no_answer": ExcerptAnswers(labels, [Excerpt()] * len(test.texts)),
        "sentence": ExcerptAnswers(labels, likest_sentences(train, test)),
    }


def _shown(answer: Excerpt | None, texts: Sequence[str] | None) -> str:
    if not answer:
        return tr("no answer", "无答案")
    return answer.text if texts is not None else tr("an answer", "有答案")
