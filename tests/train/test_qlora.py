"""QLoRA against a stand-in for bitsandbytes and its GPU: the roundings, what is kept, and the ways it is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from fit_rows import recipe_for
from torch import nn

from bedside import open_model
from bedside.backbones._load import load_backbone
from bedside.backbones._nf4 import BLOCK, LEVELS, rounded
from bedside.errors import UsageError
from bedside.model.folder import open_models
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛", "nausea, denies headache"]


class FourBits(nn.Parameter):
    """Rounds when it is moved to a device, as `bitsandbytes.nn.Params4bit` does; by a plain search of all levels."""

    def __new__(cls, data: Any, requires_grad: bool = False, **told: Any) -> Any:
        assert (told["quant_type"], told["compress_statistics"], told["blocksize"]) == ("nf4", False, BLOCK)
        made = nn.Parameter.__new__(cls, nearest_levels(data), requires_grad)
        made.quant_state = "state"
        return made


class FourBitLinear(nn.Linear):
    def __init__(self, size_in: int, size_out: int, *, bias: bool, compress_statistics: bool, quant_type: str) -> None:
        super().__init__(size_in, size_out, bias)


def nearest_levels(weight: Any) -> Any:
    """Every weight by itself against all 16 levels times the largest of its block."""
    flat = weight.flatten()
    found = torch.empty_like(flat)
    for at in range(0, len(flat), BLOCK):
        block = flat[at : at + BLOCK]
        levels = torch.tensor(LEVELS) * block.abs().max()
        found[at : at + BLOCK] = levels[(block[:, None] - levels[None]).abs().argmin(1)]
    return found.view(weight.shape)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but what `qlora` asks of the GPU and of bitsandbytes; all the rest of the fit stays on the processor."""
    functional = SimpleNamespace(dequantize_4bit=lambda data, state: data)
    nn_ = SimpleNamespace(Linear4bit=FourBitLinear, Params4bit=FourBits)
    monkeypatch.setitem(sys.modules, "bitsandbytes", SimpleNamespace(nn=nn_, functional=functional))
    monkeypatch.setattr("bedside.train.adapt.qlora.pick_device", lambda name: SimpleNamespace(type="cuda"))


def test_weights_are_rounded_to_the_nearest_level_of_their_block() -> None:
    weight = torch.randn(7, 30, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(rounded(weight), nearest_levels(weight), atol=1e-6)
    assert torch.equal(rounded(torch.zeros(3, 5)), torch.zeros(3, 5))
    assert len(set(rounded(weight).flatten()[:BLOCK].tolist())) <= len(LEVELS)


@pytest.mark.parametrize("merge", [True, False])
def test_what_is_saved_answers_as_what_was_fitted_on_rounded_weights(
    notes: Path, tmp_path: Path, gpu: None, merge: bool
) -> None:
    recipe = recipe_for(notes, adapt="qlora", lora_rank=4, merge=merge, learning_rate=0.01, head_learning_rate=0.05)
    model = fit(recipe, out=tmp_path / "M")
    assert model.fitting["history"][-1]["loss"] < model.fitting["history"][0]["loss"]
    again = open_model(tmp_path / "M")
    assert np.abs(again.logits(TEXTS) - model.logits(TEXTS)).max() < 1e-4
    one, two = open_models([tmp_path / "M", tmp_path / "M"])
    assert np.abs(two.logits(TEXTS) - model.logits(TEXTS)).max() < 1e-4
    name = "encoder.layer.0.attention.self.query.weight"
    plain = load_backbone("echo").network.state_dict()[name]
    assert (again.network.state_dict()[name] - plain).abs().max() > 1e-4
    if not merge:
        assert again.settings["backbone"]["bits"] == 4
        map_ = one.network.get_submodule(name.removesuffix(".weight"))
        assert torch.equal(map_.base.weight, rounded(plain))


def test_without_a_gpu_or_without_bitsandbytes_it_says_what_is_needed(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"CUDA GPU.*cpu.*Next: --adapt lora"):
        fit(recipe_for(notes, adapt="qlora", device="cpu"), out=tmp_path / "M")
    monkeypatch.setattr("bedside.train.adapt.qlora.pick_device", lambda name: SimpleNamespace(type="cuda"))
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    with pytest.raises(UsageError, match=r"bedside\[qlora\]"):
        fit(recipe_for(notes, adapt="qlora"), out=tmp_path / "M")
