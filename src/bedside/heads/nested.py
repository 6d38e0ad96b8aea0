"""Entities that may lie within or across each other: every stretch of a text is scored as each type, by itself.

Of a token the head gives a vector to begin entities with, one to end them with, turned by the token's place, and two
numbers a type; the score of a stretch follows from its first and last token (`heads/_spans.py`).

Source: Su et al. 2022, "Global Pointer: Novel Efficient Span-based Approach for Named Entity Recognition"
(arXiv:2208.03054), the efficient form; the turning is that of Su et al. 2021, "RoFormer" (arXiv:2104.09864).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bedside.errors import UsageError
from bedside.heads._objective import PLAIN, Objective
from bedside.heads._spans import MAY_BEGIN, MAY_END, SIZE, span_scores
from bedside.lang import tr

TURNS = 10_000.0
"""Base of the angles, as in RoFormer."""


class NestedHead(nn.Module):
    """Token vectors to what `span_scores` needs. Shapes: b texts, t tokens, h hidden size, k = 2 SIZE + 2 types.

    >>> NestedHead(8, ["disease", "body"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3, 132])
    """

    form = "entities"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.pair = nn.Linear(hidden_size, 2 * SIZE)
        self.edges = nn.Linear(2 * SIZE, 2 * len(labels))
        for layer in (self.pair, self.edges):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> [b, t, k]."""
        pair = self.pair(self.drop(hidden))
        return torch.cat([_turned(pair[..., :SIZE]), _turned(pair[..., SIZE:]), self.edges(pair) / 2], -1)

    def loss(self, outputs: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """log(1 + sum of e^-score over what is marked) + log(1 + sum of e^score over the rest), mean over texts, types.

        `targets` [b, m, 3]: rows of first token, last token and type; or token, token and `MAY_BEGIN` or `MAY_END`.
        """
        if objective.focal or objective.smoothing:
            raise UsageError(
                tr("the head nested has a loss of its own", "输出层 nested 使用自己的损失函数"),
                value="loss, label_smoothing",
                allowed=tr("their defaults", "默认值"),
            )
        scores = span_scores(outputs, outputs)
        marked, open_ = _marked(scores, targets)
        absent = torch.finfo(scores.dtype).min
        missed = torch.where(marked, -scores, absent).flatten(2)
        wrong = torch.where(open_ & ~marked, scores, absent).flatten(2)
        nothing = scores.new_zeros(*missed.shape[:2], 1)
        each = torch.logsumexp(torch.cat([missed, nothing], -1), -1)
        return (each + torch.logsumexp(torch.cat([wrong, nothing], -1), -1)).mean()


def _turned(vectors: Tensor) -> Tensor:
    """[b, t, d], each pair of channels turned by an angle that grows with the token's place."""
    size = vectors.shape[-1] // 2
    rates = TURNS ** -(torch.arange(size, device=vectors.device, dtype=vectors.dtype) / size)
    angles = torch.arange(vectors.shape[1], device=vectors.device, dtype=vectors.dtype)[:, None] * rates
    left, right = vectors[..., :size], vectors[..., size:]
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([left * cos - right * sin, right * cos + left * sin], -1)


def _marked(scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Which of [b, types, t, t] are marked as entities, and which could be one: [b, 1, t, t]."""
    b, _, t, _ = scores.shape
    marked = torch.zeros_like(scores, dtype=torch.bool)
    begins, ends = (torch.zeros(b, t, dtype=torch.bool, device=scores.device) for _ in range(2))
    text = torch.arange(b, device=targets.device)[:, None].expand(targets.shape[:2])
    first, last, kind = targets.unbind(-1)
    is_entity = kind >= 0
    marked[text[is_entity], kind[is_entity], first[is_entity], last[is_entity]] = True
    begins[text[kind == MAY_BEGIN], first[kind == MAY_BEGIN]] = True
    unit = (kind == MAY_BEGIN) | (kind == MAY_END)
    ends[text[unit], last[unit]] = True
    forward = torch.ones(t, t, dtype=torch.bool, device=scores.device).triu()
    return marked, (begins[:, :, None] & ends[:, None, :] & forward)[:, None]


HEAD = NestedHead
