"""The tagger's network as it is trained; `bedside.deid.tagger.network` runs the same one in numpy."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.deid.tagger.network import GAPS
from bedside.deid.tagger.tokens import ROWS
from bedside.types import IDENTITY_TYPES

KINDS = len(IDENTITY_TYPES) + 1


class TaggerNetwork(nn.Module):
    """Features [b, t, f], word vectors' rows [b, t, 2] and rules [b, t] -> logits [b, t, kinds]."""

    def __init__(
        self, vectors: Tensor, *, token: int = 48, rule: int = 16, hidden: int = 96, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.vectors = vectors
        self.table = nn.EmbeddingBag(ROWS, token, mode="sum", padding_idx=0)
        self.rules = nn.Embedding(2 * KINDS, rule)
        self.of_token = nn.Linear(vectors.shape[1], token, bias=False)
        self.of_word = nn.Linear(vectors.shape[1], token, bias=False)
        self.enter = nn.Linear(token + rule, hidden)
        self.convolutions = nn.ModuleList(nn.Conv1d(hidden, hidden, 3, padding=gap, dilation=gap) for gap in GAPS)
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in GAPS)
        self.leave = nn.Linear(hidden, KINDS)
        self.drop = nn.Dropout(dropout)
        nn.init.normal_(self.table.weight, std=0.01)  # a feature never met must say nothing
        nn.init.normal_(self.rules.weight, std=0.3)
        with torch.no_grad():
            self.table.weight[0] = 0

    def forward(self, features: Tensor, words: Tensor, rules: Tensor) -> Tensor:
        b, t, f = features.shape
        own = self.table(features.view(b * t, f)).view(b, t, -1)
        own = own + self.of_token(self.vectors[words[..., 0]]) + self.of_word(self.vectors[words[..., 1]])
        hidden = F.relu(self.enter(self.drop(torch.cat([own, self.rules(rules)], -1))))
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            hidden = hidden + F.relu(convolution(self.drop(norm(hidden)).transpose(1, 2)).transpose(1, 2))
        return self.leave(self.drop(hidden))


def exported(network: TaggerNetwork) -> dict[str, Tensor]:
    """Copies of the weights under the names that the numpy tagger reads, matrices as [in, out]."""
    return {name: value.detach().contiguous() for name, value in views(network).items()}


def views(network: TaggerNetwork) -> dict[str, Tensor]:
    """The same weights where they are: what is written here is in the network."""
    out = {
        "table": network.table.weight,
        "rules": network.rules.weight,
        "vectors": network.vectors[1:],
        "token.w": network.of_token.weight.T,
        "word.w": network.of_word.weight.T,
        "in.w": network.enter.weight.T,
        "in.b": network.enter.bias,
        "out.w": network.leave.weight.T,
        "out.b": network.leave.bias,
    }
    for number, (convolution, norm) in enumerate(zip(network.convolutions, network.norms, strict=True)):
        out[f"conv{number}.w"] = convolution.weight.permute(2, 1, 0)
        out[f"conv{number}.b"] = convolution.bias
        out[f"norm{number}.w"] = norm.weight
        out[f"norm{number}.b"] = norm.bias
    return out
