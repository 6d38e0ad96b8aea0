"""In which way a network is fitted, and all that follows for loop and folder: one file a way, `train/way_*.py`."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from torch import nn

from bedside.config import Recipe
from bedside.model.engine import Engine, Outputs
from bedside.model.forms import FORMS, Targets
from bedside.train.data import Parts
from bedside.train.loop import Loop, OnEvent
from bedside.train.made import Made

Pair = tuple[str, str]
WAYS = {"texts": "writer"}
"""The way of a form of answers; every other is fitted as an encoder is."""


class Way(Protocol):
    """One of `train/way_*.py`: how a network, its targets, its engine and its settings are made."""

    @property
    def intended_use(self) -> Pair:
        """What its card says it is for, in both languages; empty: what any card says."""
        ...

    def make(self, recipe: Recipe, parts: Parts, tell: OnEvent) -> Made:
        """Load the backbone, turn texts (without identity) into tokens, and settle what the recipe left open."""
        ...

    def head(self, made: Made, parts: Parts) -> nn.Module:
        """The layer above the network."""
        ...

    def targets(self, made: Made, parts: Parts) -> Targets:
        """What the network is to say of each training text, or piece of one."""
        ...

    def outputs(self, made: Made) -> Callable[[], Outputs] | None:
        """What gives the outputs for the tuning part; None: the loop's own pass over it."""
        ...

    def begin(self, loop: Loop, made: Made) -> None:
        """What is done once, before the first step."""
        ...

    def engine(self, loop: Loop, made: Made) -> Engine:
        """The fitted network, ready to answer and to be saved; the loop has settled."""
        ...

    def settings(self, made: Made) -> dict[str, Any]:
        """What model.json holds of it beyond what it holds of any model."""
        ...

    def limits(self, made: Made) -> list[Pair]:
        """What its card says of long texts, and of what it cannot do."""
        ...


def way_of(head: str) -> Way:
    """The way in which a head is fitted.

    >>> way_of("generate").intended_use[0].split()[0], way_of("classify").intended_use[0]
    ('Drafts', '')
    """
    way: Way = import_module(f"bedside.train.way_{WAYS.get(FORMS[head], 'encoder')}").WAY()
    return way
