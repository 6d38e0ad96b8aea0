"""The output layers: what they minimise agrees with the definitions, and rare labels weigh more."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bedside import registry
from bedside.heads._objective import Objective, class_weights
from bedside.heads._pool import mean_pool
from bedside.heads._tags import NOT_JUDGED, OUTSIDE, best_tags
from bedside.heads.classify import ClassifyHead
from bedside.heads.continuous import ContinuousHead
from bedside.heads.multilabel import MultilabelHead
from bedside.heads.ordinal import OrdinalHead
from bedside.heads.relate import RelateHead
from bedside.heads.tag import TagHead

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3]])
TARGETS = torch.tensor([0, 2])
MARKS = torch.tensor([[True, False, True], [False, False, False]])


def test_padding_does_not_change_a_text() -> None:
    hidden = torch.randn(1, 3, 4)
    padded = torch.cat([hidden, torch.full((1, 2, 4), 9.0)], 1)
    mask = torch.tensor([[1, 1, 1, 0, 0]])
    assert torch.allclose(mean_pool(hidden, torch.ones(1, 3)), mean_pool(padded, mask))


def test_plain_losses_are_the_usual_ones() -> None:
    classify, multilabel = ClassifyHead(4, ["a", "b", "c"]), MultilabelHead(4, ["a", "b", "c"])
    assert classify.loss(LOGITS, TARGETS) == pytest.approx(F.cross_entropy(LOGITS, TARGETS).item())
    expected = F.binary_cross_entropy_with_logits(LOGITS, MARKS.float()).item()
    assert multilabel.loss(LOGITS, MARKS) == pytest.approx(expected)


def test_weights_are_those_of_the_framework() -> None:
    weights = torch.tensor([0.5, 1.0, 3.0])
    found = ClassifyHead(4, ["a", "b", "c"]).loss(LOGITS, TARGETS, Objective(weights))
    assert found == pytest.approx(F.cross_entropy(LOGITS, TARGETS, weight=weights).item())


@pytest.mark.parametrize("head", [ClassifyHead(4, ["a", "b", "c"]), MultilabelHead(4, ["a", "b", "c"])])
def test_focal_forgives_what_is_already_right(head: torch.nn.Module) -> None:
    sure, torn = torch.tensor([[9.0, -9.0, -9.0]]), torch.tensor([[0.1, 0.0, 0.0]])
    target = torch.tensor([0]) if isinstance(head, ClassifyHead) else torch.tensor([[True, False, False]])
    focal = Objective(focal=2.0)
    assert head.loss(torn, target, focal) < head.loss(torn, target)  # type: ignore[operator]
    assert head.loss(torn, target, focal) > 100 * head.loss(sure, target, focal)  # type: ignore[operator]


@pytest.mark.parametrize("head", [ClassifyHead(4, ["a", "b", "c"]), MultilabelHead(4, ["a", "b", "c"])])
def test_smoothing_punishes_certainty(head: torch.nn.Module) -> None:
    target = torch.tensor([0]) if isinstance(head, ClassifyHead) else torch.tensor([[True, False, False]])
    certain = torch.tensor([[30.0, -30.0, -30.0]])
    assert head.loss(certain, target, Objective(smoothing=0.1)) > 1  # type: ignore[operator]
    assert head.loss(certain, target) < 1e-3  # type: ignore[operator]


def test_rare_labels_weigh_more_and_the_mean_row_weighs_one() -> None:
    counts = [90, 9, 1]
    for strength in (0.0, 0.5, 1.0):
        weights = class_weights(counts, strength)
        assert float((weights * torch.tensor(counts)).sum()) / 100 == pytest.approx(1, rel=1e-5)
    assert class_weights(counts, 0.0).tolist() == [1, 1, 1]
    assert class_weights(counts, 1.0)[2] / class_weights(counts, 1.0)[0] == pytest.approx(90)
    assert class_weights(counts, 0.5)[2] / class_weights(counts, 0.5)[0] == pytest.approx(90**0.5)


def test_probabilities_sum_to_one_only_where_labels_exclude_each_other() -> None:
    assert ClassifyHead(4, ["a", "b", "c"]).decode(LOGITS).sum(1).tolist() == pytest.approx([1, 1])
    assert MultilabelHead(4, ["a", "b", "c"]).decode(LOGITS).sum(1)[0] != pytest.approx(1)


def test_every_registered_head_keeps_the_seam() -> None:
    for name in registry.names("heads"):
        head = registry.load("heads", name)(8, ["x", "y"])
        logits = head(torch.zeros(3, 2, 8), torch.ones(3, 2))
        shapes = {
            "excerpts": (3, 2, 2),
            "survival": (3, 1 if name == "cox" else 2),
            "texts": (3, 2, 8),
            "ranking": (3, 8),
        }
        if head.form in ("entities", "relations"):  # as many outputs a token as the scheme needs
            assert logits.shape[:2] == (3, 2)
            assert logits.ndim == 3
        else:
            assert logits.shape == shapes.get(head.form, (3, 2))


def test_the_ordinal_loss_is_that_of_corn() -> None:
    """Binary cross-entropy of "above level k", over the texts that reached level k: Shi et al. 2021, equation 6."""
    head = OrdinalHead(4, ["1", "2", "3", "4"], dropout=0.0)
    torch.nn.init.normal_(head.out.weight)
    hidden, mask, levels = torch.randn(9, 3, 4), torch.ones(9, 3), torch.tensor([0, 1, 2, 3, 0, 1, 2, 3, 3])
    above = head.out(mean_pool(hidden, mask))
    total = torch.tensor(0.0)
    for k in range(3):
        reached = levels >= k
        wanted = (levels[reached] > k).float()
        total += F.binary_cross_entropy_with_logits(above[reached, k], wanted, reduction="sum")
    assert head.loss(head(hidden, mask), levels).item() == pytest.approx(total.item() / 9)


def test_levels_are_probabilities_whatever_the_weights() -> None:
    head = OrdinalHead(4, ["1", "2", "3"])
    torch.nn.init.normal_(head.out.weight, std=30.0)
    chances = head.eval()(torch.randn(20, 2, 4), torch.ones(20, 2)).exp()
    assert chances.sum(1).tolist() == pytest.approx([1.0] * 20, abs=1e-5)


def test_a_number_is_learnt_alike_in_any_unit() -> None:
    """Body heat in Celsius and in Fahrenheit: the same loss, and the answer in the unit of the labels."""
    celsius = torch.tensor([36.0, 37.0, 39.5])
    hidden, mask, losses, values = torch.randn(3, 2, 4), torch.ones(3, 2), [], []
    for labels in (celsius, celsius * 1.8 + 32):
        torch.manual_seed(0)
        head = ContinuousHead(4, ["value", "spread"], dropout=0.0)
        torch.nn.init.normal_(head.out.weight)
        head.start_from(labels)
        losses.append(head.loss(head(hidden, mask), labels).item())
        values.append(head(hidden, mask)[:, 0])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert torch.allclose(values[0] * 1.8 + 32, values[1], rtol=1e-4)


def test_being_far_off_costs_less_to_those_who_said_so() -> None:
    head = ContinuousHead(4, ["value", "spread"])
    off = torch.tensor([3.0])
    sure, unsure = torch.tensor([[0.0, -1.0]]), torch.tensor([[0.0, 1.0]])
    assert head.loss(sure, off) > head.loss(unsure, off)
    assert head.loss(sure, torch.tensor([0.0])) < head.loss(unsure, torch.tensor([0.0]))


def test_only_units_are_judged_by_the_tagging_loss() -> None:
    head = TagHead(4, ["disease"])
    logits = torch.randn(1, 3, 3)
    judged = head.loss(logits, torch.tensor([[1, NOT_JUDGED, 0]]))
    assert judged == pytest.approx(F.cross_entropy(logits[0, [0, 2]], torch.tensor([1, 0])).item())


def test_focal_forgives_units_that_are_already_right() -> None:
    head, focal = TagHead(4, ["disease"]), Objective(focal=2.0)
    sure, torn, target = torch.tensor([[[9.0, -9.0, -9.0]]]), torch.tensor([[[0.1, 0.0, 0.0]]]), torch.tensor([[0]])
    assert head.loss(torn, target, focal) < head.loss(torn, target)
    assert head.loss(torn, target, focal) > 100 * head.loss(sure, target, focal)


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.lists(st.lists(st.floats(-6, 0), min_size=5, max_size=5), min_size=1, max_size=5).map(
        lambda rows: np.array(rows)
    )
)
def test_the_best_tags_are_the_most_probable_of_all_allowed_sequences(log_chances: NDArray[np.float64]) -> None:
    def allowed(tags: tuple[int, ...]) -> bool:
        before = (OUTSIDE, *tags)
        return all(b % 2 or not b or a in (b, b - 1) for a, b in pairwise(before))

    def worth(tags: tuple[int, ...]) -> float:
        return float(sum(row[tag] for row, tag in zip(log_chances, tags, strict=True)))

    best = max(filter(allowed, product(range(5), repeat=len(log_chances))), key=worth)
    found = tuple(best_tags(log_chances).tolist())
    assert allowed(found)
    assert worth(found) == pytest.approx(worth(best))


@pytest.mark.parametrize("weights", [None, torch.tensor([0.4, 1.0, 3.0])])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_relations_are_judged_at_the_marks_of_tails_only(weights: torch.Tensor | None, smoothing: float) -> None:
    head, logits = RelateHead(4, ["causes", "treats"]), torch.randn(2, 3, 3)
    targets = torch.tensor([[NOT_JUDGED, 0, 2], [1, NOT_JUDGED, NOT_JUDGED]])
    judged = torch.stack([logits[0, 1], logits[0, 2], logits[1, 0]])
    expected = F.cross_entropy(judged, torch.tensor([0, 2, 1]), weight=weights, label_smoothing=smoothing)
    found = head.loss(logits, targets, Objective(weights, smoothing=smoothing))
    assert found == pytest.approx(expected.item(), rel=1e-5)


def test_focal_forgives_a_relation_that_is_already_right() -> None:
    head, targets = RelateHead(4, ["causes"]), torch.tensor([[1]])
    sure, torn = torch.tensor([[[-9.0, 9.0]]]), torch.tensor([[[0.2, 0.1]]])
    assert head.loss(torn, targets, Objective(focal=2.0)) < head.loss(torn, targets)
    assert head.loss(torn, targets, Objective(focal=2.0)) > 100 * head.loss(sure, targets, Objective(focal=2.0))
