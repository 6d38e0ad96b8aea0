"""The BERT encoder in plain PyTorch: same parameter names as Hugging Face's, a fraction of the import time.

Shapes: b texts, t tokens, h hidden size, a attention heads, d = h / a.

Written out, rather than imported, for two reasons. `transformers` takes seconds to import, which a command that
answers one question cannot afford; and fitting needs to start in the middle of the stack, on cached activations.
Equality with `transformers.BertModel` is tested.

Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers"; Vaswani et al. 2017.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class BertConfig:
    """The sizes of a BERT encoder, under the keys of Hugging Face's `config.json`."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12
    hidden_dropout_prob: float = 0.1
    attention_probs_dropout_prob: float = 0.1
    pad_token_id: int = 0
    attention_head_size: int | None = None
    """Size of a head where it is not hidden size / heads: some heads were taken out (`train/compress/heads.py`)."""

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> BertConfig:
        """Read the keys we use out of a `config.json`; the others (initialiser range, version) do not matter here."""
        return cls(**{key: values[key] for key in cls.__dataclass_fields__ if key in values})

    def to_dict(self) -> dict[str, Any]:
        """The `config.json` from which `transformers.AutoModel` rebuilds the same network."""
        told = {key: value for key, value in asdict(self).items() if value is not None}
        return {**told, "model_type": "bert", "hidden_act": "gelu", "architectures": ["BertModel"]}

    @property
    def attention_width(self) -> int:
        """Size of all heads side by side."""
        return self.num_attention_heads * (self.attention_head_size or self.hidden_size // self.num_attention_heads)


class _Embeddings(nn.Module):
    def __init__(self, config: BertConfig, table: Tensor | None) -> None:
        super().__init__()
        size = config.hidden_size
        self.word_embeddings = nn.Embedding(config.vocab_size, size, padding_idx=config.pad_token_id, _weight=table)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, size)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, size)
        self.LayerNorm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, vectors: Tensor) -> Tensor:
        positions = self.position_embeddings.weight[: vectors.shape[1]]
        vectors = vectors.to(positions.dtype)  # the word table may be kept in 16 bits
        hidden = vectors + positions + self.token_type_embeddings.weight[0]
        return self.dropout(self.LayerNorm(hidden))


class SelfAttention(nn.Module):
    """Multi-head attention, [b, t, h] -> [b, t, a * d]; there may be more keys and values than tokens (a prefix)."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        size, width = config.hidden_size, config.attention_width
        self.heads = config.num_attention_heads
        self.drop = config.attention_probs_dropout_prob
        self.head_size = width // self.heads
        self.query = nn.Linear(size, width)
        self.key = nn.Linear(size, width)
        self.value = nn.Linear(size, width)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """Attend; `mask` [b, 1, 1, t] is true on text."""
        b, t, _ = hidden.shape

        def split(x: Tensor) -> Tensor:  # [b, t, a * d] -> [b, a, t, d]
            return x.view(b, -1, self.heads, self.head_size).transpose(1, 2)

        query, key, value = split(self.query(hidden)), split(self.key(hidden)), split(self.value(hidden))
        mask = _widened(mask, key.shape[2])
        if hidden.device.type == "cpu":
            out = _attend_on_cpu(query, key, value, mask)
        else:
            drop = self.drop if self.training else 0.0
            out = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=drop)
        return out.transpose(1, 2).reshape(b, t, self.heads * self.head_size)


def _widened(mask: Tensor | None, keys: int) -> Tensor | None:
    """The mask [b, 1, 1, t] over `keys`: what was put before the text (a prompt, a prefix) is always seen."""
    if mask is None or (before := keys - mask.shape[-1]) == 0:
        return mask
    return torch.cat([mask.new_ones(*mask.shape[:-1], before), mask], -1)


def _attend_on_cpu(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """The one form whose fused kernel is fast there: 32 bits, and no dropout of attention (hidden dropout stays).

    With dropout PyTorch writes the whole [b, a, t, t] table out: 60 to 200 ms a layer and step against 6 to 16.
    """
    with torch.autocast("cpu", enabled=False):
        return F.scaled_dot_product_attention(query.float(), key.float(), value.float(), attn_mask=mask)


class _AddNorm(nn.Module):
    """A linear map, dropout, the residual sum and its layer norm: the tail of both halves of a layer."""

    def __init__(self, size_in: int, config: BertConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(size_in, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        return self.LayerNorm(self.dropout(self.dense(x)) + residual)


class _Attention(nn.Module):
    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.self = SelfAttention(config)
        self.output = _AddNorm(config.attention_width, config)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        return self.output(self.self(hidden, mask), hidden)


class _Intermediate(nn.Module):
    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.intermediate_size)

    def forward(self, hidden: Tensor) -> Tensor:
        return F.gelu(self.dense(hidden))


class BertLayer(nn.Module):
    """One transformer layer, [b, t, h] -> [b, t, h]."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.attention = _Attention(config)
        self.intermediate = _Intermediate(config)
        self.output = _AddNorm(config.intermediate_size, config)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        hidden = self.attention(hidden, mask)
        return self.output(self.intermediate(hidden), hidden)


class _Stack(nn.Module):
    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.layer = nn.ModuleList(BertLayer(config) for _ in range(config.num_hidden_layers))


class BertEncoder(nn.Module):
    """Token ids to one vector a token.

    `table` [vocabulary, h] is the word table if it is at hand: drawing a large one at random only to overwrite it takes
    longer than all the rest (and building on the meta device imports half of torch's compiler).

    >>> net = BertEncoder(BertConfig(100, 32, 2, 4, 64))
    >>> net(torch.tensor([[1, 2, 3]]), torch.ones(1, 3)).shape
    torch.Size([1, 3, 32])
    """

    def __init__(self, config: BertConfig, table: Tensor | None = None) -> None:
        super().__init__()
        self.config = config
        self.embeddings = _Embeddings(config, table)
        self.encoder = _Stack(config)

    starts_midway = True
    compressible = True

    @property
    def layers(self) -> nn.ModuleList:
        """The stack, lowest layer first."""
        return self.encoder.layer

    def describe(self) -> dict[str, Any]:
        """The `config.json` of this network."""
        return self.config.to_dict()

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] -> the input of the lowest layer [b, t, h]."""
        return self.embeddings(self.embeddings.word_embeddings(ids))

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Layers `start` to `stop` of the stack over [b, t, h]; `mask` [b, t] is 1 on text and 0 on padding."""
        keep = None if bool(mask.all()) else mask.bool()[:, None, None, :]
        for layer in self.layers[start:stop]:
            hidden = layer(hidden, keep)
        return hidden

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> vectors [b, t, h]."""
        return self.run(self.embed(ids), mask)
