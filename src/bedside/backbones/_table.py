"""The word table of any network: found, grown by new rows, and grown rows that learn while the old ones stay.

Shapes: v pieces of the vocabulary, k new ones, n vectors, h hidden size.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SplitTable(nn.Module):
    """A word table whose first rows [v - k, h] stay as they are while the last [k, h] learn."""

    def __init__(self, table: nn.Embedding, new: int) -> None:
        super().__init__()
        size = table.num_embeddings - new
        self.padding_idx = table.padding_idx
        self.old = nn.Parameter(table.weight.detach()[:size].clone(), requires_grad=False)
        self.new = nn.Parameter(table.weight.detach()[size:].clone())

    def forward(self, ids: Tensor) -> Tensor:
        """Ids [...] -> vectors [..., h]."""
        size = len(self.old)
        known = F.embedding(ids.clamp(max=size - 1), self.old)
        return torch.where((ids >= size)[..., None], F.embedding((ids - size).clamp(min=0), self.new), known)

    def merged(self) -> nn.Embedding:
        """One plain table again."""
        return _plain(torch.cat([self.old.detach(), self.new.detach()]), self.padding_idx)


def word_table(network: Any) -> Any:
    """The module that turns ids into vectors: an `nn.Embedding`, or a `SplitTable` put in its place."""
    return network.model.get_input_embeddings() if hasattr(network, "model") else network.embeddings.word_embeddings


def put_word_table(network: Any, table: nn.Module) -> None:
    """Put another table in its place; the network's config is told of its size."""
    size = len(table.old) + len(table.new) if isinstance(table, SplitTable) else table.num_embeddings
    if hasattr(network, "model"):
        network.model.set_input_embeddings(table)
        network.model.config.vocab_size = size
    else:
        network.embeddings.word_embeddings = table
        network.config = dataclasses.replace(network.config, vocab_size=size)


def halve_word_table(network: Any) -> None:
    """Keep a frozen word table in 16 bits, from the start of fitting: what is fitted is then exactly what is saved."""
    table = getattr(getattr(network, "embeddings", None), "word_embeddings", None)
    if isinstance(table, nn.Embedding) and not table.weight.requires_grad:
        table.to(torch.float16)


def grow_word_table(network: Any, size: int, rows: Tensor) -> None:
    """Append `rows` [k, h] after the first `size`, the pieces that the tokenizer had; spare rows beyond are dropped."""
    table = word_table(network)
    weight = table.weight.detach()[:size]
    put_word_table(network, _plain(torch.cat([weight, rows.to(weight.dtype)]), table.padding_idx))


def score_words(table: nn.Module, vectors: Tensor) -> Tensor:
    """Scores [n, v] of every piece for vectors [n, h]: their product with the table."""
    if isinstance(table, SplitTable):
        return torch.cat([F.linear(vectors, table.old), F.linear(vectors, table.new)], dim=-1)
    return F.linear(vectors, table.weight)  # type: ignore[arg-type]


def _plain(weight: Tensor, padding: int | None) -> nn.Embedding:
    return nn.Embedding(len(weight), weight.shape[1], padding_idx=padding, _weight=weight.clone())
