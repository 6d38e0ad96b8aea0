"""Where in a text the answer to a question begins and ends; both at the opening mark when the text does not answer it.

Source: Devlin et al. 2019, "BERT", sections 4.2 and 4.3 (SQuAD 1.1 and 2.0).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._output import output_layer
from bedside.heads._tags import NOT_JUDGED

START, END = 1, 2
"""The bits of a token's target."""


class AnswerHead(nn.Module):
    """Token vectors to two logits a token. Shapes: b pieces, t tokens, h hidden size.

    >>> AnswerHead(8, ["answer"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3, 2])
    """

    form = "excerpts"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = output_layer(hidden_size, 2)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> logits [b, t, 2]: the answer begins here, ends here."""
        return self.out(self.drop(hidden))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean over the pieces of the cross-entropy of start and end.

        `targets` [b, t]: `START` and `END` where the answer does (their sum where it does both), 0 where it could, and
        `NOT_JUDGED` where it cannot.
        """
        judged = (targets != NOT_JUDGED)[..., None]
        chances = torch.log_softmax(logits.masked_fill(~judged, -torch.inf), 1)
        wanted = judged & (torch.stack([targets & START, targets & END], -1) > 0)
        return -chances.masked_fill(~wanted, 0.0).sum((1, 2)).mean()


HEAD = AnswerHead
