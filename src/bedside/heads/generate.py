"""A text for a text: the decoder's own language head over the vectors before each piece of the target.

The loss is over the target alone; the prompt is read, not learnt.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._tags import NOT_JUDGED


class GenerateHead(nn.Module):
    """Holds the decoder's language head. Shapes: b texts, t tokens, h hidden size, k judged tokens, v vocabulary.

    >>> import torch
    >>> GenerateHead(8)(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3, 8])
    """

    form = "texts"

    def __init__(
        self, hidden_size: int, labels: Sequence[str] = (), dropout: float = 0.0, *, out: nn.Module | None = None
    ) -> None:
        super().__init__()
        self.out = out if out is not None else nn.Identity()

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] as they are: scores are made only where they are judged, for a vocabulary is wide."""
        return hidden

    def loss(self, hidden: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over the target's pieces; `targets` [b, t] holds the piece after each, or `NOT_JUDGED`."""
        judged = targets != NOT_JUDGED
        scores = self.out(hidden[judged])
        return F.cross_entropy(scores, targets[judged], label_smoothing=objective.smoothing)


HEAD = GenerateHead
