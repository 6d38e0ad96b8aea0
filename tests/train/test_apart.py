"""What was learnt is kept apart from its backbone: put back, shared by several models, and refused on another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fit_rows import recipe_for
from safetensors.torch import load_file, save_file

from bedside import open_model
from bedside.backbones._load import load_backbone
from bedside.backbones._store import save_backbone
from bedside.errors import ConfigError, ModelError, ModelTampered, UsageError
from bedside.model.folder import Model, open_models
from bedside.train.fit import fit

TEXTS = ["chest pain 胸痛", "头痛", "nausea, denies headache"]
SMALL: dict[str, dict[str, Any]] = {
    "full": {},
    "frozen": {},
    "partial": {"layers": 1},
    "lora": {"lora_rank": 4},
    "dora": {"lora_rank": 4},
    "adalora": {"lora_rank": 4, "final_rank": 2, "prune_every": 1},
    "ia3": {},
    "adapter": {"adapter_size": 8},
    "prompt": {"prompt_length": 4},
    "prefix": {"prompt_length": 4},
}
MERGED = ["full", "frozen", "partial", "lora", "dora", "adalora", "ia3"]
EXACT = ["full", "frozen", "partial", "lora", "adapter", "prompt", "prefix"]
"""Put back by the same arithmetic as it was fitted with; peft's layers add up in another order."""


def fitted(notes: Path, out: Path, method: str, **more: Any) -> Model:
    few = {"head_learning_rate": 0.05, "learning_rate": 0.01, "epochs": 1} | SMALL[method]
    return fit(recipe_for(notes, adapt=method, **few | more), out=out)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Model]:
    """A model by each way of adapting, in a folder of that name beside the others."""
    from fit_rows import rows_of, write_rows

    place = tmp_path_factory.mktemp("apart")
    notes = write_rows(place / "notes.jsonl", rows_of(60))
    merge = {method: {"merge": False} if method in MERGED else {} for method in SMALL}
    return {method: fitted(notes, place / method, method, **merge[method]) for method in SMALL} | {"place": place}  # type: ignore[dict-item]


@pytest.mark.parametrize("method", sorted(SMALL))
def test_the_folder_holds_what_was_learnt_and_answers_as_what_was_fitted(apart: Any, method: str) -> None:
    folder, model = apart["place"] / method, apart[method]
    assert not (folder / "backbone").exists()
    again = open_model(folder)
    if method in EXACT:
        assert np.array_equal(again.logits(TEXTS), model.logits(TEXTS))
    assert np.abs(again.logits(TEXTS) - model.logits(TEXTS)).max() < 1e-4
    saved = sum(value.numel() for value in load_file(folder / "learnt.safetensors").values())
    head = sum(value.numel() for value in model.head_module.parameters())
    if method == "adalora":
        assert saved + head < model.fitting["trained_parameters"], "ranks that were pruned are not kept"
    else:
        assert saved + head == model.fitting["trained_parameters"]
    assert np.abs(again.logits(TEXTS) - untouched(again).logits(TEXTS)).max() > 1e-3 or method == "frozen"


def untouched(model: Model) -> Model:
    """The same head on the backbone as it was."""
    import dataclasses

    from bedside.model.engines.torch import TorchEngine

    echo = load_backbone("echo")
    return dataclasses.replace(model, engine=TorchEngine(echo.network, model.head_module, echo.tokenizer, 0))


def test_models_opened_together_hold_one_backbone_and_answer_each_as_alone(apart: Any) -> None:
    folders = [apart["place"] / method for method in SMALL]
    together = open_models(folders)
    for folder, model in zip(folders, together, strict=True):
        alone = open_model(folder).logits(TEXTS)
        assert np.abs(model.logits(TEXTS) - alone).max() < 1e-4, folder.name
    held = {
        value.data_ptr(): value.numel() for model in together for name, value in model.network.state_dict().items()
        if not name.startswith("added.")
    }  # fmt: skip
    backbone = sum(value.numel() for value in load_backbone("echo").network.state_dict().values())
    whole = [value.numel() for method in ("full", "partial") for value in apart[method].engine.learnt.values()]
    biases = [value.numel() for name, value in apart["ia3"].engine.learnt.items() if name.endswith("factor_out")]
    assert sum(held.values()) <= backbone + sum(whole) + sum(biases)
    tables = {model.network.embeddings.word_embeddings.weight.data_ptr() for model in together}
    assert len(tables) == 1
    alone = {open_model(folder).network.embeddings.word_embeddings.weight.data_ptr() for folder in folders[:1]}
    assert not alone & tables


def test_a_model_opened_with_others_is_saved_as_it_was(apart: Any, tmp_path: Path) -> None:
    lora, _ = open_models([apart["place"] / "lora", apart["place"] / "ia3"])
    lora.save(tmp_path / "M")
    one, two = (load_file(place / "learnt.safetensors") for place in (apart["place"] / "lora", tmp_path / "M"))
    assert all(torch.equal(one[name], two[name]) for name in one.keys() | two.keys())


def test_merged_or_apart_the_same_fit_gives_the_same_answers(notes: Path, tmp_path: Path) -> None:
    merged = fitted(notes, tmp_path / "merged", "lora")
    apart = fitted(notes, tmp_path / "apart", "lora", merge=False)
    assert np.array_equal(merged.logits(TEXTS), apart.logits(TEXTS))
    assert np.array_equal(open_model(tmp_path / "merged").logits(TEXTS), open_model(tmp_path / "apart").logits(TEXTS))
    assert (tmp_path / "merged" / "backbone").is_dir()
    assert merged.recipe["fit"]["merge"] is True
    assert apart.recipe["fit"]["merge"] is False


