"""Entities in a text: every unit (word, number, Chinese character) is beginning, inside or outside of one; linear layer.

The tags of a unit are O, and B and I for each type in turn. Source: Ramshaw & Marcus 1995, "Text Chunking using
Transformation-Based Learning"; the rules of which tag may follow which are kept when reading off (`best_tags`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective

OUTSIDE = 0
NOT_JUDGED = -100
"""The target of a token that stands for no unit: marks, padding, the later pieces of a word."""


class TagHead(nn.Module):
    """Token vectors to one logit a tag. Shapes: b texts, t tokens, h hidden size, k = 1 + 2 types.

    >>> TagHead(8, ["disease", "drug"])(torch.zeros(1, 3, 8), torch.ones(1, 3)).shape
    torch.Size([1, 3, 5])
    """

    form = "entities"

    def __init__(self, hidden_size: int, labels: Sequence[str], dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(hidden_size, 1 + 2 * len(labels))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.bias)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> logits [b, t, k]."""
        return self.out(self.drop(hidden))

    def loss(self, logits: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean loss over the units; `targets` [b, t] holds tags, or `NOT_JUDGED`."""
        return F.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=NOT_JUDGED, label_smoothing=objective.smoothing
        )


def best_tags(log_chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """The most probable allowed sequence [n] of tags for log probabilities [n, k]: I follows only B or I of its type.

    >>> best_tags(np.log([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])).tolist()
    [1, 2]

    Source: Viterbi 1967.
    """
    n, k = log_chances.shape
    barred = _barred(k)
    best = log_chances[0] + barred[OUTSIDE]
    came = np.zeros((n, k), np.int64)
    for unit in range(1, n):
        ways = best[:, None] + barred
        came[unit] = ways.argmax(0)
        best = ways[came[unit], np.arange(k)] + log_chances[unit]
    tags = np.zeros(n, np.int64)
    tags[-1] = best.argmax()
    for unit in range(n - 1, 0, -1):
        tags[unit - 1] = came[unit, tags[unit]]
    return tags


def _barred(k: int) -> NDArray[np.float64]:
    """[k, k]: minus infinity where the second tag may not follow the first."""
    first, second = np.arange(k)[:, None], np.arange(k)
    inside = (second > OUTSIDE) & (second % 2 == 0)
    same = (first == second) | (first == second - 1)
    return np.where(inside & ~same, -np.inf, 0.0)


HEAD = TagHead
