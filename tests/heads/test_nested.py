"""The head for entities that overlap: its scores and loss are those of the paper, written out one stretch at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from bedside.errors import UsageError
from bedside.heads._objective import Objective
from bedside.heads._spans import MAY_BEGIN, MAY_END, SIZE, span_scores
from bedside.heads._tags import NOT_JUDGED
from bedside.heads.nested import NestedHead

TYPES = ["body", "disease"]


def plain_score(head: NestedHead, hidden: Tensor, kind: int, first: int, last: int) -> float:
    """The score of Su et al. 2022 (efficient form) with the turning of RoFormer, one number at a time."""
    pair = [(head.pair.weight @ hidden[at] + head.pair.bias).tolist() for at in (first, last)]
    begin, end = pair[0][:SIZE], pair[1][SIZE:]
    turned = [complex(*begin[k :: SIZE // 2]) for k in range(SIZE // 2)]
    other = [complex(*end[k :: SIZE // 2]) for k in range(SIZE // 2)]
    total = 0.0
    for k, (one, two) in enumerate(zip(turned, other, strict=True)):
        angle = (first - last) * 10_000 ** (-k / (SIZE // 2))
        total += (one * complex(math.cos(angle), math.sin(angle)) * two.conjugate()).real
    edges = [(head.edges.weight @ torch.tensor(one) + head.edges.bias).tolist() for one in pair]
    return float(total / math.sqrt(SIZE) + (edges[0][kind] + edges[1][len(TYPES) + kind]) / 2)


@pytest.fixture
def head() -> NestedHead:
    torch.manual_seed(0)
    made = NestedHead(8, TYPES).eval()
    torch.nn.init.normal_(made.edges.bias)
    torch.nn.init.normal_(made.pair.bias)
    return made


def test_the_score_of_each_stretch_is_that_of_the_paper(head: NestedHead) -> None:
    hidden = torch.randn(1, 6, 8)
    with torch.no_grad():
        out = head(hidden, torch.ones(1, 6))
        scores = span_scores(out, out)[0]
        plain = [
            [[plain_score(head, hidden[0], k, i, j) for j in range(6)] for i in range(6)] for k in range(len(TYPES))
        ]
    assert np.allclose(scores.numpy(), plain, atol=1e-5)


def test_scores_for_serving_are_those_of_fitting(head: NestedHead) -> None:
    out = torch.randn(5, 2 * SIZE + 4)
    assert np.allclose(span_scores(out[:2], out).numpy(), span_scores(out.numpy()[:2], out.numpy()), atol=1e-6)


def test_the_loss_is_that_of_the_paper_over_stretches_of_units_only(head: NestedHead) -> None:
    out = head(torch.randn(2, 4, 8), torch.ones(2, 4))
    entities = [[(1, 3, 1), (1, 1, 0)], []]
    units = [[1, 2, 3], [0]]  # token 0 of the first text is a mark; of the second, 3 is judged in its next piece
    pad = [NOT_JUDGED] * 3
    targets = torch.tensor(
        [
            [*map(list, entities[0]), *([at, at, MAY_BEGIN] for at in units[0])],
            [[0, 0, MAY_BEGIN], [3, 3, MAY_END], pad, pad, pad],
        ]
    )
    scores = span_scores(out, out).tolist()
    begin, end = units, [units[0], [0, 3]]
    plain = []
    for text in range(2):
        for kind in range(len(TYPES)):
            marked = {(i, j) for i, j, k in entities[text] if k == kind}
            rest = {(i, j) for i in begin[text] for j in end[text] if i <= j} - marked
            score = scores[text][kind]
            missed = math.log(1 + sum(math.exp(-score[i][j]) for i, j in marked))
            plain.append(missed + math.log(1 + sum(math.exp(score[i][j]) for i, j in rest)))
    assert head.loss(out, targets).item() == pytest.approx(sum(plain) / 4, rel=1e-5)


def test_padding_does_not_change_the_loss_or_the_scores(head: NestedHead) -> None:
    hidden = torch.randn(1, 3, 8)
    padded = torch.cat([hidden, torch.full((1, 2, 8), 9.0)], 1)
    targets = torch.tensor([[[0, 1, 0], [0, 0, MAY_BEGIN], [1, 1, MAY_BEGIN], [2, 2, MAY_BEGIN]]])
    short, long = head(hidden, torch.ones(1, 3)), head(padded, torch.tensor([[1, 1, 1, 0, 0]]))
    assert torch.allclose(long[:, :3], short, atol=1e-6)
    assert head.loss(long, targets).item() == pytest.approx(head.loss(short, targets).item(), rel=1e-5)


def test_a_loss_it_does_not_have_is_refused(head: NestedHead) -> None:
    out = head(torch.zeros(1, 2, 8), torch.ones(1, 2))
    with pytest.raises(UsageError, match="a loss of its own"):
        head.loss(out, torch.tensor([[[0, 0, MAY_BEGIN]]]), Objective(focal=2.0))
