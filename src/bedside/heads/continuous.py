"""A number a text, with how far it may be off: a mean and a spread, learnt together on the scale of the labels.

The loss is that of a normal distribution, each text weighted by the square root of its predicted variance so that
texts the network calls uncertain are still learnt from. Source: Seitzer et al. 2022, "On the Pitfalls of
Heteroscedastic Uncertainty Estimation with Probabilistic Neural Networks" (beta-NLL, beta one half).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._output import output_layer
from bedside.heads._pool import mean_pool

NARROWEST, WIDEST = -5.0, 3.0
"""Logarithm of a spread relative to that of the labels: beyond these nothing is learnt, and the loss may overflow."""


class ContinuousHead(nn.Module):
    """Token vectors to a value and the logarithm of its spread, both in the labels' units.

    >>> ContinuousHead(8, ["value", "spread"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 2])
    """

    form = "score"
    centre: Tensor
    scale: Tensor

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = output_layer(hidden_size, len(labels))
        self.register_buffer("centre", torch.tensor(0.0))
        self.register_buffer("scale", torch.tensor(1.0))

    def start_from(self, targets: Tensor) -> None:
        """Take centre and scale from the training labels [n], so that what is learnt has mean 0 and spread 1."""
        self.centre.fill_(targets.mean())
        self.scale.fill_(targets.std())

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> value and log spread [b, 2]."""
        value, spread = self.out(self.drop(mean_pool(hidden, mask))).unbind(1)
        spread = spread.clamp(NARROWEST, WIDEST)
        return torch.stack([self.centre + self.scale * value, self.scale.log() + spread], 1)

    def loss(self, outputs: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over the texts; `targets` [b] are in the labels' units."""
        value, spread = outputs.unbind(1)
        spread = spread - self.scale.log()
        error = (targets.to(value.dtype) - value) / self.scale
        each = 0.5 * (error / spread.exp()) ** 2 + spread
        return (each * spread.detach().exp()).mean()


HEAD = ContinuousHead
