"""Texts made harder while they are learnt: tokens hidden, and vectors moved the way that misleads most."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bedside.config import FitRecipe
from bedside.config.conflicts import contradictions
from bedside.heads.classify import ClassifyHead
from bedside.train.defaults import fill_in
from bedside.train.harder import learn, misled, thinned

SIZES = {"tokens": 90_000, "layers": 6, "hidden_size": 384}


def test_a_hidden_token_is_as_good_as_not_written() -> None:
    torch.manual_seed(0)
    mask = thinned(torch.ones(400, 20), 0.15)
    assert mask[:, 0].all(), "of each text something is left"
    assert mask[:, 1:].mean().item() == pytest.approx(0.85, abs=0.01)
    head, hidden = ClassifyHead(8, ["benign", "malignant"]).eval(), torch.randn(400, 20, 8)
    assert torch.allclose(head(hidden * mask[..., None], mask), head(hidden, mask), atol=1e-6)


def test_padding_stays_padding_and_nothing_is_hidden_unasked() -> None:
    mask = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    assert (thinned(mask, 0.5)[:, 2:] == 0).all()
    assert thinned(mask, 0.0) is mask


@given(st.integers(0, 10_000), st.floats(0.01, 0.5))
def test_no_other_push_of_the_same_length_misleads_a_linear_model_more(seed: int, size: float) -> None:
    torch.manual_seed(seed)
    hidden, mask, slope = torch.randn(2, 5, 4), torch.ones(2, 5), torch.randn(2, 5, 4)
    mask[1, 3:] = 0
    push, other = misled(hidden, mask, slope, size), torch.randn(2, 5, 4) * mask[..., None]
    length = (hidden * mask[..., None]).flatten(1).norm(dim=1)
    assert torch.allclose(push.flatten(1).norm(dim=1), size * length, rtol=1e-4)
    assert not push[1, 3:].any()
    other *= (size * length / other.flatten(1).norm(dim=1))[:, None, None]
    assert ((push * slope).flatten(1).sum(1) >= (other * slope).flatten(1).sum(1) - 1e-4).all()


@pytest.mark.parametrize("tuned", [False, True])
def test_the_gradients_are_those_of_the_text_and_of_the_misleading_one(tuned: bool) -> None:
    torch.manual_seed(1)
    weight = torch.nn.Parameter(torch.randn(4))
    words = torch.nn.Parameter(torch.randn(3, 2, 4), requires_grad=tuned)
    mask = torch.ones(3, 2)

    def loss_at(vectors: torch.Tensor) -> torch.Tensor:
        return (vectors @ weight).sigmoid().mean()

    told = learn(loss_at, words * 2, mask, 0.1, 0.5)
    found = weight.grad
    assert told == pytest.approx(loss_at(words * 2).item())
    here = (words * 2).detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(loss_at(here), here)
    both = 0.5 * (loss_at(here) + loss_at(here.detach() + misled(here, mask, slope, 0.1)))
    (wanted,) = torch.autograd.grad(both, weight)
    assert found is not None
    assert torch.allclose(found, wanted, atol=1e-7)
    assert (words.grad is not None) == tuned


def test_texts_are_made_harder_by_default_where_there_are_rows_enough_and_one_label_each() -> None:
    many, choices = fill_in(FitRecipe(), rows=3_000, one_label=True, **SIZES)
    assert many.token_dropout == 0.15
    assert "token_dropout" in [choice.name for choice in choices]
    few, _ = fill_in(FitRecipe(), rows=199, one_label=True, **SIZES)
    several, _ = fill_in(FitRecipe(), rows=3_000, **SIZES)
    corrected, _ = fill_in(FitRecipe(adapt="lora"), rows=3_000, one_label=True, **SIZES)
    off, _ = fill_in(FitRecipe(token_dropout=0.0), rows=3_000, one_label=True, **SIZES)
    assert [one.token_dropout for one in (few, several, corrected, off)] == [None, None, None, 0.0]


@pytest.mark.parametrize("name", ["token_dropout", "adversarial"])
def test_what_cannot_be_made_harder_is_refused(name: str) -> None:
    assert contradictions({name: 0.1, "head": "classify"}) == []
    assert contradictions({name: 0.1, "adapt": "frozen"}), "vectors are computed once there"
    assert contradictions({name: 0.1, "head": "tag"}), "each of its tokens is judged"
