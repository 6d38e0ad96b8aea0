"""Relations between entities: beside a marked head entity, each marked tail is of one relation to it, or of none.

A text is read once for each entity that may be a head (`model/marked.py`); the vector at a tail's opening mark has then
seen both marks and all between them. Output 0 is no relation.

Source: after Ye et al. 2022, "Packed Levitated Marker for Entity and Relation Extraction" (one reading for each
subject); Baldini Soares et al. 2019, "Matching the Blanks" (the vector at an entity's opening mark stands for it).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._tags import NOT_JUDGED


class RelateHead(nn.Module):
    """Token vectors to one logit a relation, and one for none. Shapes: b pieces, t tokens, h hidden size, r relations.

    >>> import torch
    >>> RelateHead(8, ["causes", "treats"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3, 3])
    """

    form = "relations"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.inner = nn.Linear(hidden_size, hidden_size)
        self.out = nn.Linear(hidden_size, 1 + len(labels))
        for layer in (self.inner, self.out):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> logits [b, t, 1 + r]."""
        return self.out(self.drop(F.gelu(self.inner(self.drop(hidden)))))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over the pairs; `targets` [b, t] holds relations at tails, or `NOT_JUDGED`."""
        each = F.cross_entropy(
            logits.flatten(0, 1),
            targets.flatten(),
            weight=objective.weights,
            ignore_index=NOT_JUDGED,
            label_smoothing=objective.smoothing,
            reduction="none",
        )
        judged = targets.flatten() != NOT_JUDGED
        truth = targets.flatten().clamp(min=0)
        if objective.focal:
            sure = logits.flatten(0, 1).softmax(1).gather(1, truth[:, None])[:, 0]
            each = each * (1 - sure) ** objective.focal
        weight = judged if objective.weights is None else judged * objective.weights[truth]
        return each.sum() / weight.sum().clamp(min=1e-9)


HEAD = RelateHead
