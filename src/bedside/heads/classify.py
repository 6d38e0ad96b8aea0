"""One label a text, of two or more: mean pooling, dropout, one linear layer, cross-entropy or focal loss."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._output import output_layer
from bedside.heads._pool import mean_pool


class ClassifyHead(nn.Module):
    """Token vectors to one logit a label. Shapes: b texts, t tokens, h hidden size.

    >>> ClassifyHead(8, ["benign", "malignant"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 2])
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
        """Mean loss over the texts; `targets` [b] holds label numbers."""
        each = F.cross_entropy(logits, targets, reduction="none", label_smoothing=objective.smoothing)
        if objective.focal:
            sure = torch.softmax(logits, 1).gather(1, targets[:, None])[:, 0]
            each = each * (1 - sure) ** objective.focal
        if objective.weights is None:
            return each.mean()
        weight = objective.weights[targets]
        return (each * weight).sum() / weight.sum()

    def decode(self, logits: Tensor) -> Tensor:
        """Probabilities [b, labels] that sum to 1 a text."""
        return torch.softmax(logits, 1)


HEAD = ClassifyHead
