"""Late weights averaged: the mean is scored, saved and served, learning goes on beside it, and a kill loses nothing."""

from __future__ import annotations

from math import comb
from pathlib import Path

import numpy as np
import pytest
import torch
from fit_rows import recipe_for
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from bedside import open_model
from bedside.config import FitRecipe
from bedside.config.conflicts import contradictions
from bedside.train.averaging import Average
from bedside.train.defaults import AVERAGED, fill_in
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛"]


def averaged(path: list[float], share: float) -> float:
    """The mean of one weight that took these values."""
    weights = {"w": nn.Parameter(torch.zeros(1))}
    average = Average(weights, share)
    for made, value in enumerate(path, 1):
        weights["w"].data.fill_(value)
        average.follow(made)
    return average.means["w"].item()


def fail() -> None:
    raise ZeroDivisionError


@given(st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=40), st.integers(1, 9))
def test_the_mean_is_that_of_shamir_and_zhang(path: list[float], power: int) -> None:
    """Written out: of 1 / power of the steps, step t weighs t (t + 1) ... (t + power - 2)."""
    weighs = [comb(step + power - 2, power - 1) for step in range(1, len(path) + 1)]
    assert averaged(path, 1 / power) == pytest.approx(np.average(path, weights=weighs), abs=1e-4)


def test_it_reaches_back_over_its_share_of_the_steps_however_many() -> None:
    """Of weights that grew by 1 a step, the mean lies about a share of the steps behind."""
    assert averaged([float(step) for step in range(400)], 0.25) == pytest.approx(320, abs=1)
    assert averaged([float(step) for step in range(4_000)], 0.25) == pytest.approx(3_200, abs=10)
    assert averaged([1.0, 5.0], 0.25) > 4


def test_the_mean_of_weights_in_16_bits_is_kept_in_32() -> None:
    weights = {"w": nn.Parameter(torch.ones(1, dtype=torch.bfloat16))}
    average = Average(weights, 1.0)
    for made, value in enumerate([1.0] * 300 + [2.0], 1):
        weights["w"].data.fill_(value)
        average.follow(made)
    assert average.means["w"].item() == pytest.approx(1 + 1 / 301, abs=1e-5)


def test_learning_goes_on_from_the_weights_even_if_scoring_fails() -> None:
    weights = {"w": nn.Parameter(torch.zeros(1))}
    average = Average(weights, 1.0)
    for made in (1, 2):
        weights["w"].data.fill_(float(made))
        average.follow(made)
    with average.in_force():
        assert weights["w"].item() == 1.5
    assert weights["w"].item() == 2.0
    with pytest.raises(ZeroDivisionError), average.in_force():
        fail()
    assert weights["w"].item() == 2.0


def test_what_is_learnt_from_is_the_same_and_what_is_saved_is_the_mean(notes: Path, tmp_path: Path) -> None:
    last = fit(recipe_for(notes, average=0.0), out=tmp_path / "last")
    mean = fit(recipe_for(notes, average=1.0), out=tmp_path / "mean")
    assert [epoch["loss"] for epoch in mean.fitting["history"]] == [epoch["loss"] for epoch in last.fitting["history"]]
    assert not np.allclose(mean.logits(TEXTS), last.logits(TEXTS))
    assert np.array_equal(open_model(tmp_path / "mean").logits(TEXTS), mean.logits(TEXTS))
    assert "averaged over the last 100 %" in mean.cards["en"]
    assert "最后约 100% 步的平均" in mean.cards["zh"]
    assert "averaged" not in last.cards["en"]


def test_it_is_the_default_where_it_was_measured_and_what_was_said_stays() -> None:
    sizes = {"rows": 300, "tokens": 9_000, "layers": 6, "hidden_size": 384}
    chosen = {
        (head, way): fill_in(FitRecipe.model_validate({"head": head, "adapt": way}), **sizes)[0].average
        for head in ("classify", "tag")
        for way in ("full", "partial", "lora")
    }
    assert {key for key, share in chosen.items() if share} == {("classify", "full"), ("classify", "partial")}
    assert chosen["classify", "full"] == AVERAGED
    assert fill_in(FitRecipe(head="classify", average=0.0), **sizes)[0].average == 0.0


def test_weights_that_are_pruned_are_not_averaged_with_what_they_were() -> None:
    assert contradictions({"average": 0.25, "adapt": "full"}) == []
    assert contradictions({"average": 0.25, "adapt": "adalora"})
