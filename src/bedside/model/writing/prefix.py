"""Keys and values of what every prompt begins with (system's words, template), computed once and kept for all requests.

A template of a hundred pieces before a question of twenty is five sixths of the reading; it is the same each time.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch

SHORTEST = 8
"""A beginning of fewer pieces is read again: copying what was kept would cost as much."""

FULL = "full_attention"
"""What `transformers` calls a layer that sees everything before."""


class Prefix:
    """The ids of a beginning, and what a decoder made of them. Several threads may ask: the last one's work is kept."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = list(ids)
        self._kept: Any = None

    def begins(self, prompts: Sequence[Sequence[int]]) -> bool:
        """Whether it is worth keeping, and all prompts begin so and go on."""
        size = len(self.ids)
        return size >= SHORTEST and all(len(one) > size and list(one[:size]) == self.ids for one in prompts)

    def suits(self, model: Any) -> bool:
        """Whether each of a decoder's layers sees all that came before, and keeps it as keys and values.

        Padding stands behind the beginning: a layer that sees a window of so many places would count it.
        """
        config = model.config
        kinds = set(getattr(config, "layer_types", None) or [FULL])
        windows = getattr(config, "sliding_window", None) is not None
        return kinds == {FULL} and not windows and not getattr(model, "_is_stateful", False)

    def cache(self, model: Any, rows: int) -> Any:
        """The decoder's keys and values of it for so many rows; a copy, which may grow."""
        kept = self._kept
        if kept is None:
            device = next(model.parameters()).device
            read = model(input_ids=torch.tensor([self.ids], device=device), use_cache=True)
            kept = self._kept = read.past_key_values
        own = copy.deepcopy(kept)
        own.batch_repeat_interleave(rows)
        return own
