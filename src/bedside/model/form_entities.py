"""Answers that are entities: stretches of a text, each of a type (tag)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.heads._tags import NOT_JUDGED, best_tags
from bedside.model.calibration import Calibration, Floats, fit_temperature, softmax
from bedside.model.engine import Outputs
from bedside.model.entities import Places
from bedside.model.inputs import Encoded, Identity, prepare_marked
from bedside.model.moved import Moved
from bedside.model.rows import Labelled
from bedside.model.scores import one_hot
from bedside.model.units import encode_units, entities_in, judged, tag_numbers
from bedside.types import Entity, Tagging

_LEAST = 1e-12


@dataclass(frozen=True)
class EntityForm:
    """See `model/forms.py`."""

    scores = ("entity_f1",)

    def names(self, labels: Sequence[Sequence[Entity]]) -> tuple[str, ...]:
        """Entity types once each, by alphabet."""
        return tuple(sorted({entity.type for row in labels for entity in row}))

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity, entities at their new places; one of which a part was removed is none any more."""
        texts, labels, tokens = [], [], []
        scrubbed = prepare_marked(rows.texts, identity=identity, on_text=on_text)
        for (text, removed), entities, places in zip(scrubbed, rows.labels, rows.tokens, strict=True):
            moved = Moved(removed)
            texts.append(text)
            labels.append(tuple(there for one in entities if (there := moved.there(one))))
            tokens.append(places if not removed else ())
        return replace(rows, texts=texts, labels=labels, tokens=tokens)

    def encode(self, tokenizer: Any, texts: Sequence[str], tokens: Sequence[Places] = (), **limits: Any) -> Encoded:
        """Token ids of each piece of each text; nothing is cut."""
        return encode_units(tokenizer, texts, tokens or [()] * len(texts), **limits)

    def targets(
        self, labels: Sequence[Sequence[Entity]], encoded: Encoded, names: Sequence[str]
    ) -> list[NDArray[np.int64]]:
        """A tag for the first token of each unit, piece by piece; `NOT_JUDGED` for the other tokens."""
        assert encoded.units is not None
        units = encoded.units
        tags = [tag_numbers(*one, names) for one in zip(labels, units.places, strict=True)]
        done = [0] * len(tags)
        found = []
        for ids, text, tokens in zip(encoded.ids, units.piece_of, units.tokens, strict=True):
            target = np.full(len(ids), NOT_JUDGED, np.int64)
            target[tokens] = tags[text][done[text] : done[text] + len(tokens)]
            done[text] += len(tokens)
            found.append(target)
        return found

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """One temperature, for the tags of all units."""
        assert encoded.units is not None
        assert isinstance(outputs, list)
        if not len(outputs):
            return Calibration()
        logits = np.concatenate(judged(outputs, encoded.units))
        tags = np.concatenate([tag_numbers(*one, names) for one in zip(labels, encoded.units.places, strict=True)])
        return Calibration(fit_temperature(logits, one_hot(tags, logits.shape[1]), "classify"))

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Tagging]:
        """The entities of each text's most probable allowed tags."""
        assert encoded.units is not None
        assert isinstance(outputs, list)
        found = []
        for logits, places in zip(judged(outputs, encoded.units), encoded.units.places, strict=True):
            chances = softmax(logits / calibration.temperature) if len(logits) else logits
            tags = best_tags(np.log(np.maximum(chances, _LEAST)))
            found.append(Tagging(entities_in(tags, chances[np.arange(len(tags)), tags], places, names)))
        return found

    def score(
        self, metric: str, labels: Sequence[Sequence[Entity]], answers: Sequence[Tagging], names: Sequence[str]
    ) -> float:
        """F1 of exact entities: start, end and type, all rows together."""
        truth, given = map(set, (_numbered(labels), _numbered([answer.entities for answer in answers])))
        total = len(truth) + len(given)
        return 2 * len(truth & given) / total if total else 0.0

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


def _numbered(rows: Sequence[Sequence[Entity]]) -> list[tuple[int, Entity]]:
    return [(number, entity) for number, row in enumerate(rows) for entity in row]
