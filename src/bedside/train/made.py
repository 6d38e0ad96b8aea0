"""What a fit is made of before it begins: the recipe settled, the backbone loaded, the texts as tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bedside.backbones._base import Backbone
from bedside.config import Recipe
from bedside.model.inputs import Encoded
from bedside.train.defaults import Choice


@dataclass(frozen=True)
class Made:
    """A recipe as given and as resolved, with the backbone loaded, and texts and labels' names as tokens.

    `learnt` is what the head's form has to know of the training rows to encode others. Of a head that writes, `names`
    holds what is wanted after each piece. `base` tells the backbone where only what is learnt on it is kept.
    """

    recipe: Recipe
    resolved: Recipe
    backbone: Backbone
    encoded: dict[str, Encoded]
    names: list[list[int]]
    choices: list[Choice]
    learnt: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)


def unread_texts(encoded: dict[str, Encoded]) -> dict[str, int]:
    """How many texts of each part are mostly in letters that the backbone cannot read."""
    return {part: len(found.unread) for part, found in encoded.items()}
