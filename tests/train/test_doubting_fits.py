"""A fit calibrates doubt on its tuning patients; predict, evaluate and the server tell it, or are told not to."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import recipe_for, rows_of, write_rows

from bedside.advise import advise
from bedside.commands._call import call
from bedside.config import Abstain
from bedside.errors import ConfigError, ModelError, UsageError
from bedside.lang import speaking
from bedside.model.folder import Model, open_model
from bedside.model.given import NOTHING
from bedside.model.manifest import write_manifest
from bedside.server.predict import Answer, read_request, write_answer
from bedside.server.settings import Settings
from bedside.train.fit import fit
from bedside.types import Abstained, Advice

STRANGE = "zzyzx qwq, xqzw! " * 4
KINDS = ["classify", "multilabel"]


def doubtful_rows(count: int) -> list[dict[str, Any]]:
    """Notes of which every fourth says what another department would: no model can be sure of them."""
    rows = rows_of(count)
    return [{**row, "label": "gut"} if number % 4 == 0 else row for number, row in enumerate(rows)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("doubting")
    rows = write_rows(place / "rows.jsonl", doubtful_rows(300))
    dev = write_rows(
        place / "dev.jsonl", [{**row, "patient": f"d{n}"} for n, row in enumerate(doubtful_rows(540)[300:])]
    )
    recipe = recipe_for(rows)
    data = recipe.data.model_copy(update={"dev": dev})
    fit(recipe.model_copy(update={"data": data}), out=place / "M")
    return place / "M"


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return open_model(folder)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def asked(folder: Path, tmp_path: Path, texts: list[str], *words: str) -> list[dict[str, Any]]:
    data = write_rows(tmp_path / "asked.jsonl", [{"id": n, "text": text} for n, text in enumerate(texts)])
    call("predict", str(folder), str(data), "-o", str(tmp_path / "said.jsonl"), "--force", *words)
    return lines(tmp_path / "said.jsonl")


def test_sets_hold_the_label_of_nine_new_patients_in_ten(model: Model) -> None:
    rows = doubtful_rows(800)[540:]
    decisions = advise(model, [row["text"] for row in rows])
    held = [row["label"] in (one.possible or ()) for row, one in zip(rows, decisions, strict=True)]  # type: ignore[union-attr]
    assert np.mean(held) > 0.86


def test_a_doubted_answer_is_still_told_and_marked(folder: Path, tmp_path: Path) -> None:
    (one,) = asked(folder, tmp_path, ["chest pain"])
    assert one["label"] in one["probabilities"]
    assert one["label"] in one["set"]
    assert ("abstained" in one) == (len(one["set"]) > 1)


def test_more_coverage_asks_a_person_more_often(folder: Path, tmp_path: Path) -> None:
    texts = [row["text"] for row in rows_of(60)]
    said = [asked(folder, tmp_path, texts, "--coverage", level) for level in ("0.6", "0.98")]
    few, many = (sum("abstained" in one for one in answers) for answers in said)
    assert few < many


def test_a_held_back_answer_shows_no_label(folder: Path, tmp_path: Path) -> None:
    said = asked(folder, tmp_path, ["chest pain", "nausea"], "--coverage", "0.98", "--hold-back")
    doubted = [one for one in said if "abstained" in one]
    assert doubted
    assert all(set(one) == {"id", "error", "abstained"} for one in doubted)


def test_without_doubt_an_answer_is_what_it_always_was(folder: Path, tmp_path: Path) -> None:
    (one,) = asked(folder, tmp_path, [STRANGE], "--no-doubt")
    assert set(one) == {"id", "label", "probabilities"}


@pytest.mark.parametrize(("lang", "reason"), [("en", "unlike those"), ("zh", "差异过大")])
def test_a_text_unlike_all_that_was_learnt_is_doubted(model: Model, lang: Any, reason: str) -> None:
    with speaking(lang):
        strange, ordinary = advise(model, [STRANGE, "chest pain 胸痛"])
    assert isinstance(strange, Advice)
    assert isinstance(ordinary, Advice)
    assert any(reason in one for one in strange.doubts)
    assert not any(reason in one for one in ordinary.doubts)


def test_models_that_do_not_agree_are_doubted(folder: Path, model: Model, tmp_path: Path) -> None:
    other = tmp_path / "other"
    fit(recipe_for(write_rows(tmp_path / "r.jsonl", rows_of(90)), seed=5, epochs=1), out=other)
    texts = [row["text"] for row in rows_of(40)]
    alone, beside = model.predict(texts), open_model(other).predict(texts)
    said = asked(folder, tmp_path, texts, "--beside", str(other))
    for one, ours, theirs in zip(said, alone, beside, strict=True):
        assert ("1 of 1 models" in one.get("abstained", "")) == (ours.label != theirs.label)  # type: ignore[union-attr]


def test_a_coverage_that_cannot_be_promised_is_refused(folder: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    fit(recipe_for(write_rows(tmp_path / "r.jsonl", rows_of(60)), epochs=1), out=small)
    with pytest.raises(UsageError, match="cannot promise"):
        asked(small, tmp_path, ["nausea"], "--coverage", "0.95")
    with pytest.raises(ConfigError, match="coverage"):
        asked(folder, tmp_path, ["nausea"], "--coverage", "0.905")


def test_a_model_of_another_question_is_not_asked_beside(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    rows = [{**row, "label": "yes" if row["label"] == "gut" else "no"} for row in rows_of(60)]
    fit(recipe_for(write_rows(tmp_path / "r.jsonl", rows), epochs=1), out=other)
    with pytest.raises(UsageError, match="another question"):
        asked(folder, tmp_path, ["nausea"], "--beside", str(other))


def test_a_folder_of_before_doubts_nothing(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    for name in ("doubt.json", "familiar.safetensors"):
        (old / name).unlink()
    write_manifest(old)
    (one,) = advise(open_model(old), [STRANGE])
    assert isinstance(one, Advice)
    assert (one.possible, one.doubts) == (None, ())


@pytest.mark.parametrize(
    ("key", "value"),
    [("cuts", [[0.5]]), ("method", "guess"), ("levels", [0.5]), ("cuts", [["x"] * 50]), ("strange", 1)],
)
def test_a_doubt_file_that_no_fit_writes_is_refused(folder: Path, tmp_path: Path, key: str, value: Any) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    told = json.loads((broken / "doubt.json").read_text())
    (broken / "doubt.json").write_text(json.dumps(told | {key: value}))
    write_manifest(broken)
    with pytest.raises(ModelError, match=f"{key} cannot be used"):
        open_model(broken)


def test_saved_and_opened_again_it_doubts_the_same(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "again")
    texts = [row["text"] for row in rows_of(30)]
    assert advise(open_model(tmp_path / "again"), texts) == advise(model, texts)


def test_no_vector_of_a_patient_is_kept(folder: Path) -> None:
    """Means and directions of many texts, and cuts: as large for a thousand patients as for a hundred."""
    from safetensors.numpy import load_file

    parts = load_file(folder / "familiar.safetensors")
    assert len(parts["directions"]) <= 32
    assert set(json.loads((folder / "doubt.json").read_text())) == {"method", "levels", "cuts", "strange", "patients"}


def test_the_server_tells_set_and_doubt_or_holds_the_answer_back(model: Model) -> None:
    body = read_request(json.dumps({"texts": [STRANGE, "nausea"]}).encode(), "en", Settings())
    for hold_back in (False, True):
        decisions = advise(model, body.texts, given=[NOTHING] * 2, care=Abstain(hold_back=hold_back))
        answers = [Answer(one, Counter()) for one in decisions]
        said = write_answer(body, answers, form=model.form, model="m", request_id="r")["results"]
        assert said[0]["outcome"] == ("abstained" if hold_back else "advice")
        assert "unlike" in said[0]["reason" if hold_back else "abstained"]
        assert (said[0]["label"] is None) == hold_back


def test_a_recipe_turns_doubt_off_or_sets_it(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", rows_of(120))
    quick = ("--backbone", "echo", "--epochs", "1", "--set", "precision=fp32", "--identity", "absent", "made up")
    call("fit", str(rows), "-o", str(tmp_path / "off"), *quick, "--set", "abstain.on=false")
    assert not (tmp_path / "off" / "doubt.json").exists()
    wide = ("--set", "abstain.sets=aps", "--set", "abstain.coverage=0.8")
    call("fit", str(rows), "-o", str(tmp_path / "aps"), *quick, *wide)
    assert json.loads((tmp_path / "aps" / "doubt.json").read_text())["method"] == "aps"
    (one,) = advise(open_model(tmp_path / "aps"), ["chest pain"])
    assert isinstance(one, (Advice, Abstained))
    with pytest.raises(ConfigError, match=r"abstain\.coverage"):
        call("fit", str(rows), "-o", str(tmp_path / "bad"), *quick, "--set", "abstain.coverage=1.5")


@pytest.mark.parametrize("several", [False, True], ids=KINDS)
def test_evaluate_tells_what_doubt_came_to_and_draws_it(several: bool, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", rows_of(390, several=several))
    others = [{**row, "patient": f"t{n}"} for n, row in enumerate(rows_of(60, several=several))]
    test = write_rows(tmp_path / "test.jsonl", others)
    fit(recipe_for(rows, head=KINDS[several], epochs=1), out=tmp_path / "M")
    page = tmp_path / "report.html"
    how = ("--patient", "patient", "--report", str(page), "--json")
    _, heard = call("evaluate", str(tmp_path / "M"), str(test), *how)
    told = json.loads(heard.splitlines()[-1])["doubt"]
    assert told["promised"] == 0.9
    assert told["metrics"].keys() >= {"set_coverage", "set_size", "doubted", "risk_answered", "aurc"}
    assert set(told["per_class"]) == {"cardio", "gut", "neuro"}
    assert "Does it know when it does not know?" in page.read_text(encoding="utf-8")
