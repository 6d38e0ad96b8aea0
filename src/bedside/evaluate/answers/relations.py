"""Relations of many rows: gathered, measured, and the baselines they must beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedside.evaluate.baselines.pair_words import PairWords
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.bootstrap import Ints
from bedside.evaluate.measures.entities import evaluate_entities
from bedside.evaluate.metrics import Evaluation
from bedside.lang import tr
from bedside.model.forms.related import matched
from bedside.model.marked import Pair, Schema
from bedside.model.relations import schema_of
from bedside.types import Answer, Entity, Relating, Relation, Undefined

RIVALS = ("cooccurrence", "pair_words")


@dataclass(frozen=True)
class RelationAnswers:
    """The relations found in each row."""

    labels: tuple[str, ...]
    found: list[tuple[Relation, ...]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.found)

    def measure(
        self,
        truths: Sequence[tuple[Relation, ...]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`; of a relation without direction it does not matter which end is called the head."""
        there = [matched(truth, found) for truth, found in zip(truths, self.found, strict=True)]
        how: dict[str, Any] = {"seed": seed, "subgroups": subgroups, "head": "relate", "prefix": "relation"}
        return evaluate_entities(self.labels, there, self.found, patients, **how)

    def take(self, rows: Ints) -> RelationAnswers:
        """See `Answers`."""
        return RelationAnswers(self.labels, [self.found[row] for row in rows])

    def joined(self, others: Sequence[RelationAnswers], labels: Sequence[str]) -> RelationAnswers:
        """See `Answers`."""
        return RelationAnswers(tuple(labels), [one for answers in (self, *others) for one in answers.found])

    def misread(
        self, truths: Sequence[tuple[Relation, ...]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`: each relation that is not marked, beside what is marked of the same pair."""
        wrong = []
        for row, (marked, found) in enumerate(zip(truths, self.found, strict=True)):
            text = texts[row] if texts is not None else ""
            for one in set(found) - set(matched(marked, found)):
                pair = {one.head, one.tail}
                truth = ", ".join(_shown(other, text) for other in marked if {other.head, other.tail} == pair)
                wrong.append((row, truth or "—", _shown(one, text), one.probability))
        return wrong


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return ("relation_f1", "relation_precision", "relation_recall", "relation_macro_f1")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> RelationAnswers:
    """Relations as a column."""
    return RelationAnswers(labels, [one.relations for one in answers if isinstance(one, Relating)])


def rivals(
    train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int
) -> dict[str, RelationAnswers] | Undefined:
    """Every pair related as its types mostly are, and logistic regression on the words between and around."""
    schema = schema_of(train.targets)
    known = [one for row in train.targets for one in row]
    if not known:
        reason = tr("no relation in the training part", "训练数据不含任何关系")
        return Undefined(reason=reason, n=len(test.targets))
    pairs = [[schema.pairs(one.entities) for one in part.given] for part in (train, test)]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in known:
        for ends in ((one.head, one.tail), (one.tail, one.head)):
            if one.type in schema.undirected or ends[0] == one.head:
                counts.setdefault(_types(ends), Counter())[one.type] += 1
    usual = {types: count.most_common(1)[0][0] for types, count in counts.items()}
    together = [[_as(schema, pair, usual[_types(pair)], 1.0) for pair in row] for row in pairs[1]]
    words = PairWords(train.texts, pairs[0], [_truths(schema, row) for row in train.targets])
    read = [
        [_as(schema, pair, kind, chance) for pair, (kind, chance) in zip(row, words.of(text, row), strict=True) if kind]
        for text, row in zip(test.texts, pairs[1], strict=True)
    ]
    return {
        "cooccurrence": RelationAnswers(labels, list(map(tuple, together))),
        "pair_words": RelationAnswers(labels, list(map(tuple, read))),
    }


def _types(pair: Pair) -> tuple[str, str]:
    return pair[0].type, pair[1].type


def _truths(schema: Schema, row: Sequence[Relation]) -> dict[Pair, str]:
    """The type of each related pair, either way round where there is no direction."""
    found = {(one.head, one.tail): one.type for one in row}
    return {(one.tail, one.head): one.type for one in row if one.type in schema.undirected} | found


def _as(schema: Schema, pair: Pair, kind: str, chance: float) -> Relation:
    return Relation(*pair, kind, chance, directed=kind not in schema.undirected)


def _shown(one: Relation, text: str) -> str:
    def words(entity: Entity) -> str:
        return text[entity.start : entity.end] if text else entity.type

    return f"{one.type}: {words(one.head)} {'→' if one.directed else '–'} {words(one.tail)}"
