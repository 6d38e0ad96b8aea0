"""What is explained of an answer found in a text: the log-odds of that stretch, or of there being no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.explain.aim import Array, given, log_odds, no_labels
from bedside.lang import tr
from bedside.model.excerpts import units_within
from bedside.model.forms.span_scores import start_and_end, unit_scores
from bedside.types import Entity, Excerpt


@dataclass(frozen=True)
class ExcerptAim:
    """One stretch of the second text, or none: words are blanked out and not left out, so that it keeps its place."""

    name: str
    excerpt: Excerpt
    how = "blank"
    chance = True

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """Its probability for each question and text: that it begins there times that it ends there."""
        encoded = model.encode(*given(asked))
        scores = unit_scores(model.engine.logits(encoded.ids), encoded)
        found = []
        for one, places in zip(scores, encoded.units.places, strict=True):
            start, end = start_and_end(one, model.calibration.temperature)
            first, last = units_within(self.excerpt, places) if self.excerpt else (-1, -1)
            inside = last < len(places)
            found.append(float(start[first] * end[last]) if inside else 0.0)
        return np.array(found)

    def scale(self, figures: Array) -> Array:
        """Log-odds."""
        return log_odds(figures)


def aim_of(model: Any, texts: Sequence[str], label: str | None, entities: Sequence[Entity]) -> ExcerptAim:
    """The model's answer; that the text gives none, where it says so."""
    no_labels(label)
    (answer,) = model.predict(*given([texts]))
    named = texts[1][answer.start : answer.end] if answer else tr("the text gives no answer", "文本中没有答案")
    return ExcerptAim(named, answer)
