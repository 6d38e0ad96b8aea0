"""The backbones that start from nothing learn a small bilingual set, words too, and serve like any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fit_rows import recipe_for
from safetensors.torch import load_file

from bedside import open_model
from bedside.backbones._load import backbone_for, load_backbone
from bedside.commands._call import call
from bedside.config import FitRecipe
from bedside.errors import UsageError
from bedside.train.adapt import adapt
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛", "nausea"]
ANSWERS = ["cardio", "neuro", "gut"]
BOTH = pytest.mark.parametrize("backbone", ["lstm", "transformer"])
OPEN = {"learning_rate": None, "precision": "fp32"}


@BOTH
def test_it_learns_both_languages_and_answers_the_same_when_opened_again(
    notes: Path, tmp_path: Path, backbone: str
) -> None:
    model = fit(recipe_for(notes, backbone=backbone, epochs=4, **OPEN), out=tmp_path / "M")
    assert [prediction.label for prediction in model.predict(TEXTS)] == ANSWERS
    assert np.array_equal(open_model(tmp_path / "M").logits(TEXTS), model.logits(TEXTS))
    assert model.recipe["fit"]["tune_embeddings"] is True
    assert {choice["name"] for choice in model.fitting["choices"]} == {
        "learning_rate",
        "average",
        "tune_embeddings",
        "vocabulary",
        "trained_parameters",
    }
    assert "Nothing in it is pretrained" in model.card


@BOTH
def test_its_words_learn_unless_that_is_turned_off(notes: Path, tmp_path: Path, backbone: str) -> None:
    tables = {}
    for name, tune in (("moved", None), ("kept", False)):
        fit(recipe_for(notes, backbone=backbone, epochs=1, tune_embeddings=tune, **OPEN), out=tmp_path / name)
        weights = load_file(tmp_path / name / "backbone" / "model.safetensors")
        tables[name] = weights["embeddings.word_embeddings.weight"].float()
    torch.manual_seed(0)
    rows = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    fresh = backbone_for(backbone, [row["text"] for row in rows], [row["patient"] for row in rows]).network
    table = fresh.embeddings["word_embeddings"].weight
    assert torch.allclose(tables["kept"], table, atol=1e-3)
    assert not torch.allclose(tables["moved"], table, atol=1e-3)


@BOTH
def test_one_seed_one_model_another_seed_another(notes: Path, tmp_path: Path, backbone: str) -> None:
    one, same, other = (
        fit(recipe_for(notes, backbone=backbone, epochs=1, seed=seed, **OPEN), out=tmp_path / name).logits(TEXTS)
        for seed, name in ((1, "a"), (1, "b"), (2, "c"))
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@BOTH
def test_a_fit_that_was_stopped_goes_on_and_ends_bit_for_bit_the_same(
    notes: Path, tmp_path: Path, backbone: str
) -> None:
    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "step" and event["step"] == 5:
            raise StopError

    recipe = recipe_for(notes, backbone=backbone, checkpoint_minutes=1e-9, **OPEN)
    fit(recipe, out=tmp_path / "straight")
    with pytest.raises(StopError):
        fit(recipe, out=tmp_path / "stopped", on_event=stop)
    heard: list[dict[str, Any]] = []
    fit(recipe, out=tmp_path / "stopped", on_event=heard.append)
    assert "resumed" in [event["event"] for event in heard]
    for name in ("head.safetensors", "backbone/model.safetensors"):
        one, two = load_file(tmp_path / "straight" / name), load_file(tmp_path / "stopped" / name)
        assert all(torch.equal(one[key], two[key]) for key in one), name
    tokenizers = [(tmp_path / name / "backbone" / "tokenizer.json").read_bytes() for name in ("straight", "stopped")]
    assert tokenizers[0] == tokenizers[1]


@BOTH
def test_a_fitted_one_is_a_backbone_like_any_other(notes: Path, tmp_path: Path, backbone: str) -> None:
    model = fit(recipe_for(notes, backbone=backbone, epochs=4, **OPEN), out=tmp_path / "M")
    folder = tmp_path / "M" / "backbone"
    again = load_backbone(str(folder))
    ids = torch.tensor([again.tokenizer.encode(TEXTS[0]).ids])
    with torch.inference_mode():
        assert torch.equal(again.network(ids, torch.ones(ids.shape)), model.network(ids, torch.ones(ids.shape)))
    assert again.pretrained
    upper = fit(
        recipe_for(notes, backbone=str(folder), adapt="partial", layers=1, head_learning_rate=0.05),
        out=tmp_path / "upper",
    )
    assert [prediction.label for prediction in upper.predict(TEXTS)] == ANSWERS


@BOTH
@pytest.mark.parametrize("way", ["frozen", "partial", "lora"])
def test_leaving_random_weights_as_they_are_is_refused(notes: Path, tmp_path: Path, backbone: str, way: str) -> None:
    with pytest.raises(UsageError, match="pretrained") as caught:
        fit(recipe_for(notes, backbone=backbone, adapt=way), out=tmp_path / "M")
    assert "--adapt full" in str(caught.value)


@BOTH
def test_before_it_is_fitted_there_is_nothing_to_load(backbone: str) -> None:
    with pytest.raises(UsageError, match=f"bedside fit TABLE --backbone {backbone}"):
        load_backbone(backbone)


def test_low_rank_corrections_need_linear_maps() -> None:
    texts, patients = ["chest pain"] * 3, ["a", "b", "c"]
    adapt(backbone_for("transformer", texts, patients).network, FitRecipe(adapt="lora"))
    with pytest.raises(UsageError, match="linear maps"):
        adapt(backbone_for("lstm", texts, patients).network, FitRecipe(adapt="lora"))


def test_the_transformer_is_compressed_and_the_lstm_refuses(notes: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the compress extra is not installed")
    from bedside.train.compress import compress

    whole = fit(recipe_for(notes, backbone="transformer", epochs=2, **OPEN), out=tmp_path / "T")
    small = compress(whole, [*TEXTS, "chest pain nausea", "腹泻"])
    assert np.abs(whole.probabilities(TEXTS) - small.probabilities(TEXTS)).max() < 0.05
    recurrent = fit(recipe_for(notes, backbone="lstm", epochs=1, **OPEN), out=tmp_path / "L")
    with pytest.raises(UsageError, match="cannot be compressed"):
        compress(recurrent, TEXTS)


@BOTH
def test_evaluate_predict_and_explain_work_with_it(notes: Path, tmp_path: Path, backbone: str) -> None:
    model, out = tmp_path / "M", tmp_path / "answers.jsonl"
    words = ["--patient", "patient", "--identity", "absent", "made up", "--backbone", backbone, "--epochs", "3"]
    assert call("fit", str(notes), "-o", str(model), *words, "--set", "precision=fp32")[0] == 0
    _, heard = call("evaluate", str(model), str(notes), "--patient", "patient", "--json")
    assert json.loads(heard)["metrics"]["accuracy"]["value"] > 0.9
    assert call("predict", str(model), str(notes), "-o", str(out))[0] == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 120
    code, heard = call("explain", str(model), "well today, chest pain 胸痛", "--label", "cardio", "--json")
    assert code == 0
    assert "integrated_gradients" in heard
