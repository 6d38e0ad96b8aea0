"""The encoder's layers over many windows at once: their pieces are one matrix, and each window listens to itself alone.

Linear maps and norms ask each piece by itself, so they take the pieces of all windows together, without padding. A
product's rounding may depend on how many rows it has, and a note must get the answer it gets alone: so rows go through
a map in blocks of one size, but for the last, which may be half as large where that changes no bit.

Source: Vaswani et al. 2017, "Attention Is All You Need"; the layers are those of `backbones/_bert.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

BLOCK = {torch.bfloat16: 192, torch.float32: 64}
"""Rows that a map takes at once: of 16 bits as many as the longest window has, for less costs about as much."""

HALF = {torch.bfloat16: 96, torch.float32: 64}
"""Rows of the last block, when no more are left and the processor rounds so few as it rounds a whole block."""


@dataclass(frozen=True, slots=True)
class Map:
    """A linear map [out, in] that takes rows block by block, and answers in its weights' numbers."""

    weight: Tensor
    bias: Tensor

    def __call__(self, rows: Tensor) -> Tensor:
        """[n, in] -> [n, out], n a multiple of `least_rows`."""
        blocks = torch.split(rows.to(self.weight.dtype), BLOCK[self.weight.dtype])
        return torch.cat([F.linear(block, self.weight, self.bias) for block in blocks])


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a BERT encoder, its three questions of attention in one map."""

    heads: int
    ask: Map
    answer: Map
    answered: Any
    widen: Map
    narrow: Map
    narrowed: Any

    def __call__(self, hidden: Tensor, cuts: Sequence[int]) -> Tensor:
        """Pieces [n, h] of windows that begin and end at `cuts`."""
        asked = self.ask(hidden)
        heard = asked.new_zeros(hidden.shape)
        for start, end in pairwise(cuts):
            heard[start:end] = self._attend(asked[start:end])
        hidden = self.answered(hidden + self.answer(heard))
        return self.narrowed(hidden + self.narrow(F.gelu(self.widen(hidden))))

    def _attend(self, asked: Tensor) -> Tensor:
        """What the pieces of one window [t, 3 h] hear of each other, [t, h]."""
        size = len(asked)
        query, key, value = asked.view(size, 3, self.heads, -1).permute(1, 2, 0, 3)[:, None]
        return F.scaled_dot_product_attention(query, key, value)[0].transpose(0, 1).reshape(size, -1)


def layers_of(network: Any) -> list[Layer]:
    """The layers of a `BertEncoder`, sharing its weights."""
    return [_layer(own) for own in network.layers]


def least_rows(layer: Layer) -> int:
    """What the number of rows must be a multiple of, so that no row's answer depends on how many others there are.

    Half a block, if each map of a layer answers some rows by halves to the last bit as it answers them at once.
    """
    kind, threads = layer.ask.weight.dtype, torch.get_num_threads()
    maps = (layer.ask, layer.answer, layer.widen, layer.narrow)
    halves = all(_takes_halves(kind, *own.weight.shape, threads) for own in maps)
    return HALF[kind] if halves else BLOCK[kind]


@cache
def _takes_halves(kind: torch.dtype, out: int, size: int, threads: int) -> bool:
    """Tried with numbers by chance: in which order a product is summed depends on its shape and the processor alone."""
    chance = torch.Generator().manual_seed(threads)
    rows, weight = (torch.randn(count, size, generator=chance).to(kind) for count in (BLOCK[kind], out))
    halves = [F.linear(half, weight) for half in torch.split(rows, HALF[kind])]
    return torch.equal(torch.cat(halves), F.linear(rows, weight))


def _layer(own: Any) -> Layer:
    asking, answer, narrow = own.attention.self, own.attention.output, own.output
    parts = (asking.query, asking.key, asking.value)
    return Layer(
        heads=asking.heads,
        ask=Map(torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])),
        answer=_map(answer.dense),
        answered=answer.LayerNorm,
        widen=_map(own.intermediate.dense),
        narrow=_map(narrow.dense),
        narrowed=narrow.LayerNorm,
    )


def _map(linear: Any) -> Map:
    return Map(linear.weight, linear.bias)


def read(layers: Sequence[Layer], windows: Sequence[Tensor]) -> list[Tensor]:
    """The pieces of each window [t, h] after all layers, the same whichever windows are beside it."""
    cuts = [0, *accumulate(map(len, windows))]
    hidden = torch.cat(list(windows))
    hidden = F.pad(hidden, (0, 0, 0, -len(hidden) % least_rows(layers[0])))
    for layer in layers:
        hidden = layer(hidden, cuts)
    return [hidden[start:end] for start, end in pairwise(cuts)]
