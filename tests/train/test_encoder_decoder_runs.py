"""An encoder-decoder killed while it learns goes on; put to what it cannot do, it is refused and told what can."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fit_rows import write_rows
from safetensors.torch import load_file
from test_encoder_decoders import made
from test_generate import KILLED, recipe_for, rows_of

from bedside.backbones._load import load_backbone
from bedside.commands._call import call
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.lang import speaking
from bedside.model.folder import open_model
from bedside.train.fit import fit

pytest.importorskip("transformers")

KILLED_APART = KILLED.replace("epochs=2,", "epochs=2, prompt=None, adapt=sys.argv[5],")


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "notes.jsonl", rows_of(60))


@pytest.fixture(scope="module", params=["t5", "bart"])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(request.param, tmp_path_factory.mktemp("network") / request.param)


@pytest.mark.parametrize(("network", "adapt"), [("t5", "lora"), ("bart", "full")], indirect=["network"])
def test_a_killed_fit_goes_on_and_ends_bit_for_bit_the_same(
    notes: Path, network: Path, tmp_path: Path, adapt: str
) -> None:
    recipe = recipe_for(notes, network, epochs=2, prompt=None, adapt=adapt, checkpoint_minutes=1e-9)
    fit(recipe, out=tmp_path / "straight")
    root = str(Path(__file__).parent)
    words = [sys.executable, "-c", KILLED_APART, str(notes), str(tmp_path / "killed"), root, str(network), adapt]
    assert subprocess.run(words, check=False, capture_output=True).returncode == -9
    assert not (tmp_path / "killed").exists()
    heard: list[str] = []
    fit(recipe, out=tmp_path / "killed", on_event=lambda event: heard.append(event["event"]))
    assert "resumed" in heard
    one, two = (load_file(tmp_path / name / "learnt.safetensors") for name in ("straight", "killed"))
    assert one.keys() == two.keys()
    assert all((one[name] == two[name]).all() for name in one)
    texts = ["chest pain", "头痛"]
    written = [open_model(tmp_path / name).logits(texts) for name in ("straight", "killed")]
    assert all((a == b).all() for a, b in zip(*written, strict=True))


@pytest.mark.parametrize(
    ("head", "adapt", "instead"),
    [
        ("classify", "zero_shot", ["an encoder, a decoder", "head = generate"]),
        ("pair", "zero_shot", ["Allowed: a decoder", "head = generate"]),
        ("classify", "few_shot", ["Allowed: a decoder", "head = generate"]),
        ("classify", "verbaliser", ["masked language model"]),
        ("classify", "full", ["Allowed: an encoder", "head = generate"]),
        ("pair", "lora", ["Allowed: an encoder", "head = generate"]),
    ],
)
def test_asked_for_a_label_it_is_refused_and_told_what_can_answer(
    notes: Path, network: Path, tmp_path: Path, head: str, adapt: str, instead: list[str]
) -> None:
    data: dict[str, Any] = {"train": notes, "patient": "patient", "identity": "absent", "identity_reason": "made up"}
    data |= {"text_b": "label"} if head == "pair" else {}
    recipe = Recipe.from_dict({"data": data, "fit": {"head": head, "adapt": adapt, "backbone": str(network)}})
    with pytest.raises(UsageError) as fault:
        fit(recipe, out=tmp_path / "M")
    assert all(one in str(fault.value) for one in instead), str(fault.value)
    assert not (tmp_path / "M").exists()


def test_it_is_refused_in_chinese_too_and_a_plain_encoder_is_not(notes: Path, network: Path, tmp_path: Path) -> None:
    data = {"train": notes, "patient": "patient", "identity": "absent", "identity_reason": "made up"}
    asked = {"head": "classify", "adapt": "zero_shot"}
    with speaking("zh"), pytest.raises(UsageError, match=r"编码器-解码器仅可训练为生成文本.*编码器, 解码器"):
        fit(Recipe.from_dict({"data": data, "fit": {**asked, "backbone": str(network)}}), out=tmp_path / "M")
    assert hasattr(load_backbone("echo").network, "layers")
    fit(Recipe.from_dict({"data": data, "fit": {**asked, "backbone": "echo"}}), out=tmp_path / "M")
    assert open_model(tmp_path / "M").fitting["trained_parameters"] == 0


@pytest.mark.parametrize(("objective", "instead"), [("mlm", "an encoder"), ("clm", "a decoder")])
def test_it_is_not_pretrained_further_and_told_what_can_be(
    notes: Path, network: Path, tmp_path: Path, objective: str, instead: str
) -> None:
    with pytest.raises(UsageError, match=f"encoder-decoder.*Allowed: {instead}, this one with head = generate"):
        call(
            "pretrain", str(notes), "--objective", objective, "--backbone", str(network),
            "--identity", "absent", "made up", "-o", str(tmp_path / "B"),
        )  # fmt: skip
