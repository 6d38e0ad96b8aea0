"""A fit by each way of adapting, end to end: saved, opened, explained, compressed, and resumed after a stop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import recipe_for
from safetensors.torch import load_file

from bedside import open_model
from bedside.errors import UsageError
from bedside.explain.attribute import explain
from bedside.model.folder import Model
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛", "nausea, denies headache"]
SMALL: dict[str, dict[str, Any]] = {
    "dora": {"lora_rank": 4},
    "adalora": {"lora_rank": 4, "final_rank": 2, "prune_every": 1},
    "ia3": {},
    "adapter": {"adapter_size": 8},
    "prompt": {"prompt_length": 4},
    "prefix": {"prompt_length": 4},
}
KEPT = ["adapter", "prompt", "prefix"]


def fitted(notes: Path, out: Path, method: str, **more: Any) -> Model:
    events = more.pop("on_event", None)
    recipe = recipe_for(notes, adapt=method, **{"head_learning_rate": 0.05, "epochs": 3} | SMALL[method] | more)
    return fit(recipe, out=out, on_event=events)


@pytest.mark.parametrize("method", sorted(SMALL))
def test_what_is_saved_answers_as_what_was_fitted(notes: Path, tmp_path: Path, method: str) -> None:
    heard: list[dict[str, Any]] = []
    model = fitted(notes, tmp_path / "M", method, on_event=heard.append)
    assert model.fitting["best"] > 0.8
    assert model.fitting["history"][-1]["loss"] < model.fitting["history"][0]["loss"]
    assert np.array_equal(open_model(tmp_path / "M").logits(TEXTS), model.logits(TEXTS))
    told = next(event for event in heard if event.get("name") == "trained_parameters")
    assert model.fitting["trained_parameters"] == told["value"]
    kept = sum(value.numel() for value in model.head_module.parameters())
    if method in KEPT:
        saved = load_file(tmp_path / "M" / "learnt.safetensors")
        kept += sum(value.numel() for value in saved.values())
        assert told["value"] == kept
    else:
        assert told["value"] > kept
        assert not (tmp_path / "M" / "learnt.safetensors").exists()


@pytest.mark.parametrize("method", sorted(SMALL))
def test_a_stopped_fit_goes_on_and_ends_bit_for_bit_the_same(notes: Path, tmp_path: Path, method: str) -> None:
    class PowerCutError(Exception):
        pass

    def cut(event: dict[str, Any]) -> None:
        if event["event"] == "step" and event["step"] == 9:
            raise PowerCutError

    frequent = {"checkpoint_minutes": 1e-9, "epochs": 2}
    straight = fitted(notes, tmp_path / "straight", method, **frequent)
    with pytest.raises(PowerCutError):
        fitted(notes, tmp_path / "cut", method, on_event=cut, **frequent)
    heard: list[dict[str, Any]] = []
    resumed = fitted(notes, tmp_path / "cut", method, on_event=heard.append, **frequent)
    assert "resumed" in [event["event"] for event in heard]
    for name, value in straight.network.state_dict().items():
        assert (resumed.network.state_dict()[name] == value).all(), name
    assert np.array_equal(straight.logits(TEXTS), resumed.logits(TEXTS))


@pytest.mark.parametrize("method", KEPT)
def test_added_parts_are_explained_and_compressed_with_the_rest(notes: Path, tmp_path: Path, method: str) -> None:
    model = fitted(notes, tmp_path / "M", method, learning_rate=0.05)
    told = explain(model, "chest pain, 胸痛")
    assert told.completeness_error is not None
    assert told.completeness_error < 0.05
    pytest.importorskip("onnx", reason="the compress extra is not installed")
    from bedside.train.compress import compress

    small = compress(model, ["chest pain", "headache 头痛", "nausea 腹泻", "chest pain 胸痛 " * 5])
    small.save(tmp_path / "S")
    before, after = model.logits(TEXTS), open_model(tmp_path / "S").logits(TEXTS)
    (part,) = [child for name, child in model.network.named_children() if name == "added"]
    for value in part.parameters():
        value.zero_()
    assert np.abs(before - after).max() < 0.5 * np.abs(before - model.logits(TEXTS)).max()


def test_an_added_part_is_opened_without_peft(notes: Path, tmp_path: Path) -> None:
    fitted(notes, tmp_path / "M", "adapter")
    script = (
        "import sys, bedside; bedside.open_model(sys.argv[1]).predict(['chest pain']); sys.exit('peft' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path / "M")], check=False).returncode == 0


def test_qlora_on_a_processor_is_refused_with_what_to_use_instead(notes: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"CUDA GPU.*cpu.*Next: --adapt lora"):
        fit(recipe_for(notes, adapt="qlora", device="cpu"), out=tmp_path / "M")


def test_without_peft_the_methods_that_need_it_say_what_to_install(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(UsageError, match=r"bedside\[hub\]"):
        fitted(notes, tmp_path / "M", "dora")
    assert fit(recipe_for(notes, adapt="lora"), out=tmp_path / "L").fitting["trained_parameters"] > 0
