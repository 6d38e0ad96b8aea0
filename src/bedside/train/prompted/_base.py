"""What every method that trains nothing gives back: an engine that can be asked, and how texts are put to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from bedside.backbones._base import Backbone
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.calibration import Floats
from bedside.model.engine import Engine
from bedside.train.data import Parts
from bedside.train.defaults import Choice

Prior = Literal["content_free", "batch", "none"]
CONTENT_FREE = ("N/A", "", "[MASK]")
"""Texts without content, as Zhao et al. 2021 took them ("Calibrate Before Use")."""
LEAST_TOKENS = 8


@dataclass(frozen=True)
class Asked:
    """`engine` scores labels, nothing divided out yet; `settle(scores [texts, labels])` divides out what they say.

    `settings` are those of model.json that differ by method; `limits` how the form encodes a text.
    """

    backbone: Backbone
    engine: Engine
    settle: Callable[[Floats], Engine]
    limits: dict[str, Any]
    prior: Prior
    settings: dict[str, Any] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)


Method = Callable[[Recipe, Parts], Asked]
"""`method(recipe, parts)`: parts are without identity. Raises UsageError where backbone or head cannot be asked so."""


def mean_prior(scores: Floats) -> Floats:
    """Each label's own score without a text to go by, or over many; zero where nothing was asked.

    >>> mean_prior(np.array([[-1.0, -3.0], [-3.0, -3.0]]))
    array([-2., -3.])
    """
    return scores.mean(0) if len(scores) else np.zeros(scores.shape[1])


def chosen_prior(asked: str, usual: Prior) -> Prior:
    """The recipe's, or the usual one of the method."""
    return usual if asked == "auto" else asked  # type: ignore[return-value]


def room_for_text(fixed: int, limit: int) -> None:
    """Refuse a template, or examples, that leave no room for a text."""
    if limit - fixed < LEAST_TOKENS:
        raise UsageError(
            tr("what is asked leaves no room for a text", "提问本身已占满长度"),
            value=tr(f"{fixed} of {max(0, limit)} tokens", f"{max(0, limit)} 个词元中占 {fixed} 个"),
            next=tr("a shorter prompt, or fewer shots: --set shots=4", "缩短 prompt，或减少示例：--set shots=4"),
        )


def needs(template: str, *places: str, without: tuple[str, ...] = ()) -> None:
    """Refuse a template that lacks a place, or holds one that this method cannot fill."""
    wrong = [one for one in places if template.count(one) != 1] + [one for one in without if one in template]
    if wrong:
        raise UsageError(
            tr("the prompt does not suit this method", "prompt 与该方法不符"),
            where="fit.prompt",
            value=", ".join(wrong),
            allowed=tr(f"{', '.join(places)} once each", f"{'、'.join(places)} 各一次"),
            next="docs/prompting.md",
        )
