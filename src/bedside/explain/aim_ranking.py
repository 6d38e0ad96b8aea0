"""What is explained of a ranking: how near one document is to the question (the cosine of their vectors)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.explain.aim import Array, given, no_labels
from bedside.lang import tr
from bedside.types import Entity


@dataclass(frozen=True)
class NearnessAim:
    """A question and a document."""

    name: str
    how = "word"
    chance = False

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """The cosine for each question and document; 0 where nothing is left of the document."""
        encoded = model.encode(*given(asked))
        vectors = np.asarray(model.engine.logits(encoded.ids), np.float64)
        pairs = [vectors[list(row)] for row in encoded.lists.members]
        return np.array([float(one[0] @ one[1]) if len(one) > 1 else 0.0 for one in pairs])

    def scale(self, figures: Array) -> Array:
        """As they are."""
        return figures


def aim_of(model: Any, texts: Sequence[str], label: str | None, entities: Sequence[Entity]) -> NearnessAim:
    """The nearness of the second text to the first."""
    no_labels(label)
    return NearnessAim(tr("nearness of the document", "文档与问题的相近程度"))
