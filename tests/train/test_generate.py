"""A decoder learns to write: fitted, measured, saved apart from its decoder, kept to a form, and marked."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fit_rows import write_rows
from safetensors.torch import load_file
from tiny_decoders import tiny_decoder
from typer.testing import CliRunner

from bedside import open_model
from bedside.advise import advise
from bedside.backbones._load import load_backbone
from bedside.cli import build
from bedside.config import Recipe
from bedside.config.writing import Writing
from bedside.errors import ConfigError, ModelError, ModelTampered, UsageError
from bedside.evaluate.measures.bertscore import bert_scores
from bedside.evaluate.measures.texts import evaluate_texts
from bedside.lang import speaking
from bedside.model.engines.causal import writer_of
from bedside.model.folder import Model, open_models
from bedside.model.given import Given
from bedside.model.merged import merged
from bedside.model.writing.decode import write
from bedside.server.predict import Answer, Asked, write_answer
from bedside.train.fit import fit
from bedside.types import Abstained, Advice, Estimate, Undefined, Written

transformers = pytest.importorskip("transformers")

SAYS = {"chest pain": "heart", "头痛": "神经", "nausea": "gut"}
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_generate import recipe_for
from bedside.train.fit import fit

def die(event):
    if event["event"] == "step" and event["step"] == 5:
        os.kill(os.getpid(), signal.SIGKILL)

fit(recipe_for(Path(sys.argv[1]), Path(sys.argv[4]), epochs=2, checkpoint_minutes=1e-9), out=sys.argv[2], on_event=die)
"""


def rows_of(count: int) -> list[dict[str, Any]]:
    dice = random.Random(0)
    drawn = [dice.choice(sorted(SAYS)) for _ in range(count)]
    return [
        {"id": f"r{n}", "patient": f"p{n // 3}", "text": " ".join([one] * dice.randint(1, 3)), "label": SAYS[one]}
        for n, one in enumerate(drawn)
    ]


def recipe_for(path: Path, decoder: Path, **fit: Any) -> Recipe:
    data = {"train": path, "patient": "patient", "id": "id", "identity": "absent", "identity_reason": "made up"}
    plain = {"head": "generate", "backbone": str(decoder), "learning_rate": 2e-2, "precision": "fp32", "epochs": 10}
    more = {"prompt": "<s>{text} =>", "batch_tokens": 256, "max_tokens": 96, "adapt": "full", "dropout": 0.0}
    return Recipe.from_dict({"data": data, "fit": plain | more | fit})


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny untrained Llama over bytes."""
    return tiny_decoder(tmp_path_factory.mktemp("decoder") / "tiny")


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "notes.jsonl", rows_of(120))


@pytest.fixture(scope="module")
def folder(notes: Path, decoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fitted model's folder."""
    out = tmp_path_factory.mktemp("model") / "M"
    fit(recipe_for(notes, decoder), out=out)
    return out


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return open_model(folder)


def writing(model: Model, **settings: Any) -> Callable[[str], Written]:
    """The model's answer to one text, decoded by other settings."""
    asked = Writing.model_validate({"new_tokens": 24, **settings})
    writer = writer_of(model.network, model.tokenizer, asked, model.settings["ends"], model.settings["pad_id"])

    def answer(text: str) -> Written:
        encoded = model.encode([text])
        (found,) = model.form.answers(write(writer, encoded.ids), encoded, (), model.calibration)
        assert isinstance(found, Written)
        return found

    return answer


def test_it_writes_what_it_learnt_in_both_languages(model: Model) -> None:
    said = model.predict(["chest pain chest pain", "头痛", "nausea"])
    assert [one.text for one in said if isinstance(one, Written)] == ["heart", "神经", "gut"]
    assert model.fitting["best"] > 0.9
    assert model.fitting["history"][-1]["loss"] < model.fitting["history"][0]["loss"]


