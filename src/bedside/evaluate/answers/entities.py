"""Entities of many rows: gathered, measured, and the dictionary they must beat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bedside.evaluate.baselines.dictionary import Dictionary
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.bootstrap import Ints
from bedside.evaluate.measures.entities import evaluate_entities
from bedside.evaluate.metrics import Evaluation
from bedside.model.units import units_of
from bedside.types import Answer, Entity, Tagging

RIVALS = ("dictionary",)


@dataclass(frozen=True)
class EntityAnswers:
    """The entities found in each row."""

    labels: tuple[str, ...]
    found: list[tuple[Entity, ...]] = field(repr=False)
    head: str = "tag"

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
        done = evaluate_entities(self.labels, truths, self.found, patients, seed=seed, subgroups=subgroups)
        return replace(done, head=self.head)

    def take(self, rows: Ints) -> EntityAnswers:
        """See `Answers`."""
        return replace(self, found=[self.found[row] for row in rows])

    def joined(self, others: Sequence[EntityAnswers], labels: Sequence[str]) -> EntityAnswers:
        """See `Answers`."""
        found = [one for answers in (self, *others) for one in answers.found]
        return replace(self, labels=tuple(labels), found=found)

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


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return ("entity_f1", "entity_precision", "entity_recall")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> EntityAnswers:
    """Taggings as a column."""
    return EntityAnswers(labels, [one.entities for one in answers if isinstance(one, Tagging)], head)


def rivals(train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int) -> dict[str, EntityAnswers]:
    """Entities of the training part, looked up as in a dictionary."""
    words = Dictionary(train.texts, train.targets, list(map(units_of, train.texts)))
    found = [tuple(words.look_up(text, units_of(text))) for text in test.texts]
    return {"dictionary": EntityAnswers(labels, found, head)}


def _shown(entity: Entity, text: str) -> str:
    return f"{entity.type}: {text[entity.start : entity.end]}" if text else entity.type
