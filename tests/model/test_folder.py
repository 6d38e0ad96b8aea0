"""The model folder: what is opened is what was saved, or it is refused with what to do."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from bedside import open_model
from bedside.advise import advise
from bedside.backbones._load import load_backbone
from bedside.errors import ModelError, ModelTampered, ModelTooNew, UsageError
from bedside.heads.classify import ClassifyHead
from bedside.lang import speaking
from bedside.model.calibration import Calibration
from bedside.model.card import CardFacts, model_card
from bedside.model.engines.torch import TorchEngine
from bedside.model.folder import Model
from bedside.model.manifest import write_manifest
from bedside.types import Abstained, Advice, Estimate, Undefined

TEXTS = ["solid nodule, 21 mm, spiculated", "磨玻璃结节", "x"]


def small_model(head: str = "classify") -> Model:
    backbone = load_backbone("echo")
    labels = ["benign", "malignant"]
    return Model(
        settings={
            "engine": "torch",
            "head": head,
            "labels": labels,
            "hidden_size": backbone.hidden_size,
            "max_tokens": 128,
            "prefix": "",
            "pad_id": 0,
        },
        engine=TorchEngine(backbone.network, ClassifyHead(backbone.hidden_size, labels), backbone.tokenizer, 0),
        calibration=Calibration(1.5),
        recipe={"data": {"text": "text"}},
        receipt={},
        cards={"en": "# card\n", "zh": "# 卡片\n"},
    )


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return small_model().save(tmp_path / "MODEL")


def test_what_is_opened_answers_as_what_was_saved(tmp_path: Path) -> None:
    model = small_model()
    again = open_model(model.save(tmp_path / "MODEL"))
    assert np.array_equal(again.logits(TEXTS), model.logits(TEXTS))
    assert again.predict(TEXTS) == model.predict(TEXTS)
    assert again.labels == ("benign", "malignant")
    assert again.cards == model.cards
    assert again.predict([]) == []


def test_a_text_is_answered_alike_alone_and_among_others() -> None:
    model = small_model()
    alone = np.concatenate([model.logits([text]) for text in TEXTS])
    assert np.allclose(model.logits(TEXTS), alone, atol=1e-5)


def test_probabilities_of_classify_sum_to_one_and_multilabel_gives_any_number() -> None:
    assert small_model().probabilities(TEXTS).sum(1) == pytest.approx([1, 1, 1])
    several = dataclasses.replace(small_model("multilabel"), calibration=Calibration(1.0, (0.0, 1.1)))
    assert several.predict(["x"])[0].label == ("benign",)


@pytest.mark.parametrize("name", ["head.safetensors", "backbone/model.safetensors", "calibration.json", "card.md"])
def test_a_changed_byte_is_refused_by_name(saved: Path, name: str) -> None:
    raw = bytearray((saved / name).read_bytes())
    raw[-2] ^= 1
    (saved / name).write_bytes(bytes(raw))
    with pytest.raises(ModelTampered, match=name):
        open_model(saved)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("model.json", "max_tokens", "x"),
        ("model.json", "max_tokens", 0),
        ("model.json", "max_tokens", True),
        ("model.json", "labels", "benign"),
        ("model.json", "labels", ["benign", 2]),
        ("model.json", "labels", ["benign", "benign"]),
        ("model.json", "head", "clasify"),
        ("model.json", "head", None),
        ("model.json", "hidden_size", -1),
        ("model.json", "pad_id", "0"),
        ("model.json", "prefix", None),
        ("calibration.json", "temperature", "x"),
        ("calibration.json", "temperature", 0),
        ("calibration.json", "temperature", float("nan")),
        ("calibration.json", "temperature", 10**400),
        ("calibration.json", "thresholds", [0.5]),
        ("calibration.json", "thresholds", [0.5, None]),
        ("calibration.json", "thresholds", [0.5, 7]),
    ],
)
def test_a_setting_no_fit_writes_is_refused_even_with_a_matching_hash(
    saved: Path, name: str, key: str, value: object
) -> None:
    values = json.loads((saved / name).read_text())
    (saved / name).write_text(json.dumps(values | {key: value}))
    write_manifest(saved)
    with pytest.raises(ModelError, match=f"{name}: {key} cannot be used") as caught:
        open_model(saved)
    assert caught.value.allowed
    with speaking("zh"), pytest.raises(ModelError, match=f"{name}: {key} 不可用"):
        open_model(saved)


def test_thresholds_as_many_as_labels_and_a_warm_temperature_are_taken(saved: Path) -> None:
    (saved / "calibration.json").write_text(json.dumps({"temperature": 3, "thresholds": [0, 0.25]}))
    write_manifest(saved)
    assert open_model(saved).calibration == Calibration(3.0, (0.0, 0.25))


def test_a_head_that_is_no_tensor_is_refused_by_name_even_with_a_matching_hash(saved: Path) -> None:
    (saved / "head.safetensors").write_bytes(b"not a tensor")
    write_manifest(saved)
    with pytest.raises(ModelError, match=r"head\.safetensors: the head is broken"):
        open_model(saved)


def test_a_manifest_that_lists_no_files_is_refused(saved: Path) -> None:
    (saved / "manifest.json").write_text(json.dumps({"sha256": "none"}))
    with pytest.raises(ModelError, match=r"manifest\.json"):
        open_model(saved)


def test_a_truncated_an_added_and_a_missing_file_are_refused(saved: Path) -> None:
    whole = (saved / "backbone" / "model.safetensors").read_bytes()
    (saved / "backbone" / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelTampered):
        open_model(saved)
    (saved / "backbone" / "model.safetensors").write_bytes(whole)
    open_model(saved)
    (saved / "extra.py").write_text("print('hello')")
    with pytest.raises(ModelTampered, match=r"extra\.py"):
        open_model(saved)
    (saved / "extra.py").unlink()
    (saved / "head.safetensors").unlink()
    with pytest.raises(ModelError, match="missing") as caught:
        open_model(saved)
    assert "copy the whole folder" in str(caught.value)


def test_a_folder_of_a_later_version_asks_for_an_upgrade(saved: Path) -> None:
    settings = json.loads((saved / "model.json").read_text())
    (saved / "model.json").write_text(json.dumps(settings | {"format": 99}))
    with pytest.raises(ModelTooNew, match="upgrade"):
        open_model(saved)


def test_no_folder_and_a_folder_of_something_else_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such"):
        open_model(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="not a whole model folder"):
        open_model(tmp_path)


def test_a_note_in_letters_never_learnt_gets_no_answer_and_its_neighbour_does() -> None:
    words = Tokenizer(WordLevel({"[UNK]": 0, "solid": 1, "nodule": 2}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    whole = small_model()
    assert isinstance(whole.engine, TorchEngine)
    model = dataclasses.replace(whole, engine=TorchEngine(whole.network, whole.head_module, words, 0))
    known, foreign = advise(model, ["solid nodule", "боль в груди"])
    assert isinstance(known, Advice)
    assert isinstance(foreign, Abstained)
    assert "letters" in foreign.reason


def test_a_model_is_replaced_only_when_asked_and_nothing_else_ever(saved: Path) -> None:
    with pytest.raises(UsageError, match="--force"):
        small_model().save(saved)
    small_model().save(saved, replace=True)
    open_model(saved)
    precious = saved.parent / "thesis"
    precious.mkdir()
    (precious / "chapter1.txt").write_text("do not lose")
    with pytest.raises(UsageError, match="will not be overwritten"):
        small_model().save(precious, replace=True)
    assert (precious / "chapter1.txt").exists()


def test_a_save_that_fails_leaves_the_old_model_and_no_rubbish(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(folder: Path) -> None:
        raise OSError("no space left")

    model = small_model()
    monkeypatch.setattr(model.engine, "save", full_disk)
    with pytest.raises(OSError, match="space"):
        model.save(saved, replace=True)
    open_model(saved)
    assert [path.name for path in saved.parent.iterdir()] == ["MODEL"]


def test_a_folder_can_be_moved(saved: Path, tmp_path: Path) -> None:
    shutil.move(saved, tmp_path / "elsewhere")
    assert len(open_model(tmp_path / "elsewhere").predict(TEXTS)) == 3


def test_the_card_says_in_both_languages_what_is_known_and_what_is_not() -> None:
    facts = CardFacts(
        name="nodules",
        head="classify",
        labels=("benign", "malignant"),
        backbone="echo",
        backbone_licence="Apache-2.0",
        data=(("10 rows", "10 行"),),
        figures={
            "auroc": Estimate(value=0.9, low=0.8, high=0.95, n=10, n_patients=5, method="bootstrap"),
            "auprc": Undefined(reason="one class only", n=10, n_patients=5),
        },
        subgroups={"sex = female": {"auroc": Undefined(reason="too few", n=2, n_patients=1)}},
        limits=(("short texts only", "仅限短文本"),),
    )
    english, chinese = model_card(facts, "en"), model_card(facts, "zh")
    assert "0.900 [0.800, 0.950]" in english
    assert "undefined: one class only" in english
    assert "a clinician decides" in english
    assert "sex = female" in english
    assert "仅限短文本" in chinese
    assert "由临床医生决定" in chinese
    unmeasured = model_card(dataclasses.replace(facts, figures={}), "en")
    assert "Not measured" in unmeasured
