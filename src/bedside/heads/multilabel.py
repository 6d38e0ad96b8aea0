"""Any number of labels a text, each judged by itself: mean pooling, dropout, one linear layer, binary cross-entropy."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._output import output_layer
from bedside.heads._pool import mean_pool


class MultilabelHead(nn.Module):
    """Token vectors to one logit a label. Shapes: b texts, t tokens, h hidden size.

    >>> MultilabelHead(8, ["fever", "cough"]).decode(torch.zeros(1, 2))
    tensor([[0.5000, 0.5000]])
    """

    form = "labels"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = output_layer(hidden_size, len(labels))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> logits [b, labels]."""
        return self.out(self.drop(mean_pool(hidden, mask)))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over texts and labels; `targets` [b, labels] is 1 where the label holds; weights act on those."""
        truth = targets.to(logits.dtype)
        smooth = truth * (1 - objective.smoothing) + 0.5 * objective.smoothing
        each = F.binary_cross_entropy_with_logits(logits, smooth, pos_weight=objective.weights, reduction="none")
        if objective.focal:
            chance = torch.sigmoid(logits)
            each = each * (1 - torch.where(truth > 0, chance, 1 - chance)) ** objective.focal
        return each.mean()

    def decode(self, logits: Tensor) -> Tensor:
        """Probabilities [b, labels], each by itself."""
        return torch.sigmoid(logits)


HEAD = MultilabelHead
