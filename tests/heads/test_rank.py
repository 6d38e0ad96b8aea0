"""The ranking head: its loss is the one of the papers, equals and copies are no negatives, and 1 is where it starts."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from bedside.heads._objective import Objective
from bedside.heads._pool import mean_pool
from bedside.heads._question import QUESTION
from bedside.heads.rank import RankHead

WARM = Objective(temperature=0.1)


def vectors(count: int, seed: int = 0) -> Tensor:
    return F.normalize(torch.randn(count, 6, generator=torch.Generator().manual_seed(seed)), dim=1)


def rows(*grades: list[int], texts: list[list[int]] | None = None) -> Tensor:
    """Row, text and grade of a question and its documents, row after row."""
    found, number = [], 0
    for row, own in enumerate(grades):
        for place, grade in enumerate([QUESTION, *own]):
            found.append((row, texts[row][place] if texts else number, grade))
            number += 1
    return torch.tensor(found)


def test_with_one_right_document_a_question_the_loss_is_symmetric_cross_entropy_over_the_batch() -> None:
    given = vectors(8)
    questions, documents = given[0::2], given[1::2]
    cosines, right = questions @ documents.T / 0.1, torch.arange(4)
    expected = (F.cross_entropy(cosines, right) + F.cross_entropy(cosines.T, right)) / 2
    assert RankHead(6).loss(given, rows([1], [1], [1], [1]), WARM) == pytest.approx(expected.item(), rel=1e-5)


def test_a_document_is_contrasted_with_the_worse_of_its_list_and_not_with_its_equals_and_betters() -> None:
    given = vectors(5)
    question, best, good, as_good, wrong = given

    def surprise(right: Tensor, *others: Tensor) -> Tensor:
        scores = torch.stack([right, *others]) @ question / 0.1
        return F.cross_entropy(scores[None], torch.tensor([0]))

    expected = (surprise(best, good, as_good, wrong) + surprise(good, wrong) + surprise(as_good, wrong)) / 3
    found = RankHead(6).loss(given, rows([2, 1, 1, 0]), WARM)
    assert found == pytest.approx((expected / 2).item(), rel=1e-5)  # with one question there is none to confuse it with


def test_a_copy_of_the_right_document_in_another_row_is_no_negative() -> None:
    given = vectors(4)
    given[3] = given[1]
    copied = rows([1], [1], texts=[[0, 1], [2, 1]])
    assert RankHead(6).loss(given, copied, WARM) == pytest.approx(0.0, abs=1e-6)
    strangers = rows([1], [1], texts=[[0, 1], [2, 3]])
    assert RankHead(6).loss(given, strangers, WARM) > 0.5


def test_the_order_of_the_rows_in_a_batch_does_not_matter() -> None:
    given, wanted = vectors(6), rows([1, 0], [2, 1])
    turned = torch.tensor([3, 4, 5, 0, 1, 2])
    one, other = RankHead(6).loss(given, wanted, WARM), RankHead(6).loss(given[turned], wanted[turned], WARM)
    assert one.item() == pytest.approx(other.item(), rel=1e-6)


def test_an_unfitted_head_compares_texts_as_the_backbone_was_pretrained_to() -> None:
    hidden, mask = torch.randn(3, 5, 6), torch.ones(3, 5)
    assert torch.allclose(RankHead(6)(hidden, mask), F.normalize(mean_pool(hidden, mask), dim=1))
