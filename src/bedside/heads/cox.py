"""Time to an event by proportional hazards: one number a text, the logarithm of its hazard relative to others.

Sources: Cox 1972, "Regression Models and Life-Tables"; ties as Breslow 1974 has them. The texts at risk are those of
the batch, which Kvamme, Borgan & Scheel 2019, "Time-to-Event Prediction with Neural Networks and Cox Regression", show
to do.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._pool import mean_pool


class CoxHead(nn.Module):
    """Token vectors to one log relative hazard; `labels` are times, of which it needs none.

    >>> CoxHead(8, ["@6", "@12"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 1])
    """

    form = "survival"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(hidden_size, 1, bias=False)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> log relative hazards [b, 1]."""
        return self.out(self.drop(mean_pool(hidden, mask)))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Negative log partial likelihood an event; `targets` [b, 2]: the rank of the time, and 1 where it is an event.

        >>> round(CoxHead(8, []).loss(torch.zeros(2, 1), torch.tensor([[0, 1], [1, 0]])).item(), 4)  # log 2
        0.6931
        """
        time, event = targets.unbind(1)
        at_risk = time[None, :] >= time[:, None]
        lost = torch.logsumexp(logits[:, 0].masked_fill(~at_risk, -torch.inf), 1) - logits[:, 0]
        return (lost * event).sum() / event.sum().clamp(min=1)


HEAD = CoxHead
