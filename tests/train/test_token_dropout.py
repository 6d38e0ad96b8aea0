"""Tokens hidden while a text is learnt: as if they were not written, anew at each step, never while answering."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from fit_rows import recipe_for
from hypothesis import given
from hypothesis import strategies as st

from bedside.config.conflicts import contradictions
from bedside.heads.classify import ClassifyHead
from bedside.train.fit import fit
from bedside.train.token_dropout import thinned


def test_a_hidden_token_is_as_good_as_not_written() -> None:
    torch.manual_seed(0)
    mask = thinned(torch.ones(400, 20), 0.15)
    assert mask[:, 1:].mean().item() == pytest.approx(0.85, abs=0.01)
    assert not torch.equal(mask, thinned(torch.ones(400, 20), 0.15)), "drawn anew"
    head, hidden = ClassifyHead(8, ["benign", "malignant"]).eval(), torch.randn(400, 20, 8)
    elsewhere = torch.where(mask[..., None] > 0, hidden, 99.0)
    assert torch.allclose(head(elsewhere, mask), head(hidden, mask), atol=1e-5)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8), st.floats(0, 0.99), st.integers(0, 99))
def test_something_of_every_text_is_left_and_padding_stays_padding(sizes: list[int], share: float, seed: int) -> None:
    torch.manual_seed(seed)
    mask = (torch.arange(max(sizes)) < torch.tensor(sizes)[:, None]).float()
    kept = thinned(mask, share)
    assert kept[:, 0].all()
    assert not kept[mask == 0].any()


def test_a_fit_that_hides_tokens_learns_otherwise_and_says_so(notes: Path, tmp_path: Path) -> None:
    whole = fit(recipe_for(notes, token_dropout=0.0), out=tmp_path / "whole")
    model = fit(recipe_for(notes, token_dropout=0.5), out=tmp_path / "hidden")
    texts = ["chest pain chest pain 胸痛", "头痛 头痛"]
    assert not np.array_equal(model.logits(texts), whole.logits(texts))
    assert model.recipe["fit"]["token_dropout"] == 0.5
    assert "50 % of each text's tokens hidden" in model.cards["en"]
    assert "隐去每条文本中 50% 的词元" in model.cards["zh"]
    assert "hidden at each step" not in whole.cards["en"]


def test_tuning_texts_are_read_whole(notes: Path, tmp_path: Path) -> None:
    untaught = {"learning_rate": 1e-12, "head_learning_rate": 1e-12}
    whole, hidden = (
        fit(recipe_for(notes, token_dropout=share, **untaught), out=tmp_path / str(share)) for share in (0.0, 0.9)
    )
    assert [epoch["value"] for epoch in whole.fitting["history"]] == [e["value"] for e in hidden.fitting["history"]]
    assert whole.calibration == hidden.calibration
    assert whole.fitting["history"][0]["loss"] != hidden.fitting["history"][0]["loss"]


def test_tokens_are_not_hidden_where_each_is_judged_or_nothing_reads_them_twice() -> None:
    assert contradictions({"token_dropout": 0.1, "head": "classify"}) == []
    assert contradictions({"token_dropout": 0.1, "head": "tag"})
    assert contradictions({"token_dropout": 0.1, "adapt": "frozen"})
