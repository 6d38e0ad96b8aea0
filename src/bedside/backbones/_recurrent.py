"""The bidirectional LSTM, its recurrent equations written out.

Shapes: b texts, t tokens, h hidden size, d = h / 2 the state of one direction.

One direction reads a text token by token. From the token x and the state (h, c) that the tokens before it left:

    i = σ(W_i x + U_i h + b_i)      input gate: how much of the candidate is written
    f = σ(W_f x + U_f h + b_f)      forget gate: how much of the cell is kept
    g = tanh(W_g x + U_g h + b_g)   candidate
    o = σ(W_o x + U_o h + b_o)      output gate: how much of the cell is shown
    c ← f ⊙ c + i ⊙ g               cell
    h ← o ⊙ tanh(c)                 hidden state: the token's vector

The other direction reads the text from its end. A layer hands on both hidden states of a token side by side.

Sources: Hochreiter & Schmidhuber 1997, "Long Short-Term Memory"; Gers et al. 2000, "Learning to Forget" (the forget
gate); Graves & Schmidhuber 2005, "Framewise Phoneme Classification with Bidirectional LSTM" (both directions).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

MODEL_TYPE = "bedside-lstm"


@dataclass(frozen=True)
class LstmConfig:
    """The sizes of a bidirectional LSTM; `hidden_size` counts both directions."""

    vocab_size: int
    hidden_size: int = 256
    num_hidden_layers: int = 2
    max_position_embeddings: int = 512
    dropout: float = 0.1
    pad_token_id: int = 0

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> LstmConfig:
        """Read the sizes out of a `config.json`."""
        return cls(**{key: values[key] for key in cls.__dataclass_fields__ if key in values})

    def to_dict(self) -> dict[str, Any]:
        """The `config.json` from which the same network is built again."""
        return {**asdict(self), "model_type": MODEL_TYPE}


class Weights(nn.Module):
    """What one direction of a layer learns; the rows of the gates i, f, g, o lie one below the other.

    W [4d, h] starts as Glorot & Bengio 2010 say, each U [d, d] orthogonal (Saxe et al. 2014), and the bias at 0 but for
    the forget gate, which starts open at 1 (Gers et al. 2000).
    """

    def __init__(self, size_in: int, size: int) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.empty(4 * size, size_in))
        self.U = nn.Parameter(torch.empty(4 * size, size))
        self.b = nn.Parameter(torch.zeros(4 * size))
        nn.init.xavier_uniform_(self.W)
        for gate in self.U.detach().chunk(4):
            nn.init.orthogonal_(gate)
        nn.init.ones_(self.b.detach()[size : 2 * size])


def step(x: Tensor, h: Tensor, c: Tensor, weights: Weights) -> tuple[Tensor, Tensor]:
    """The equations above for one token of each text: x [b, h], state h and c [b, d] -> the next h and c."""
    i, f, g, o = (x @ weights.W.T + h @ weights.U.T + weights.b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(c)
    return h, c


def scan(x: Tensor, weights: Weights) -> Tensor:
    """Every token in turn, from an empty state: [b, t, h] -> the hidden states [b, t, d]."""
    h = c = x.new_zeros(len(x), weights.U.shape[1])
    states = []
    for token in x.unbind(dim=1):
        h, c = step(token, h, c, weights)
        states.append(h)
    return torch.stack(states, dim=1)


def fast_scan(x: Tensor, weights: Weights) -> Tensor:
    """What `scan` computes, by PyTorch's kernel: forward and back 4 to 5 times as fast on one core (t = 128, d = 128).

    Equality is tested. The kernel has two biases; ours is the first, the second stays 0.
    """
    empty = x.new_zeros(1, len(x), weights.U.shape[1])
    flat = [weights.W, weights.U, weights.b, torch.zeros_like(weights.b)]
    states: Tensor = torch.lstm(x, (empty, empty), flat, True, 1, 0.0, torch.is_grad_enabled(), False, True)[0]
    return states


def turn_round(x: Tensor, lengths: Tensor) -> Tensor:
    """Each text [b, t, ...] from its end to its beginning; the padding stays behind it.

    So padding never comes before a token, in neither direction, and cannot reach it.

    >>> turn_round(torch.tensor([[[1], [2], [0]], [[3], [4], [5]]]), torch.tensor([2, 3])).squeeze(2)
    tensor([[2, 1, 0],
            [5, 4, 3]])
    """
    place = torch.arange(x.shape[1], device=x.device)
    mirrored = lengths[:, None] - 1 - place
    source = torch.where(mirrored < 0, place, mirrored)
    return x.gather(1, source[:, :, None].expand_as(x))


class LstmLayer(nn.Module):
    """One layer, [b, t, h] -> [b, t, h]: each direction gives one half of a token's vector."""

    def __init__(self, config: LstmConfig, *, plain: bool) -> None:
        super().__init__()
        half = config.hidden_size // 2
        self.dropout = nn.Dropout(config.dropout)
        self.forwards = Weights(config.hidden_size, half)
        self.backwards = Weights(config.hidden_size, half)
        self.scan = scan if plain else fast_scan

    def forward(self, hidden: Tensor, lengths: Tensor) -> Tensor:
        hidden = self.dropout(hidden)
        forwards = self.scan(hidden, self.forwards)
        backwards = self.scan(turn_round(hidden, lengths), self.backwards)
        return torch.cat([forwards, turn_round(backwards, lengths)], dim=2)


class BiLstm(nn.Module):
    """Token ids to one vector a token; padding is on the right. `plain` runs the written equations, not the kernel.

    >>> net = BiLstm(LstmConfig(100, 32))
    >>> net(torch.tensor([[1, 2, 3]]), torch.ones(1, 3)).shape
    torch.Size([1, 3, 32])
    """

    starts_midway = True
    compressible = False

    def __init__(self, config: LstmConfig, table: Tensor | None = None, *, plain: bool = False) -> None:
        super().__init__()
        self.config = config
        words = nn.Embedding(config.vocab_size, config.hidden_size, padding_idx=config.pad_token_id, _weight=table)
        self.embeddings = nn.ModuleDict({"word_embeddings": words})
        self.layers = nn.ModuleList(LstmLayer(config, plain=plain) for _ in range(config.num_hidden_layers))

    def describe(self) -> dict[str, Any]:
        """The `config.json` of this network."""
        return self.config.to_dict()

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] -> word vectors [b, t, h]."""
        return self.embeddings["word_embeddings"](ids).float()

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Layers `start` to `stop` of the stack over [b, t, h]; `mask` [b, t] is 1 on text and 0 on padding."""
        lengths = mask.sum(dim=1).long()
        for layer in self.layers[start:stop]:
            hidden = layer(hidden, lengths)
        return hidden

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> vectors [b, t, h]."""
        return self.run(self.embed(ids), mask)
