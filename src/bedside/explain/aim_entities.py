"""What is explained of a tagging: the log-odds of one entity, at its place and of its type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.explain.aim import Array, log_odds, surest
from bedside.types import Entity


@dataclass(frozen=True)
class EntityAim:
    """One entity: words are blanked out and not left out, so that it keeps its place."""

    name: str
    entity: Entity
    how = "blank"
    chance = True

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """Its probability in each text, found there or not."""
        encoded = model.encode([one[0] for one in asked])
        outputs, heat = model.engine.logits(encoded.ids), model.calibration.temperature
        found = model.form.scheme.chances_of(self.entity, outputs, encoded.units, model.labels, heat)
        return np.array(found, np.float64)

    def scale(self, figures: Array) -> Array:
        """Log-odds."""
        return log_odds(figures)


def aim_of(model: Any, texts: Sequence[str], label: str | None, entities: Sequence[Entity]) -> EntityAim:
    """The surest entity that the model finds, of the type `label` where one is named."""
    (answer,) = model.predict([texts[0]])
    one = surest(answer.entities, label, model.labels)
    return EntityAim(f"{one.type}: {texts[0][one.start : one.end]}", one)
