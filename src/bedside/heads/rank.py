"""Documents for a question: question and document each become one vector, compared by their cosine.

Learnt by contrast: the right document must be nearer than every other document of the batch, and the question nearer
than every other question (symmetric InfoNCE). Sources: van den Oord et al. 2018, "Representation Learning with
Contrastive Predictive Coding"; Karpukhin et al. 2020, "Dense Passage Retrieval"; Radford et al. 2021 (the symmetry).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._objective import PLAIN, Objective
from bedside.heads._pool import mean_pool
from bedside.heads._question import QUESTION


class RankHead(nn.Module):
    """Token vectors to one vector of length 1 a text, with a weight for each dimension. Shapes: b texts, t tokens, h.

    The weights begin at 1, so that an unfitted head compares texts as the backbone was pretrained to.

    >>> RankHead(4)(torch.ones(1, 3, 4), torch.ones(1, 3)).tolist()
    [[0.5, 0.5, 0.5, 0.5]]
    """

    form = "ranking"

    def __init__(self, hidden_size: int, labels: Sequence[str] = (), dropout: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """[b, t, h] and mask [b, t] -> vectors [b, h] of length 1."""
        return F.normalize(mean_pool(hidden, mask) * self.weight, dim=1)

    def loss(self, vectors: Tensor, targets: Tensor, objective: Objective = PLAIN) -> Tensor:
        """Mean over (question, document that is right or better than another of its list), in nats.

        `targets` [b, 3]: the row a text belongs to, its number (a text of several rows has one), its grade or
        `QUESTION`. A document is contrasted with those of the batch, but for its equals and betters of the same row
        and for copies of them.
        """
        row, text, grade = targets.T
        asked = grade == QUESTION
        questions, documents = vectors[asked], vectors[~asked]
        own = row[asked][:, None] == row[~asked]  # [questions, documents]
        scores = questions @ documents.T / objective.temperature
        first, second = torch.nonzero(own & (grade[~asked] > 0), as_tuple=True)
        if not len(first):
            return vectors.sum() * 0
        barred = _equals_and_betters(own, text[~asked], grade[~asked], first, second)
        forward = _contrast(scores[first], barred, second)
        known = _right_of(own & (grade[~asked] > 0), text[~asked])  # [questions, documents]
        backward = _contrast(scores.T[second], known.T[second], first)
        return (forward + backward) / 2


def _contrast(scores: Tensor, barred: Tensor, right: Tensor) -> Tensor:
    """Mean cross-entropy of the right one of each row [p, n], those barred left out but for the right one itself."""
    rows = torch.arange(len(scores), device=scores.device)
    barred = barred.clone()
    barred[rows, right] = False
    return F.cross_entropy(scores.masked_fill(barred, -torch.inf), right)


def _equals_and_betters(own: Tensor, text: Tensor, grade: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """[pairs, documents]: those of the pair's row with its grade or a higher one, and copies of them elsewhere."""
    better = own[first] & (grade >= grade[second][:, None])
    return (better.float() @ (text[:, None] == text).float()) > 0


def _right_of(right: Tensor, text: Tensor) -> Tensor:
    """[questions, documents]: whether the document, or a copy of it, is right for the question."""
    return (right.float() @ (text[:, None] == text).float()) > 0


HEAD = RankHead
