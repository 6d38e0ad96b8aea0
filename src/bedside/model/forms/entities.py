"""Answers that are entities: stretches of a text, each of a type (tag; nested, where they may overlap)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.formats._tables import cell, column_text, listed
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats
from bedside.model.engine import Outputs
from bedside.model.entities import as_json, joined, overlapping, read_tagged, tags_of
from bedside.model.forms import scheme_spans, scheme_tags
from bedside.model.given import Given, without_identity
from bedside.model.inputs import Encoded, Identity, prepare_marked
from bedside.model.moved import Moved
from bedside.model.rows import Labelled, Remark
from bedside.model.units import encode_units
from bedside.types import Entity, Tagging

SCHEMES: dict[str, Any] = {"tag": scheme_tags, "nested": scheme_spans}
"""How a head's outputs spell entities: one of `scheme_*.py`."""


@dataclass(frozen=True)
class EntityForm:
    """See `forms/__init__.py`."""

    head: str = "tag"
    scores = ("entity_f1",)
    least = 1
    two = marked = weighted = pooled = words = False
    tells = ("entities",)

    @property
    def scheme(self) -> Any:
        """How the head's outputs spell entities."""
        return SCHEMES[self.head]

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """Entities with start, end and type in a text, or a tag for each token."""
        text, tokens, entities = read_tagged(cell(row, data.text), cell(row, data.label))
        if not text.strip():
            raise ValueError(tr("no text", "没有文本"))
        return text, Given(tokens), entities

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A text, or tokens."""
        found = listed(row.get(data.text))
        text, tokens = joined(found) if isinstance(found, (list, tuple)) else (column_text(row, data.text), ())
        if not text.strip():
            raise ValueError(tr("no text", "没有文本"))
        return text, Given(tokens)

    def labels(self, cells: Sequence[Any]) -> list[tuple[Entity, ...]]:
        """Entities, in order."""
        return [tuple(one) for one in cells]

    def cells(self, text: str, given: Given, label: tuple[Entity, ...]) -> dict[str, Any]:
        """As the row came: entities, or a tag for each token."""
        if given.tokens and not overlapping(label):
            return {"text": [text[start:end] for start, end in given.tokens], "label": tags_of(label, given.tokens)}
        shown = [text[start:end] for start, end in given.tokens] or text
        return {"text": shown, "label": [{"start": e.start, "end": e.end, "type": e.type} for e in label]}

    def named(self, labels: Sequence[Sequence[Entity]]) -> list[tuple[str, ...]]:
        """The types of each row's entities."""
        return [tuple(dict.fromkeys(entity.type for entity in entities)) for entities in labels]

    def names(self, labels: Sequence[Sequence[Entity]]) -> tuple[str, ...]:
        """Entity types once each, by alphabet."""
        return tuple(sorted({entity.type for row in labels for entity in row}))

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity, entities at their new places; one of which a part was removed is none any more."""
        texts, labels, given = [], [], []
        scrubbed = prepare_marked(rows.texts, identity=identity, on_text=on_text)
        for (text, removed), entities, own in zip(scrubbed, rows.labels, rows.given, strict=True):
            moved = Moved(removed)
            texts.append(text)
            labels.append(tuple(there for one in entities if (there := moved.there(one))))
            given.append(without_identity(own, own.second, moved))
        return replace(rows, texts=texts, labels=labels, given=given)

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """Token ids of each piece of each text; nothing is cut."""
        tokens = [one.tokens for one in given] or [()] * len(texts)
        return encode_units(tokenizer, texts, tokens, **limits)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

    def targets(
        self, labels: Sequence[Sequence[Entity]], encoded: Encoded, names: Sequence[str]
    ) -> list[NDArray[np.int64]]:
        """What is to be said of each piece; see the scheme."""
        assert encoded.units is not None
        sizes = list(map(len, encoded.ids))
        return list(self.scheme.targets(labels, encoded.units, names, sizes))

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """One temperature."""
        assert encoded.units is not None
        if not len(outputs):
            return Calibration()
        return Calibration(self.scheme.temperature(outputs, labels, encoded.units, names))

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Tagging]:
        """The entities of each text."""
        assert encoded.units is not None
        found = self.scheme.entities(outputs, encoded.units, names, calibration.temperature)
        return [Tagging(entities) for entities in found]

    def score(
        self, metric: str, labels: Sequence[Sequence[Entity]], answers: Sequence[Tagging], names: Sequence[str]
    ) -> float:
        """F1 of exact entities: start, end and type, all rows together."""
        truth, given = map(set, (_numbered(labels), _numbered([answer.entities for answer in answers])))
        total = len(truth) + len(given)
        return 2 * len(truth & given) / total if total else 0.0

    def told(self, text: str, given: Given, answer: Tagging) -> dict[str, Any]:
        """Entities; or, of a row that came as tokens, a tag for each, which entities that overlap do not have.

        With these the text that the tokens make is told: places are counted in it.
        """
        if not given.tokens:
            return {"entities": as_json(answer.entities, text)}
        if self.head == "nested":
            return {"text": text, "entities": as_json(answer.entities, text)}
        return {"tags": tags_of(answer.entities, given.tokens)}

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """Each entity."""
        found = [f"  {one['probability']:.3f}  {one['type']}: {one['text']}" for one in told["entities"]]
        return found or [tr("no entities", "无实体")]

    def back(self, answer: Tagging, first: Moved, second: Moved) -> Tagging:
        """Entities where they were; one of which a part was removed is left out."""
        return Tagging(tuple(there for entity in answer.entities if (there := first.back(entity))))

    def surest(self, answer: Tagging) -> Floats:
        """Every entity's probability."""
        return np.array([entity.probability for entity in answer.entities])

    def agree(self, one: Tagging, other: Tagging) -> bool:
        """Whether both find the same entities."""
        return one.entities == other.entities

    def change(self, one: Tagging, other: Tagging) -> float:
        """The largest difference of a probability; of an entity that only one finds, all of it."""
        chances = [{entity: entity.probability for entity in answer.entities} for answer in (one, other)]
        found = chances[0].keys() | chances[1].keys()
        return max((abs(chances[0].get(e, 0.0) - chances[1].get(e, 0.0)) for e in found), default=0.0)


FORM = EntityForm


def _numbered(rows: Sequence[Sequence[Entity]]) -> list[tuple[int, Entity]]:
    return [(number, entity) for number, row in enumerate(rows) for entity in row]