def test_the_folder_holds_what_was_learnt_and_not_the_decoder(folder: Path, decoder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert "learnt.safetensors" in names
    assert "backbone" not in names
    table = "model.model.embed_tokens.weight"
    assert table not in load_file(folder / "learnt.safetensors"), "the word table did not learn"
    assert "drafts" in open_model(folder).card.lower()


def test_lora_learns_and_its_thin_matrices_alone_reopen_with_equal_answers(
    notes: Path, decoder: Path, tmp_path: Path
) -> None:
    recipe = recipe_for(notes, decoder, adapt="lora", lora_rank=4, epochs=2)
    fitted = fit(recipe, out=tmp_path / "M")
    assert Recipe.from_dict({"data": {"train": notes}, "fit": {"head": "generate"}}).fit.adapt == "lora", "by default"
    assert all(name.endswith((".down", ".up")) for name in load_file(tmp_path / "M/learnt.safetensors"))
    texts = ["chest pain", "头痛 头痛"]
    again = open_model(tmp_path / "M")
    for one, two in zip(fitted.logits(texts), again.logits(texts), strict=True):
        assert np.array_equal(one, two)


def test_models_of_one_decoder_hold_it_once_and_write_as_each_alone(
    folder: Path, notes: Path, decoder: Path, tmp_path: Path
) -> None:
    other = fit(recipe_for(notes, decoder, adapt="lora", lora_rank=4, epochs=1), out=tmp_path / "M")
    one, two = open_models([folder, tmp_path / "M"])
    tables = {id(model): model.network.model.get_input_embeddings().weight.data_ptr() for model in (one, two)}
    assert len(set(tables.values())) == 1
    texts = ["chest pain", "头痛 头痛"]
    for alone, shared in ((open_model(folder), one), (other, two)):
        assert [said.text for said in alone.predict(texts)] == [said.text for said in shared.predict(texts)]  # type: ignore[union-attr]


def test_a_merged_model_brings_its_decoder_and_writes_the_same(folder: Path, tmp_path: Path) -> None:
    before = open_model(folder)
    merged(before).save(tmp_path / "M")
    after = open_model(tmp_path / "M", backbone="nowhere")
    texts = ["chest pain", "头痛 头痛", "nausea"]
    for one, two in zip(before.logits(texts), after.logits(texts), strict=True):
        assert np.array_equal(one, two)
    after.save(tmp_path / "AGAIN")
    assert open_model(tmp_path / "AGAIN").predict(texts) == after.predict(texts)
    with pytest.raises(UsageError, match="already"):
        merged(after)
    assert load_backbone(str(tmp_path / "M")).name == before.settings["backbone"]["name"]


def test_another_decoder_in_the_place_of_its_own_is_refused(notes: Path, decoder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "decoder"
    network = transformers.AutoModelForCausalLM.from_pretrained(decoder)
    network.save_pretrained(mine)
    (mine / "tokenizer.json").write_bytes((decoder / "tokenizer.json").read_bytes())
    fit(recipe_for(notes, mine, epochs=1), out=tmp_path / "M")
    open_model(tmp_path / "M")
    with torch.no_grad():
        network.model.norm.weight += 1e-3
    network.save_pretrained(mine)
    with pytest.raises(ModelError, match="is not the one"):
        open_model(tmp_path / "M")
    mine.rename(tmp_path / "elsewhere")
    with pytest.raises(ModelError, match="is not here"):
        open_model(tmp_path / "M")
    with (tmp_path / "M/learnt.safetensors").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelTampered):
        open_model(tmp_path / "M")


def test_a_killed_fit_goes_on_and_ends_bit_for_bit_the_same(notes: Path, decoder: Path, tmp_path: Path) -> None:
    recipe = recipe_for(notes, decoder, epochs=2, checkpoint_minutes=1e-9)
    fit(recipe, out=tmp_path / "straight")
    root = str(Path(__file__).parent)
    words = [sys.executable, "-c", KILLED, str(notes), str(tmp_path / "killed"), root, str(decoder)]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    heard: list[str] = []
    fit(recipe, out=tmp_path / "killed", on_event=lambda event: heard.append(event["event"]))
    assert "resumed" in heard
    one, two = (load_file(tmp_path / name / "learnt.safetensors") for name in ("straight", "killed"))
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_a_text_that_does_not_fit_gets_no_answer_and_says_why(model: Model) -> None:
    fits, long = advise(model, ["nausea", "chest pain " * 40])
    assert isinstance(fits, Advice)
    assert isinstance(long, Abstained)
    assert "too long" in long.reason
    with speaking("zh"):
        (told,) = advise(model, ["头痛" * 60])
    assert isinstance(told, Abstained)
    assert "超出" in told.reason


def test_a_draft_that_was_broken_off_says_so(model: Model) -> None:
    short = writing(model, new_tokens=2)
    assert not short("chest pain").whole
    assert writing(model)("chest pain").whole


def test_beams_find_a_text_at_least_as_probable_as_the_greedy_one(model: Model) -> None:
    for text in ("chest pain", "头痛 nausea", "pain"):
        assert writing(model, beams=4)(text).probability >= writing(model)(text).probability - 1e-6


def test_drawing_depends_on_seed_and_text_and_not_on_the_neighbours(model: Model) -> None:
    settings = {"new_tokens": 12, "temperature": 3.0, "seed": 1}
    ids = model.encode(["chest pain", "头痛", "nausea"]).ids

    def drawn(prompts: list[list[int]], **other: Any) -> list[list[float]]:
        asked = Writing.model_validate(settings | other)
        writer = writer_of(model.network, model.tokenizer, asked, model.settings["ends"], 0)
        return [one[2:].tolist() for one in write(writer, prompts)]

    assert drawn(ids)[1] == drawn(ids[1:2])[0]
    assert drawn(ids) == drawn(ids)
    assert drawn(ids) != drawn(ids, seed=2)
    assert drawn(ids, top_p=1e-6) == drawn(ids, temperature=0)


def test_no_run_is_written_twice_where_that_is_asked(model: Model) -> None:
    def runs(text: str) -> list[str]:
        return [text[at : at + 2] for at in range(len(text) - 1)]

    again = writing(model, new_tokens=60, pattern="[a-d]{40}", no_repeat=0)("nausea").text
    fresh = writing(model, new_tokens=60, pattern="[a-z]{40}", no_repeat=2)("nausea").text
    assert len(set(runs(again))) < len(runs(again))
    assert len(set(runs(fresh))) == len(runs(fresh))


def test_a_text_is_of_the_form_asked_for_or_there_is_none(model: Model) -> None:
    schema = {"type": "object", "properties": {"部位": {"enum": ["heart", "神经"]}, "sure": {"type": "boolean"}},
              "required": ["部位", "sure"]}  # fmt: skip
    for beams in (1, 3):
        told = writing(model, new_tokens=60, json_schema=schema, beams=beams)("头痛")
        assert set(json.loads(told.text)) == {"部位", "sure"}
    broken = writing(model, new_tokens=5, json_schema=schema)("头痛")
    assert broken.text == ""
    assert "form" in broken.refused
    assert writing(model, pattern="(left|right) lung")("nausea").text in ("left lung", "right lung")


def test_settings_that_cannot_be_kept_are_refused_before_the_fit(notes: Path, decoder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be kept to"):
        fit(recipe_for(notes, decoder, write={"pattern": "(?=x)"}), out=tmp_path / "M")
    with pytest.raises(UsageError, match="lora"):
        fit(recipe_for(notes, decoder, adapt="ia3"), out=tmp_path / "M")
    with pytest.raises(ConfigError, match="once"):
        recipe_for(notes, decoder, prompt="no place")
    with pytest.raises(UsageError, match="not a decoder"):
        fit(recipe_for(notes, decoder, backbone="echo"), out=tmp_path / "M")


def test_evaluate_and_predict_and_their_marks(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.evaluate.measures.texts.choose_backbone", lambda texts: "echo")
    fresh = [{**row, "id": f"t{n}", "patient": f"q{n}"} for n, row in enumerate(rows_of(12))]
    test = write_rows(tmp_path / "test.jsonl", [*fresh, {"id": "x", "text": "fever", "label": ""}])
    done = CliRunner().invoke(build(), ["evaluate", str(folder), str(test), "--json"])
    assert done.exit_code == 3, done.output
    told = json.loads(done.output.splitlines()[-1])
    assert told["metrics"]["rougeL"]["value"] > 0.9
    assert told["metrics"]["rougeL"]["n_patients"] == 12
    assert {"lead", "longest", "whole"} <= set(told["baselines"])
    assert told["baselines"]["whole"]["rougeL"]["value"] == 0
    assert told["refused"][0]["place"] == "line 13"
    out = tmp_path / "out.jsonl"
    asked = write_rows(tmp_path / "ask.jsonl", [{"id": "a", "text": "头痛"}, {"id": "b", "text": "chest pain " * 40}])
    assert CliRunner().invoke(build(), ["predict", str(folder), str(asked), "-o", str(out)]).exit_code == 3
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert first["text"] == "神经"
    assert first["draft"].startswith("DRAFT")
    assert "text" not in second
    assert "too long" in second["error"]
    with speaking("zh"):
        one = CliRunner().invoke(build(), ["predict", str(folder), "--text-value", "头痛"])
    assert "草稿" in one.output
    assert "临床医生" in one.output


def test_figures_bear_intervals_and_bertscore_is_highest_for_the_same_text() -> None:
    wanted = ["no fever", "chest pain since Monday", "咳嗽三天"] * 3
    done = evaluate_texts(wanted, [wanted[0], "pain", ""] * 3, [f"p{n // 2}" for n in range(9)], encoder="echo")
    assert done.n_patients == 5
    figure = done.metrics["rougeL"]
    assert isinstance(figure, Estimate)
    assert figure.value == pytest.approx((1 + 2 / 5 + 0) / 3)
    assert figure.low < figure.value < figure.high
    same, other, empty = bert_scores(["fever", "fever", "fever"], ["fever", "x", ""], "echo")
    assert same == pytest.approx(1, abs=1e-6)
    assert same > other > empty == 0
    assert isinstance(evaluate_texts(wanted[:2], wanted[:2], encoder="echo").metrics["rougeL"], Undefined)


def test_the_server_answers_a_text_under_its_mark_and_names_what_was_broken_off(model: Model) -> None:
    asked = Asked(("头痛", "nausea"), (Given(), Given()), several=True, lang="en")
    given = [
        Advice(prediction=Written("神经", 0.9)),
        Advice(prediction=Written("gu", 0.9, whole=False), limits=("cut",)),
    ]
    answers = [Answer(one, Counter()) for one in given]
    told = write_answer(asked, answers, form=model.form, model="m", request_id="r")
    whole, broken = told["results"]
    assert (whole["outcome"], whole["text"]) == ("advice", "神经")
    assert whole["draft"].startswith("DRAFT")
    assert "broken_off" not in whole
    assert broken["broken_off"]
    assert "clinician" in told["disclaimer"]


def test_no_text_of_the_data_is_in_the_model_folder(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"chest pain" not in path.read_bytes(), path.name
