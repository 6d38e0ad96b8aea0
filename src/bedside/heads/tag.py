"""Entities in a text: every unit (word, number, Chinese character) begins one, is inside one, or outside of any.

The tags of a unit are O, and B and I for each type in turn. Source: Ramshaw & Marcus 1995, "Text Chunking using
Transformation-Based Learning"; which tag may follow which is kept to when entities are read off (`heads/_tags.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._output import output_layer
from bedside.heads._tags import NOT_JUDGED


class TagHead(nn.Module):
    """Token vectors to one logit a tag. Shapes: b texts, t tokens, h hidden size, k = 1 + 2 types.

    >>> TagHead(8, ["disease", "drug"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3, 5])
    """

    form = "entities"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = output_layer(hidden_size, 1 + 2 * len(labels))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> logits [b, t, k]."""
        return self.out(self.drop(hidden))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over the units; `targets` [b, t] holds tags, or `NOT_JUDGED`."""
        judged = targets != NOT_JUDGED
        logits, targets = logits[judged], targets[judged]
        each = F.cross_entropy(logits, targets, reduction="none", label_smoothing=objective.smoothing)
        if objective.focal:
            sure = torch.softmax(logits, 1).gather(1, targets[:, None])[:, 0]
            each = each * (1 - sure) ** objective.focal
        return each.mean()


HEAD = TagHead