@pytest.fixture
def own_backbone(tmp_path: Path) -> Path:
    """The echo network in a folder of the user's own."""
    folder = tmp_path / "hospital-encoder"
    folder.mkdir()
    echo = load_backbone("echo")
    save_backbone(echo.network, echo.tokenizer, folder, prefix="", licence="ours")
    return folder


def test_a_backbone_that_moved_is_found_beside_the_model_or_where_it_is_said_to_be(
    notes: Path, own_backbone: Path, tmp_path: Path
) -> None:
    said = fitted(notes, tmp_path / "M", "lora", merge=False, backbone=str(own_backbone)).logits(TEXTS)
    assert np.array_equal(open_model(tmp_path / "M").logits(TEXTS), said)
    (tmp_path / "new").mkdir()
    shutil.move(tmp_path / "M", tmp_path / "new" / "M")
    shutil.move(own_backbone, tmp_path / "new" / "hospital-encoder")
    assert np.array_equal(open_model(tmp_path / "new" / "M").logits(TEXTS), said)
    shutil.move(tmp_path / "new" / "hospital-encoder", tmp_path / "elsewhere")
    with pytest.raises(ModelError, match=r"is not here.*--backbone-folder"):
        open_model(tmp_path / "new" / "M")
    again = open_model(tmp_path / "new" / "M", backbone=tmp_path / "elsewhere")
    assert np.array_equal(again.logits(TEXTS), said)


def test_another_backbone_under_the_same_name_is_refused_its_words_too(
    notes: Path, own_backbone: Path, tmp_path: Path
) -> None:
    fitted(notes, tmp_path / "M", "ia3", merge=False, backbone=str(own_backbone))
    echo = load_backbone("echo")
    words = (own_backbone / "tokenizer.json").read_text()
    pieces = json.loads(words)
    vocabulary = pieces["model"]["vocab"]
    vocabulary["a"], vocabulary["b"] = vocabulary["b"], vocabulary["a"]
    (own_backbone / "tokenizer.json").write_text(json.dumps(pieces))
    with pytest.raises(ModelError, match="is not the one"):
        open_model(tmp_path / "M")
    (own_backbone / "tokenizer.json").write_text(words)
    open_model(tmp_path / "M")
    with torch.no_grad():
        echo.network.layers[0].output.dense.bias += 1e-3
    save_backbone(echo.network, echo.tokenizer, own_backbone, prefix="", licence="ours")
    with pytest.raises(ModelError, match="is not the one"):
        open_model(tmp_path / "M")


def test_what_was_learnt_is_refused_when_changed_and_when_it_fits_no_weight(apart: Any, tmp_path: Path) -> None:
    from bedside.model.manifest import write_manifest

    shutil.copytree(apart["place"] / "lora", tmp_path / "M")
    (tmp_path / "M" / "learnt.safetensors").write_bytes((apart["place"] / "adapter/learnt.safetensors").read_bytes())
    with pytest.raises(ModelTampered):
        open_model(tmp_path / "M")
    shutil.copy(apart["place"] / "lora" / "learnt.safetensors", tmp_path / "M")
    learnt = load_file(tmp_path / "M" / "learnt.safetensors")
    name = "encoder.layer.0.attention.self.query"
    half, wide = {**learnt}, {**learnt, f"{name}.down": torch.zeros(4, 33)}
    del half[f"{name}.up"]
    for wrong in (half, wide, {**learnt, "encoder.layer.9.output.dense.bias": torch.zeros(32)}):
        save_file(wrong, tmp_path / "M" / "learnt.safetensors")
        write_manifest(tmp_path / "M")
        for others in ([], [apart["place"] / "ia3"]):
            with pytest.raises(ModelError, match="does not fit its backbone"):
                open_models([tmp_path / "M", *others])
    shutil.copy(apart["place"] / "lora" / "learnt.safetensors", tmp_path / "M")
    settings = json.loads((tmp_path / "M" / "model.json").read_text())
    for changed in ({"added": {"kind": "shell"}}, {"scale": -1}, {"bits": 3}):
        settings["backbone"] |= changed
        (tmp_path / "M" / "model.json").write_text(json.dumps(settings))
        write_manifest(tmp_path / "M")
        with pytest.raises(ModelError, match=r"does not fit its backbone|backbone cannot be used"):
            open_model(tmp_path / "M")


def test_a_fit_from_a_model_kept_apart_is_refused_with_what_to_do(apart: Any, notes: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="adapters merge"):
        fitted(notes, tmp_path / "M", "lora", backbone=str(apart["place"] / "lora"))


def test_what_cannot_be_merged_is_not_asked_to_be() -> None:
    with pytest.raises(ConfigError, match="always kept apart"):
        recipe_for(Path("x"), adapt="prefix", merge=True)
    with pytest.raises(ConfigError, match="always kept apart"):
        recipe_for(Path("x"), head="generate", merge=True)
    assert recipe_for(Path("x"), adapt="lora", merge=True).fit.merge is True


def test_a_folder_of_before_with_its_parts_in_backbone_still_opens(apart: Any, tmp_path: Path) -> None:
    import dataclasses

    model = open_model(apart["place"] / "adapter")
    settings = model.settings | {"backbone": {"name": "echo", "licence": "x"}}
    model.engine.learnt = None  # type: ignore[attr-defined]
    dataclasses.replace(model, settings=settings).save(tmp_path / "M")
    assert (tmp_path / "M" / "backbone" / "adapter.safetensors").exists()
    assert np.array_equal(open_model(tmp_path / "M").logits(TEXTS), model.logits(TEXTS))
