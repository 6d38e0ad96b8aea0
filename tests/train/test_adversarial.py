"""Each batch learnt again with its vectors moved the worst way: how far, which way, with what gradient; every head."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from fit_rows import recipe_for, write_rows
from hypothesis import given
from hypothesis import strategies as st
from recipe_rows import data_of, rows_for
from safetensors.torch import load_file
from torch import Tensor, nn

from bedside.config import FitRecipe, Recipe
from bedside.config.choices import Head
from bedside.config.conflicts import contradictions
from bedside.train.adversarial import learn, moved
from bedside.train.defaults import MOVED, fill_in
from bedside.train.fit import fit

SHARE = 0.05
HEADS = sorted(set(get_args(Head)) - {"auto", "score", "generate"})


class PowerCutError(Exception):
    pass


def a_judge(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 1))


def loss_of(judge: nn.Module, mask: Tensor, vectors: Tensor) -> Tensor:
    return torch.exp((judge(vectors)[..., 0] * mask).sum(1)).mean()


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5), st.floats(0.001, 1), st.integers(0, 99))
def test_every_text_is_moved_by_its_share_and_padding_not_at_all(sizes: list[int], share: float, seed: int) -> None:
    torch.manual_seed(seed)
    mask = (torch.arange(max(sizes)) < torch.tensor(sizes)[:, None]).float()
    vectors, slope = torch.randn(2, *mask.shape, 6)
    change = moved(vectors, slope, mask, share) - vectors
    for number, size in enumerate(sizes):
        own, there = vectors[number : number + 1, :size], mask[number : number + 1, :size]
        assert change[number, :size].norm().item() == pytest.approx(share * own.norm().item(), rel=1e-3)
        assert not change[number, size:].any()
        alone = moved(own, slope[number : number + 1, :size], there, share)
        assert torch.allclose(alone - own, change[number, :size], atol=1e-5), "whatever stands beside it"


def test_no_other_way_of_that_length_raises_the_loss_more() -> None:
    judge, mask = a_judge(), torch.ones(1, 4)
    vectors = torch.randn(1, 4, 6, requires_grad=True)
    usual = loss_of(judge, mask, vectors)
    (slope,) = torch.autograd.grad(usual, vectors)
    others = (moved(vectors, torch.randn(1, 4, 6), mask, 0.01) for _ in range(200))
    worst = loss_of(judge, mask, moved(vectors, slope, mask, 0.01))
    assert worst > max(loss_of(judge, mask, other) for other in others) > usual


def test_a_text_without_a_gradient_stays_where_it_is() -> None:
    vectors = torch.randn(2, 3, 6)
    assert torch.equal(moved(vectors, torch.zeros(2, 3, 6), torch.ones(2, 3), SHARE), vectors)


@pytest.mark.parametrize("share", [0.0, SHARE])
def test_both_readings_teach_the_layers_and_the_word_table_below(share: float) -> None:
    judge, table, mask = a_judge(), nn.Embedding(9, 6), torch.tensor([[1.0, 1, 1], [1, 1, 0]])
    ids = torch.tensor([[1, 2, 3], [4, 1, 0]])
    weights = [*judge.parameters(), table.weight]

    def slopes(change: Tensor | float) -> Sequence[Tensor]:
        return torch.autograd.grad(loss_of(judge, mask, table(ids) + change), weights)

    expected = list(slopes(0.0))
    if share:
        (slope,) = torch.autograd.grad(loss_of(judge, mask, vectors := table(ids)), vectors)
        worst = moved(table(ids), slope, mask, share) - table(ids)
        expected = [one + two for one, two in zip(expected, slopes(worst.detach()), strict=True)]
    told = learn(lambda both: loss_of(judge, mask, both[0]), [table(ids)], [mask], share=share, weight=0.5)
    assert told == pytest.approx(loss_of(judge, mask, table(ids)).item())
    for weight, wanted in zip(weights, expected, strict=True):
        assert weight.grad is not None
        assert torch.allclose(weight.grad, wanted / 2, atol=1e-6)


def recipe_of(head: str, table: Path, **how: Any) -> Recipe:
    plain = {"head": head, "backbone": "echo", "precision": "fp32", "max_tokens": 96, "epochs": 1, "batch_tokens": 512}
    fit = plain | {"learning_rate": 1e-2, "batch_rows": 4} | how
    return Recipe.from_dict({"data": data_of(head, table), "fit": fit})


@pytest.mark.parametrize("head", HEADS)
def test_every_head_above_an_encoder_learns_otherwise_by_it(head: str, tmp_path: Path) -> None:
    table = tmp_path / "rows.jsonl"
    write_rows(table, rows_for(recipe_of(head, table), 12))
    for name, share in (("once", 0.0), ("twice", SHARE)):
        fit(recipe_of(head, table, adversarial=share), out=tmp_path / name)
    once, twice = (load_file(tmp_path / name / "backbone" / "model.safetensors") for name in ("once", "twice"))
    assert any(not torch.equal(one, twice[name]) for name, one in once.items())


def test_kept_activations_are_moved_too_and_cut_short_it_ends_bit_for_bit_the_same(notes: Path, tmp_path: Path) -> None:
    def cut(event: dict[str, Any]) -> None:
        if event["event"] == "step" and event["step"] == 4:
            raise PowerCutError

    recipe = recipe_for(notes, adversarial=SHARE, adapt="partial", layers=1, checkpoint_minutes=1e-9)
    model = fit(recipe, out=tmp_path / "straight")
    with pytest.raises(PowerCutError):
        fit(recipe, out=tmp_path / "cut", on_event=cut)
    assert np.array_equal(fit(recipe, out=tmp_path / "cut").logits(["胸痛"]), model.logits(["胸痛"]))
    once = fit(recipe_for(notes, adapt="partial", layers=1), out=tmp_path / "once")
    assert not np.array_equal(once.logits(["胸痛"]), model.logits(["胸痛"]))
    assert model.recipe["fit"]["adversarial"] == SHARE
    for lang, said in (("en", "moved by 5 % of their length"), ("zh", "移动其长度的 5%")):
        assert said in model.cards[lang]
        assert said not in once.cards[lang]


def test_it_is_refused_where_nothing_below_the_head_learns_and_what_is_allowed_is_named() -> None:
    assert contradictions({"adversarial": SHARE}) == []
    for elsewhere, allowed in (
        ({"adapt": "frozen"}, "full"),
        ({"adapt": "few_shot"}, "lora"),
        ({"head": "generate"}, "tag"),
    ):
        (fault,) = contradictions({"adversarial": SHARE, **elsewhere})
        assert fault.startswith("fit.adversarial: ")
        assert allowed in fault
    assert contradictions({"adversarial": SHARE, "cues": True, "head": "pair"})


def test_it_is_the_default_for_many_labels_of_short_texts_and_what_was_said_stays() -> None:
    def filled(labels: int, tokens: int = 239_000, **said: Any) -> FitRecipe:
        fit = FitRecipe.model_validate({"head": "classify"} | said)
        return fill_in(fit, rows=10_000, tokens=tokens, layers=12, hidden_size=384, labels=labels)[0]

    assert filled(44).adversarial == MOVED
    assert filled(44, adversarial=0.0).adversarial == 0
    for elsewhere in (filled(11), filled(44, tokens=500_000), filled(44, head="tag"), filled(44, adapt="frozen")):
        assert elsewhere.adversarial is None
    assert filled(44).epochs == filled(11, adversarial=MOVED).epochs == 3 < (filled(11).epochs or 0), (
        "a pass costs more"
    )
