"""An ordered level a text (a grade, a stage, a pain score): whether it is above each level, given that it is that high.

The chain of conditional answers makes a probability for each level, and minus its logarithm at the true level is the
loss of CORN, taken over texts and not over the answers each takes part in. Levels keep their order because no text
can be above a level without having reached it.

Source: Shi, Cao & Raschka 2021, "Deep Neural Networks for Rank-Consistent Ordinal Regression Based On Conditional
Probabilities".
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._output import output_layer
from bedside.heads._pool import mean_pool


class OrdinalHead(nn.Module):
    """Token vectors to one log probability a level, lowest first. Shapes: b texts, t tokens, h hidden size.

    >>> OrdinalHead(8, ["1", "2", "3"])(torch.zeros(1, 4, 8), torch.ones(1, 4)).exp()
    tensor([[0.5000, 0.2500, 0.2500]], grad_fn=<ExpBackward0>)
    """

    form = "score"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = output_layer(hidden_size, len(labels) - 1)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> log probabilities [b, levels], which sum to 1 a text."""
        above = self.out(self.drop(mean_pool(hidden, mask)))
        none = torch.zeros_like(above[:, :1])
        reached = torch.cat([none, F.logsigmoid(above).cumsum(1)], 1)
        return reached + torch.cat([F.logsigmoid(-above), none], 1)

    def loss(self, outputs: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over the texts; `targets` [b] holds numbers of levels."""
        return F.nll_loss(outputs, targets)


HEAD = OrdinalHead
