"""`bedside adapters list` and `merge`, and several adapters of one backbone served, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import recipe_for, rows_of, write_rows

from bedside import open_model
from bedside.backbones._load import load_backbone
from bedside.backbones._store import save_backbone
from bedside.commands._call import call
from bedside.errors import ModelError, UsageError
from bedside.lang import speaking
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛", "nausea, denies headache"]
FITS: dict[str, dict[str, Any]] = {
    "lora": {"adapt": "lora", "lora_rank": 4, "merge": False},
    "dora": {"adapt": "dora", "lora_rank": 4, "merge": False},
    "prompt": {"adapt": "prompt", "prompt_length": 4},
    "whole": {"adapt": "lora", "lora_rank": 4},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models beside their notes; those kept apart lie on the echo network."""
    place = tmp_path_factory.mktemp("models")
    notes = write_rows(place / "notes.jsonl", rows_of(60))
    few = {"head_learning_rate": 0.05, "learning_rate": 0.01, "epochs": 1}
    for name, settings in FITS.items():
        fit(recipe_for(notes, **few | settings), out=place / name)
    return place


def listed(*words: str) -> dict[str, dict[str, Any]]:
    code, said = call("adapters", "list", *words, "--json")
    assert code == 0
    return {Path(row["folder"]).name: row for row in json.loads(said.strip().splitlines()[-1])["adapters"]}


def test_a_list_says_what_each_is_and_whether_its_backbone_is_here(models: Path) -> None:
    rows = listed(str(models))
    assert set(rows) == set(FITS)
    lora, whole = rows["lora"], rows["whole"]
    assert (lora["method"], lora["kept"], lora["head"], lora["backbone"]) == ("lora", "apart", "classify", "echo")
    assert (lora["fits"], whole["fits"], whole["kept"]) == (True, None, "merged")
    assert lora["bytes"] < whole["bytes"]
    assert lora["trained_parameters"] == open_model(models / "lora").fitting["trained_parameters"]
    assert lora["labels"] == ["cardio", "gut", "neuro"]
    _, said = call("adapters", "list", str(models / "lora"), str(models / "prompt"))
    assert "Adapters" in said
    with speaking("zh"):
        _, said = call("adapters", "list", str(models / "lora"))
    assert "适配器" in said
    with pytest.raises(UsageError, match="no model folder"):
        call("adapters", "list", str(models / "lora" / "nothing"))


def test_a_list_tells_which_fit_a_backbone_that_is_given(models: Path, tmp_path: Path) -> None:
    echo = load_backbone("echo")
    for name, more in (("same", 0.0), ("other", 1e-3)):
        (tmp_path / name).mkdir()
        echo.network.layers[0].output.dense.bias.data += more
        save_backbone(echo.network, echo.tokenizer, tmp_path / name, prefix="", licence="x")
    for name, fits in (("same", True), ("other", False)):
        rows = listed(str(models), "--backbone", str(tmp_path / name))
        assert [rows[one]["fits"] for one in ("lora", "dora", "prompt", "whole")] == [fits, fits, fits, None]


@pytest.mark.parametrize("name", ["lora", "dora"])
def test_a_merged_model_answers_the_same_and_needs_no_backbone(models: Path, tmp_path: Path, name: str) -> None:
    code, said = call("adapters", "merge", str(models / name), "-o", str(tmp_path / "M"), "--json")
    assert code == 0
    assert json.loads(said.strip().splitlines()[-1])["bytes"] > 0
    before, after = open_model(models / name), open_model(tmp_path / "M")
    assert np.array_equal(before.logits(TEXTS), after.logits(TEXTS))
    assert [one.label for one in before.predict(TEXTS)] == [one.label for one in after.predict(TEXTS)]
    assert (tmp_path / "M" / "backbone").is_dir()
    assert "sha256" not in after.settings["backbone"]
    with pytest.raises(UsageError, match="already"):
        call("adapters", "merge", str(tmp_path / "M"), "-o", str(tmp_path / "N"))


def test_a_prompt_is_in_no_weight_and_is_refused_with_the_reason(models: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="prompt cannot be merged: its vectors go before the text"):
        call("adapters", "merge", str(models / "prompt"), "-o", str(tmp_path / "M"))
    with speaking("zh"), pytest.raises(UsageError, match="无法合并"):
        call("adapters", "merge", str(models / "prompt"), "-o", str(tmp_path / "M"))
    assert not (tmp_path / "M").exists()


def test_predict_reads_a_backbone_that_was_moved_only_where_it_is_told_and_no_other(
    models: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    echo = load_backbone("echo")
    save_backbone(echo.network, echo.tokenizer, folder, prefix="", licence="x")
    words = ["predict", str(models / "lora"), "--text-value", "头痛", "--json"]
    assert call(*words) == call(*words, "--backbone-folder", str(folder))
    echo.network.layers[0].output.dense.bias.data += 1e-3
    save_backbone(echo.network, echo.tokenizer, folder, prefix="", licence="x")
    with pytest.raises(ModelError, match="is not the one"):
        call(*words, "--backbone-folder", str(folder))


def test_adapters_served_together_answer_as_each_alone(models: Path, tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from bedside.commands._predict.doubt import Said
    from bedside.commands._serve.models import answering, named_folders, opened_models
    from bedside.server.app import build_app
    from bedside.server.audit import AuditLog
    from bedside.server.auth import read_keys
    from bedside.server.service import Served, Service
    from bedside.server.settings import Settings

    folders = named_folders([f"甲={models / 'lora'}", str(models / "prompt"), str(models / "whole")])
    opened = opened_models(folders, {}, None, None)
    tables = [model.network.embeddings.word_embeddings.weight.data_ptr() for model in opened]
    assert tables[0] == tables[1] != tables[2]
    served = [
        Served(name, name, answering(Said().asked(model)), model.form)
        for name, model in zip(folders, opened, strict=True)
    ]
    service = Service(
        served[0].advise, served[0].form, model_id="x", settings=Settings(workers=2), keys=read_keys(None),
        audit=AuditLog(tmp_path / "audit.jsonl"), several=served,
    )  # fmt: skip
    with TestClient(build_app(service)) as client:
        client.portal.call(service.warm_up)  # type: ignore[union-attr]
        for name, folder in folders.items():
            alone = open_model(folder).predict(TEXTS)
            said = client.post("/v1/predict", json={"texts": TEXTS, "model": name}).json()["results"]
            for one, other in zip(said, alone, strict=True):
                assert one["label"] == other.label
                assert one["probabilities"] == pytest.approx(other.probabilities, abs=1e-4)
