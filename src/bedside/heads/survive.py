"""Time to an event: in each interval of time the chance that it comes there, given that it has not come before.

Source: Gensheimer & Narasimhan 2019, "A scalable discrete-time survival model for neural networks".
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._pool import mean_pool


class SurviveHead(nn.Module):
    """Token vectors to one logit an interval. Shapes: b texts, t tokens, h hidden size, k intervals.

    >>> SurviveHead(8, ["3", "@6", "12"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3])
    """

    form = "survival"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(hidden_size, len(labels))
        nn.init.normal_(self.out.weight, std=0.02)
        left = torch.arange(len(labels) - 1, -1, -1)  # intervals still to come: each takes an equal share of the events
        with torch.no_grad():
            self.out.bias.copy_(-torch.log(left.clamp(min=0.5)))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> logits of the hazards [b, k]."""
        return self.out(self.drop(mean_pool(hidden, mask)))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean negative log-likelihood; `targets` [b, 2]: intervals got through; 1 where the event is in the next."""
        number = torch.arange(logits.shape[1], device=logits.device)
        through, ended = number < targets[:, :1], (number == targets[:, :1]) & (targets[:, 1:] > 0)
        return (F.softplus(logits) * through + F.softplus(-logits) * ended).sum(1).mean()


HEAD = SurviveHead
