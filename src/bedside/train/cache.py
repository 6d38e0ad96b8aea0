"""What enters the tuned part of the network for each text: word vectors made on the spot, or activations computed once.

Layers that are not tuned give the same output in every epoch, so it is computed once and kept in 16 bits: in memory,
or in a file mapped into memory when it is large. When no layer is tuned and the head pools, only each text's pooled
vector is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bedside.heads._pool import mean_pool
from bedside.model.engines.torch import pad
from bedside.train.batches import make_batches

MEMORY_BYTES = 1 << 30
"""Activations beyond this go to a file."""

Ids = Sequence[Sequence[int]]


class Inputs(Protocol):
    """Texts by row number, as the tuned part of the network takes them in."""

    lengths: list[int]

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Hidden [b, t, h] and mask [b, t]."""
        ...


@dataclass
class TokenInputs:
    """Word vectors, looked up anew each time. `parts` are what a row's mask holds where it is more than 1 and 0."""

    network: Any
    ids: Ids
    pad_id: int
    device: torch.device
    parts: Ids | None = None

    def __post_init__(self) -> None:
        self.lengths = [len(one) for one in self.ids]

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Embed these rows."""
        table, mask = pad([self.ids[row] for row in rows], self.pad_id)
        if self.parts is not None:
            mask, _ = pad([self.parts[row] for row in rows], 0)
        mask = mask.to(self.device)
        return self.network.embed(table.to(self.device)), mask


@dataclass
class CachedInputs:
    """Kept activations: one long table [tokens, h] of float16, and where each text starts in it."""

    values: NDArray[np.float16]
    starts: NDArray[np.int64]
    device: torch.device

    def __post_init__(self) -> None:
        self.lengths = np.diff(self.starts).tolist()

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Collect these rows."""
        longest = max(self.lengths[row] for row in rows)
        hidden = np.zeros((len(rows), longest, self.values.shape[1]), np.float32)
        mask = np.zeros((len(rows), longest), np.float32)
        for place, row in enumerate(rows):
            part = self.values[self.starts[row] : self.starts[row + 1]]
            hidden[place, : len(part)] = part
            mask[place, : len(part)] = 1
        return torch.from_numpy(hidden).to(self.device), torch.from_numpy(mask).to(self.device)


def cache_lower(
    tokens: TokenInputs, layers: int, *, pool: bool, hidden_size: int, file: Path, on_rows: Callable[[int], None]
) -> CachedInputs:
    """Run the lowest `layers` once over all texts, in evaluation mode; `file` is used only when memory would not do.

    `pool`: the head needs no more than the mean of the last layer.
    """
    pooled = pool and layers == len(tokens.network.layers)
    starts = np.concatenate([[0], np.cumsum([1] * len(tokens.ids) if pooled else tokens.lengths)]).astype(np.int64)
    shape = (int(starts[-1]), hidden_size)
    values: NDArray[np.float16]
    if shape[0] * shape[1] * 2 > MEMORY_BYTES:
        values = np.lib.format.open_memmap(file, mode="w+", dtype=np.float16, shape=shape)
    else:
        values = np.empty(shape, np.float16)
    tokens.network.eval()
    with torch.inference_mode():
        for rows in make_batches(tokens.lengths, tokens=4096, rows=256):
            hidden, mask = tokens.batch(rows)
            hidden = tokens.network.run(hidden, mask, 0, layers)
            kept = mean_pool(hidden, mask)[:, None] if pooled else hidden
            for place, row in enumerate(rows):
                size = int(starts[row + 1] - starts[row])
                values[starts[row] : starts[row + 1]] = kept[place, :size].cpu().numpy()
            on_rows(len(rows))
    return CachedInputs(values, starts, tokens.device)
