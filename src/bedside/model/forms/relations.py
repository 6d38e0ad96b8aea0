"""Answers that are relations between the entities of a text (relate)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.formats._tables import cell
from bedside.heads._tags import NOT_JUDGED
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats, best_cut, fit_temperature, softmax
from bedside.model.cells import text_of
from bedside.model.engine import Outputs
from bedside.model.forms.related import at_tails, judged, matched, relation_of
from bedside.model.forms.relations_learnt import learnt, thinned_pieces
from bedside.model.given import Given, without_identity
from bedside.model.inputs import Encoded, Identity, prepare_marked
from bedside.model.marked import Schema, encode_marked
from bedside.model.moved import Moved
from bedside.model.relations import read_entities, read_relations, relations_json, schema_of, turned
from bedside.model.rows import Labelled, Remark
from bedside.model.scores import one_hot
from bedside.types import Entity, Relating, Relation

Finder = Callable[[Sequence[str]], Sequence[tuple[Entity, ...]]]
"""Texts to the entities in each: a model that tags."""


@dataclass(frozen=True)
class RelationForm:
    """See `forms/__init__.py`. `finder` gives the entities of texts that come without; `afresh`: of every text."""

    head: str = "relate"
    finder: Finder | None = field(default=None, repr=False)
    afresh: bool = False
    scores = ("relation_f1",)
    least = 1
    two = pooled = words = False
    tells = ("relations",)
    marked = weighted = True

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """A text with entities, and relations between them; entities may come with the relations alone."""
        text, given = self.read_text(row, data)
        return text, *read_relations(text, given, cell(row, data.label))

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A text, and its entities where there is a column of them."""
        text = text_of(row, data.text)
        return text, read_entities(text, cell(row, data.entities) if data.entities else row.get("entities"))

    def labels(self, cells: Sequence[Any]) -> list[tuple[Relation, ...]]:
        """Relations, in order; one that all rows have both ways round is kept once."""
        both = schema_of(cells).undirected
        return [
            tuple(one for one in row if not (one.type in both and one.tail < one.head and turned(one) in row))
            for row in cells
        ]

    def cells(self, text: str, given: Given, label: tuple[Relation, ...]) -> dict[str, Any]:
        """Entities by number, and relations between these numbers."""
        number = {entity: n for n, entity in enumerate(given.entities)}
        entities = [{"start": e.start, "end": e.end, "type": e.type} for e in given.entities]
        ends = [{"head": number[one.head], "tail": number[one.tail], "type": one.type} for one in label]
        return {"text": text, "entities": entities, "label": ends}

    def named(self, labels: Sequence[Sequence[Relation]]) -> list[tuple[str, ...]]:
        """The types of each row's relations."""
        return [tuple(dict.fromkeys(one.type for one in row)) for row in labels]

    def names(self, labels: Sequence[Sequence[Relation]]) -> tuple[str, ...]:
        """Relation types once each, by alphabet."""
        return tuple(sorted({one.type for row in labels for one in row}))

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity, entities and relations at their new places; a removed entity takes its own along."""
        texts, labels, given = [], [], []
        scrubbed = prepare_marked(rows.texts, identity=identity, on_text=on_text)
        for (text, removed), relations, own in zip(scrubbed, rows.labels, rows.given, strict=True):
            moved = Moved(removed)
            texts.append(text)
            labels.append(tuple(there for one in relations if (there := _moved(one, moved.there))))
            given.append(without_identity(own, own.second, moved))
        return replace(rows, texts=texts, labels=labels, given=given)

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """The types of entities that are related, and which relations have no direction."""
        return learnt(rows)

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """Token ids of a piece for each head entity; a pair too far apart for one piece is counted."""
        pairs = {key: frozenset(map(tuple, limits.pop(key, ()))) for key in ("directed", "in_order")}
        schema = Schema(**pairs, undirected=frozenset(limits.pop("undirected", ())))
        return encode_marked(tokenizer, texts, self._entities(texts, given), schema=schema, **limits)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """All pieces with a relation, and of the others no more than `NONE_PER_RELATION` allows."""
        return thinned_pieces(encoded, rows, self.names(rows.labels), seed)

    def targets(
        self, labels: Sequence[Sequence[Relation]], encoded: Encoded, names: Sequence[str]
    ) -> list[NDArray[np.int64]]:
        """The relation at each tail's mark (0: none), piece by piece; `NOT_JUDGED` elsewhere."""
        assert encoded.marked is not None
        found = []
        truth = judged(encoded.marked, labels, names)
        for ids, tails, numbers in zip(encoded.ids, encoded.marked.tails, truth, strict=True):
            target = np.full(len(ids), NOT_JUDGED, np.int64)
            target[[at for at, _ in tails]] = numbers
            found.append(target)
        return found

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """One temperature, and one cut on the probability of any relation, by F1."""
        assert encoded.marked is not None
        if not len(outputs):
            return Calibration()
        logits = np.concatenate(at_tails(outputs, encoded.marked))
        truth = np.concatenate(judged(encoded.marked, labels, names))
        temperature = fit_temperature(logits, one_hot(truth, logits.shape[1]), "classify")
        cut = best_cut(1 - softmax(logits / temperature)[:, 0], truth > 0)
        return Calibration(temperature, (cut,) * len(names))

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Relating]:
        """The most probable relation of each pair that is more likely related than the cut."""
        assert encoded.marked is not None
        marked = encoded.marked
        cut = calibration.thresholds[0] if calibration.thresholds else 0.5
        found: list[dict[Relation, Relation]] = [{} for _ in marked.pairs]
        for logits, text, tails in zip(at_tails(outputs, marked), marked.piece_of, marked.tails, strict=True):
            chances = softmax(logits / calibration.temperature)
            for row, (_, number) in zip(chances, tails, strict=True):
                if 1 - row[0] < cut:
                    continue
                best = 1 + int(row[1:].argmax())
                one = relation_of(marked.pairs[text][number], names[best - 1], float(row[best]), marked.schema)
                found[text][one] = max(one, found[text].get(one, one), key=lambda each: each.probability)
        return [Relating(tuple(sorted(row.values())), far) for row, far in zip(found, marked.too_far, strict=True)]

    def score(
        self, metric: str, labels: Sequence[Sequence[Relation]], answers: Sequence[Relating], names: Sequence[str]
    ) -> float:
        """F1 of exact relations: both entities and type, all rows together."""
        right = found = marked = 0
        for truth, answer in zip(labels, answers, strict=True):
            there = set(matched(truth, answer.relations))
            right += len(there & set(answer.relations))
            found, marked = found + len(answer.relations), marked + len(there)
        return 2 * right / (found + marked) if found + marked else 0.0

    def told(self, text: str, given: Given, answer: Relating) -> dict[str, Any]:
        """Relations, and how many pairs were too far apart."""
        far = {"pairs_too_far": answer.too_far} if answer.too_far else {}
        return {"relations": relations_json(answer, text, given), **far}

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """Each relation."""
        found = [
            f"  {one['probability']:.3f}  {one['type']}: {one['head']['text']} "
            f"{'→' if one['directed'] else '–'} {one['tail']['text']}"
            for one in told["relations"]
        ]
        far = told.get("pairs_too_far", 0)
        more = [tr(f"{far} pairs too far apart to be read together", f"{far} 对实体相距过远，未判断")] if far else []
        return (found or [tr("no relations", "无关系")]) + more

    def back(self, answer: Relating, first: Moved, second: Moved) -> Relating:
        """Relations between entities where they were."""
        there = tuple(back for one in answer.relations if (back := _moved(one, first.back)))
        return replace(answer, relations=there)

    def surest(self, answer: Relating) -> Floats:
        """Every relation's probability."""
        return np.array([one.probability for one in answer.relations])

    def agree(self, one: Relating, other: Relating) -> bool:
        """Whether both find the same relations."""
        return one.relations == other.relations

    def change(self, one: Relating, other: Relating) -> float:
        """The largest difference of a probability; of a relation that only one finds, all of it."""
        chances = [{relation: relation.probability for relation in answer.relations} for answer in (one, other)]
        found = chances[0].keys() | chances[1].keys()
        return max((abs(chances[0].get(r, 0.0) - chances[1].get(r, 0.0)) for r in found), default=0.0)

    def _entities(self, texts: Sequence[str], given: Sequence[Given]) -> list[tuple[Entity, ...]]:
        """The entities given with each text, or found in it."""
        found = [() if self.afresh else one.entities for one in given] or [()] * len(texts)
        lacking = [row for row, one in enumerate(found) if not one]
        if self.finder is not None and lacking:
            for row, entities in zip(lacking, self.finder([texts[row] for row in lacking]), strict=True):
                found[row] = entities
        return found


FORM = RelationForm


def _moved(one: Relation, there: Callable[[Any], Any]) -> Relation | None:
    head, tail = there(one.head), there(one.tail)
    return replace(one, head=head, tail=tail) if head and tail else None
