"""Answers to many rows side by side, of either form: measured, pooled over folds, and what was misread in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bedside.evaluate.bootstrap import Array, Ints
from bedside.evaluate.entities import evaluate_entities
from bedside.evaluate.metrics import Evaluation, evaluate
from bedside.types import Answer, Entity, Prediction, Tagging


class Answers(Protocol):
    """What a model, or a baseline, says of n rows."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names it may answer with."""
        ...

    def __len__(self) -> int: ...

    def measure(
        self,
        truths: Sequence[Any],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """Measured against each row's labels, or entities."""
        ...

    def take(self, rows: Ints) -> Answers:
        """Those to some of the rows."""
        ...

    def misread(self, truths: Sequence[Any], texts: Sequence[str] | None) -> list[tuple[int, str, str, float]]:
        """(row, truth, answer, confidence) of each wrong answer; in words of the texts only if these are given."""
        ...


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

    def take(self, rows: Ints) -> LabelAnswers:
        """See `Answers`."""
        return LabelAnswers(self.head, self.labels, self.probabilities[rows], [self.predicted[row] for row in rows])

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


@dataclass(frozen=True)
class EntityAnswers:
    """The entities found in each row."""

    labels: tuple[str, ...]
    found: list[tuple[Entity, ...]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.found)

    def measure(
        self,
        truths: Sequence[tuple[Entity, ...]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        return evaluate_entities(self.labels, truths, self.found, patients, seed=seed, subgroups=subgroups)

    def take(self, rows: Ints) -> EntityAnswers:
        """See `Answers`."""
        return EntityAnswers(self.labels, [self.found[row] for row in rows])

    def misread(
        self, truths: Sequence[tuple[Entity, ...]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`: each entity that is not marked, beside what is marked where it stands."""
        found = []
        for row, (marked, given) in enumerate(zip(truths, self.found, strict=True)):
            text = texts[row] if texts is not None else ""
            for entity in set(given) - set(marked):
                there = [one for one in marked if one.start < entity.end and entity.start < one.end]
                truth = ", ".join(_shown(one, text) for one in there) or "—"
                found.append((row, truth, _shown(entity, text), entity.probability))
        return found


def gathered(head: str, labels: Sequence[str], answers: Iterable[Answer]) -> Answers:
    """Answers one by one as a column."""
    if head == "tag":
        return EntityAnswers(tuple(labels), [one.entities for one in answers if isinstance(one, Tagging)])
    rows = [one for one in answers if isinstance(one, Prediction)]
    chances = np.array([[one.probabilities[label] for label in labels] for one in rows]).reshape(-1, len(labels))
    return LabelAnswers(head, tuple(labels), chances, [one.label for one in rows])


def pooled(parts: Sequence[tuple[Ints, Answers]], labels: Sequence[str]) -> Answers:
    """Answers to parts of the rows as one column, in row order; a label its model did not know gets probability 0."""
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    several = [answers for _, answers in parts]
    if isinstance(several[0], EntityAnswers):
        found = [one for answers in several if isinstance(answers, EntityAnswers) for one in answers.found]
        return EntityAnswers(tuple(labels), found).take(order)
    wide: list[Array] = []
    predicted: list[Any] = []
    head = ""
    for answers in several:
        assert isinstance(answers, LabelAnswers)
        own = np.zeros((len(answers), len(labels)))
        own[:, [list(labels).index(label) for label in answers.labels]] = answers.probabilities
        wide.append(own)
        predicted += answers.predicted
        head = answers.head
    return LabelAnswers(head, tuple(labels), np.concatenate(wide), predicted).take(order)


def _shown(entity: Entity, text: str) -> str:
    return f"{entity.type}: {text[entity.start : entity.end]}" if text else entity.type
