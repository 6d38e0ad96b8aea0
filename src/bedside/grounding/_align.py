"""The network of the learnt reader: each token of a sentence beside what of the chart is nearest to it.

A sentence is doubted for its tokens that nothing in the chart agrees with, so that a reader of few weights can be
fitted on few cases. Shapes: b sentences, t tokens of a sentence, c tokens of a chart, h hidden size, w width.

Source: Parikh et al. 2016, "A Decomposable Attention Model for Natural Language Inference".
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

SHARPNESS = 12.0
"""How much more a token looks at what is nearest to it, before fitting."""


class Aligner(nn.Module):
    """States of sentences and of charts, scaled to mean 0 and deviation 1, to one number a sentence.

    >>> said, chart = torch.randn(2, 5, 32), torch.randn(2, 9, 32)
    >>> Aligner(32, 8)(said, torch.ones(2, 5), chart, torch.ones(2, 9)).shape
    torch.Size([2])
    """

    def __init__(self, hidden_size: int, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(hidden_size, width), nn.Linear(hidden_size, width)
        nn.init.orthogonal_(self.query.weight)
        self.key.load_state_dict(self.query.state_dict())
        self.sharpness = nn.Parameter(torch.tensor(SHARPNESS))
        self.value = nn.Linear(hidden_size, width)
        self.compare = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(4 * width + 2, width), nn.GELU(), nn.Dropout(dropout)
        )
        self.out = nn.Linear(2 * width, 1)

    def forward(self, said: Tensor, of_said: Tensor, chart: Tensor, of_chart: Tensor) -> Tensor:
        """[b, t, h] and [b, c, h] with masks [b, t] and [b, c] -> [b]; above 0 is doubt."""
        likeness = F.normalize(self.query(said), dim=-1) @ F.normalize(self.key(chart), dim=-1).transpose(1, 2)
        likeness = likeness.masked_fill(of_chart[:, None] == 0, -1e4)
        looks = torch.softmax(likeness * self.sharpness, -1)
        own, other = self.value(said), looks @ self.value(chart)
        nearest, spread = likeness.amax(-1, keepdim=True), looks.square().sum(-1, keepdim=True)
        found = self.compare(torch.cat([own, other, own - other, own * other, nearest, spread], -1))
        real = of_said[..., None]
        worst = found.masked_fill(real == 0, -1e4).amax(1)
        usual = (found * real).sum(1) / real.sum(1)
        sums: Tensor = self.out(torch.cat([worst, usual], -1))[:, 0]
        return sums


def together(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows [t, h] of any lengths as one table [b, t, h], with its mask [b, t].

    >>> table, mask = together([torch.ones(2, 4), torch.ones(3, 4)])
    >>> table.shape, mask.tolist()
    (torch.Size([2, 3, 4]), [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
    """
    mask = [torch.ones(len(one)) for one in states]
    return pad_sequence(list(states), batch_first=True), pad_sequence(mask, batch_first=True)
