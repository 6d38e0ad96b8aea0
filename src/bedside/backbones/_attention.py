"""A small transformer encoder, its multi-head attention written out.

Shapes: b texts, t tokens, h hidden size, a attention heads, d = h / a.

Each token asks (query), each token offers (key) and tells (value), all three linear maps of its vector:

    attend(Q, K, V) = softmax(Q Kᵀ / √d) V

so that its answer is a mean of all values, weighed by how well its query meets their keys. This is done a times on d
numbers each (the heads), and the answers, side by side, pass through one more linear map.

A layer is pre-norm: hidden + attention(norm(hidden)), then hidden + feed_forward(norm(hidden)). Learnt from nothing,
that is steady without care for the first steps, which the paper's order (the norm after the sum) is not. What leaves
the last layer is normed once more.

Sources: Vaswani et al. 2017, "Attention Is All You Need"; Xiong et al. 2020, "On Layer Normalization in the Transformer
Architecture" (the order).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

MODEL_TYPE = "bedside-transformer"
LONGEST_WAVE = 10_000.0
"""In tokens, divided by 2π: the slowest of the waves that tell a position (Vaswani et al. 2017, section 3.5)."""


@dataclass(frozen=True)
class TransformerConfig:
    """The sizes of a transformer encoder, under the keys of Hugging Face's `config.json`."""

    vocab_size: int
    hidden_size: int = 256
    num_hidden_layers: int = 4
    num_attention_heads: int = 4
    intermediate_size: int = 1024
    max_position_embeddings: int = 512
    dropout: float = 0.1
    pad_token_id: int = 0

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TransformerConfig:
        """Read the sizes out of a `config.json`."""
        return cls(**{key: values[key] for key in cls.__dataclass_fields__ if key in values})

    def to_dict(self) -> dict[str, Any]:
        """The `config.json` from which the same network is built again."""
        return {**asdict(self), "model_type": MODEL_TYPE}


def attend(query: Tensor, key: Tensor, value: Tensor, keep: Tensor | None) -> Tensor:
    """softmax(Q Kᵀ / √d) V, [b, a, t, d] -> [b, a, t, d]; where `keep` [b, 1, 1, t] is False nothing is listened to."""
    scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])  # [b, a, t, t]: who asks, who offers
    if keep is not None:
        scores = scores.masked_fill(~keep, torch.finfo(scores.dtype).min)
    return scores.softmax(dim=3) @ value


class MultiHeadAttention(nn.Module):
    """Attention of a text's tokens to each other, [b, t, h] -> [b, t, h]."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.heads = config.num_attention_heads
        self.query, self.key, self.value, self.out = (_linear(size, size) for _ in range(4))

    def forward(self, hidden: Tensor, keep: Tensor | None) -> Tensor:
        b, t, h = hidden.shape

        def split(x: Tensor) -> Tensor:  # [b, t, h] -> [b, a, t, d]
            return x.view(b, t, self.heads, h // self.heads).transpose(1, 2)

        answers = attend(split(self.query(hidden)), split(self.key(hidden)), split(self.value(hidden)), keep)
        return self.out(answers.transpose(1, 2).reshape(b, t, h))


class TransformerLayer(nn.Module):
    """One layer, [b, t, h] -> [b, t, h]; the `last` norms what it hands on."""

    def __init__(self, config: TransformerConfig, *, last: bool) -> None:
        super().__init__()
        size, inner = config.hidden_size, config.intermediate_size
        self.attention_norm, self.feed_norm = nn.LayerNorm(size), nn.LayerNorm(size)
        self.attention = MultiHeadAttention(config)
        self.widen, self.narrow = _linear(size, inner), _linear(inner, size)
        self.dropout = nn.Dropout(config.dropout)
        self.last_norm = nn.LayerNorm(size) if last else nn.Identity()

    def forward(self, hidden: Tensor, keep: Tensor | None) -> Tensor:
        hidden = hidden + self.dropout(self.attention(self.attention_norm(hidden), keep))
        hidden = hidden + self.dropout(self.narrow(self.widen(self.feed_norm(hidden)).relu()))
        return self.last_norm(hidden)


def positions(longest: int, size: int) -> Tensor:
    """Where a token stands, as sines and cosines of ever longer waves: [t, h], nothing to learn.

    >>> positions(3, 4).shape
    torch.Size([3, 4])
    """
    rates = LONGEST_WAVE ** (-torch.arange(0, size, 2) / size)
    angles = torch.arange(longest)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).view(longest, size)


class TransformerEncoder(nn.Module):
    """Token ids to one vector a token.

    >>> net = TransformerEncoder(TransformerConfig(100, 32))
    >>> net(torch.tensor([[1, 2, 3]]), torch.ones(1, 3)).shape
    torch.Size([1, 3, 32])
    """

    starts_midway = True
    compressible = True
    positions: Tensor

    def __init__(self, config: TransformerConfig, table: Tensor | None = None) -> None:
        super().__init__()
        self.config = config
        size, depth = config.hidden_size, config.num_hidden_layers
        words = nn.Embedding(config.vocab_size, size, padding_idx=config.pad_token_id, _weight=table)
        if table is None:
            with torch.no_grad():
                words.weight /= math.sqrt(size)  # `embed` multiplies by it again: small weights learn in time
        self.embeddings = nn.ModuleDict({"word_embeddings": words})
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(TransformerLayer(config, last=number == depth - 1) for number in range(depth))
        self.register_buffer("positions", positions(config.max_position_embeddings, size), persistent=False)

    def describe(self) -> dict[str, Any]:
        """The `config.json` of this network."""
        return self.config.to_dict()

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] -> words and their positions [b, t, h]."""
        words = self.embeddings["word_embeddings"](ids).float()
        return self.dropout(words * math.sqrt(self.config.hidden_size) + self.positions[: ids.shape[1]])

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Layers `start` to `stop` of the stack over [b, t, h]; `mask` [b, t] is 1 on text and 0 on padding."""
        keep = None if bool(mask.all()) else mask.bool()[:, None, None, :]
        for layer in self.layers[start:stop]:
            hidden = layer(hidden, keep)
        return hidden

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> vectors [b, t, h]."""
        return self.run(self.embed(ids), mask)


def _linear(size_in: int, size_out: int) -> nn.Linear:
    """A linear map that starts as Glorot & Bengio 2010 say, with a bias of 0."""
    linear = nn.Linear(size_in, size_out)
    nn.init.xavier_uniform_(linear.weight)
    nn.init.zeros_(linear.bias)
    return linear
