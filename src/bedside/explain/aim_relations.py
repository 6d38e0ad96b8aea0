"""What is explained of relations: the log-odds that two entities are in one relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.errors import UsageError
from bedside.explain.aim import Array, log_odds, surest
from bedside.lang import tr
from bedside.model.calibration import softmax
from bedside.model.forms.related import at_tails
from bedside.model.given import Given
from bedside.types import Entity, Relation


@dataclass(frozen=True)
class RelationAim:
    """One relation between two of `entities`, which keep their places while words are blanked out."""

    name: str
    relation: Relation
    entities: tuple[Entity, ...] = field(repr=False)
    how = "blank"
    chance = True

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """Its probability in each text; of a pair read in several pieces the highest."""
        texts = [one[0] for one in asked]
        encoded = model.encode(texts, [Given(entities=self.entities)] * len(texts))
        marked, heat = encoded.marked, model.calibration.temperature
        column = 1 + model.labels.index(self.relation.type)
        found = np.zeros(len(texts))
        pieces = zip(at_tails(model.engine.logits(encoded.ids), marked), marked.piece_of, marked.tails, strict=True)
        for logits, text, tails in pieces:
            for chances, (_, number) in zip(softmax(logits / heat), tails, strict=True):
                if self._is(marked.pairs[text][number]):
                    found[text] = max(found[text], chances[column])
        return found

    def scale(self, figures: Array) -> Array:
        """Log-odds."""
        return log_odds(figures)

    def _is(self, pair: tuple[Entity, Entity]) -> bool:
        ends = (self.relation.head, self.relation.tail)
        return pair == ends or (not self.relation.directed and pair == ends[::-1])


def aim_of(model: Any, texts: Sequence[str], label: str | None, entities: Sequence[Entity]) -> RelationAim:
    """The surest relation between `entities`, or those that the tagging model finds; of the type `label`, if named."""
    text = texts[0]
    given = tuple(entities) or (model.form.finder([text])[0] if model.form.finder else ())
    if len(given) < 2:
        raise UsageError(
            tr("fewer than two entities in the text: nothing to relate", "文本中实体不足两个，无可判断的关系"),
            value=len(given),
            next="--entities-from TAGGING_MODEL",
        )
    (answer,) = model.predict([text], [Given(entities=given)])
    one = surest(answer.relations, label, model.labels)
    head, tail = (text[end.start : end.end] for end in (one.head, one.tail))
    return RelationAim(f"{one.type}: {head} {'→' if one.directed else '–'} {tail}", one, given)
