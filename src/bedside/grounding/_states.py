"""Texts to the states of their tokens: the lower half of an encoder, where words of one meaning are nearest.

Which layer was measured: docs/design/017-grounding.md. Shapes: t tokens, h hidden size.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from bedside.model.engines.torch import TorchEngine, pad

LAYER = 6
"""The layer above which the states are taken."""
BATCH = 16
"""Texts at a time."""


class States:
    """The lower layers of an encoder."""

    def __init__(self, engine: TorchEngine, prefix: str) -> None:
        self._engine = engine
        self._before = engine.tokenizer.encode(prefix, add_special_tokens=False).ids
        self._first, self._last = engine.tokenizer.encode("").ids

    def tokens(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of a text's tokens, and where each stands in it."""
        told = self._engine.tokenizer.encode(text, add_special_tokens=False)
        return told.ids, told.offsets

    def of(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """The ids of each text to states [t, h], in order."""
        ids = [[self._first, *self._before, *one, self._last] for one in texts]
        found: list[Tensor] = [torch.empty(0)] * len(ids)
        ranked = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        for low in range(0, len(ranked), BATCH):
            part = ranked[low : low + BATCH]
            for at, states in zip(part, self._run([ids[at] for at in part]), strict=True):
                found[at] = states[1 + len(self._before) : len(ids[at]) - 1]
        return found

    def _run(self, ids: list[list[int]]) -> Tensor:
        table, mask = pad(ids, self._engine.pad_id)
        with torch.no_grad():
            states: Tensor = self._engine.network.run(self._engine.network.embed(table), mask, 0, LAYER)
        return states
