"""Severity and other numbers, end to end on echo: worse words score higher, and intervals hold what they promise."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import recipe_for, write_rows
from score_rows import grades_of

from bedside import open_model
from bedside.advise import advise
from bedside.commands._call import call
from bedside.errors import DataError
from bedside.model.folder import Model
from bedside.server.predict import Answer, read_request, write_answer
from bedside.server.settings import Settings
from bedside.train.fit import fit

QUICK = {"epochs": 8, "learning_rate": 3e-3, "batch_tokens": 512}
MILD, SEVERE = "mild ache", "severe agony, worst ever"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scores")
    write_rows(folder / "grades.jsonl", grades_of(240))
    write_rows(folder / "numbers.jsonl", grades_of(240, noise=2.0))
    return folder


@pytest.fixture(scope="module")
def ordinal(folder: Path) -> Model:
    return fit(recipe_for(folder / "grades.jsonl", head="score", **QUICK), out=folder / "ordinal")


@pytest.fixture(scope="module")
def continuous(folder: Path) -> Model:
    return fit(recipe_for(folder / "numbers.jsonl", head="score", **QUICK), out=folder / "continuous")


def test_worse_words_get_a_higher_grade_in_both_languages(ordinal: Model) -> None:
    assert (ordinal.head, ordinal.labels) == ("ordinal", ("1", "2", "3"))
    said = ordinal.predict([MILD, "moderate pain", SEVERE, "轻度", "中度疼痛", "剧烈难忍"])
    assert [one.value for one in said] == [1, 2, 3, 1, 2, 3]
    for one in said:
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert one.low <= one.value <= one.high


def test_numbers_are_answered_in_their_own_units_with_an_interval(continuous: Model) -> None:
    assert continuous.head == "continuous"
    mild, severe = continuous.predict([MILD, SEVERE])
    assert (mild.value, severe.value) == (pytest.approx(10, abs=3), pytest.approx(30, abs=3))
    assert mild.high < severe.low
    fresh = grades_of(600, noise=2.0)[240:]
    said = continuous.predict([row["text"] for row in fresh])
    held = np.mean([one.low <= row["label"] <= one.high for one, row in zip(said, fresh, strict=True)])
    assert held > 0.8


@pytest.mark.parametrize("name", ["ordinal", "continuous"])
def test_a_saved_model_reopens_with_the_same_answers(name: str, folder: Path, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(name)
    assert open_model(folder / name).predict([MILD, SEVERE]) == model.predict([MILD, SEVERE])


@pytest.mark.parametrize("noise", [0.0, 2.0], ids=["ordinal", "continuous"])
def test_a_fit_that_was_stopped_ends_the_same(noise: float, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "step" and event["step"] == 7:
            raise StopError

    path = write_rows(tmp_path / "n.jsonl", grades_of(60, noise=noise))
    recipe = recipe_for(path, head="score", checkpoint_minutes=1e-9)
    straight = fit(recipe, out=tmp_path / "straight")
    with pytest.raises(StopError):
        fit(recipe, out=tmp_path / "stopped", on_event=stop)
    heard: list[dict[str, Any]] = []
    resumed = fit(recipe, out=tmp_path / "stopped", on_event=heard.append)
    assert "resumed" in [event["event"] for event in heard]
    assert np.array_equal(resumed.logits([MILD, SEVERE]), straight.logits([MILD, SEVERE]))


def test_one_number_only_leaves_nothing_to_learn(tmp_path: Path) -> None:
    rows = [{"patient": str(n), "text": "stable", "label": 36.6} for n in range(9)]
    with pytest.raises(DataError, match="nothing to tell apart"):
        fit(recipe_for(write_rows(tmp_path / "n.jsonl", rows), head="score"), out=tmp_path / "M")


def test_predict_writes_value_and_interval_for_people_and_programs(
    folder: Path, ordinal: Model, continuous: Model
) -> None:
    rows = write_rows(folder / "ask.jsonl", [{"id": "a", "text": MILD}, {"id": "b", "text": ""}])
    assert call("predict", str(folder / "ordinal"), str(rows), "-o", str(folder / "o.jsonl"))[0] == 3
    first, second = (json.loads(line) for line in (folder / "o.jsonl").read_text().splitlines())
    assert set(first) == {"id", "value", "low", "high", "probabilities"}
    assert (first["value"], second) == (1, {"id": "b", "error": "no text"})
    call("predict", str(folder / "ordinal"), str(rows), "-o", str(folder / "o.jsonl"), "--resume")
    _, heard = call("predict", str(folder / "continuous"), "--text-value", SEVERE, "--json")
    assert set(json.loads(heard)) == {"id", "value", "low", "high"}
    _, spoken = call("predict", str(folder / "continuous"), "--text-value", SEVERE)
    assert "90% interval" in spoken


def test_evaluate_sets_figures_beside_median_mean_and_ridge(folder: Path, ordinal: Model) -> None:
    fresh = [{**row, "patient": f"q{n // 2}"} for n, row in enumerate(grades_of(60))]
    data = write_rows(folder / "test.jsonl", [*fresh, {"text": "pain", "label": "severe", "patient": "z"}])
    report = folder / "r.html"
    code, heard = call("evaluate", str(folder / "ordinal"), str(data), "--json", "--report", str(report))
    found = json.loads(heard.splitlines()[-1])
    assert (code, found["n"], found["refused"][0]["what"]) == (3, 60, "the label is not a number; left out")
    assert set(found["baselines"]) == {"median", "mean", "ridge"}
    assert found["metrics"]["qwk"]["value"] > 0.9
    assert found["baselines"]["median"]["qwk"]["value"] == pytest.approx(0)
    assert found["comparison"]["median"]["mae"]["difference"]["value"] < 0
    assert "Quadratic weighted kappa" in report.read_text(encoding="utf-8")


def test_crossval_keeps_the_scale_that_all_rows_together_have(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "all.jsonl", grades_of(40))
    words = ["--patient", "patient", "--identity", "absent", "made up", "--head", "score", "--backbone", "echo"]
    code, heard = call("crossval", str(data), *words, "--folds", "2", "--epochs", "1", "--json")
    found = json.loads(heard.splitlines()[-1])
    assert (code, found["n"], found["n_patients"]) == (0, 40, 20)
    assert found["confusion"]["labels"] == ["1", "2", "3"]


def test_the_server_answers_with_value_and_interval(continuous: Model) -> None:
    asked = read_request(json.dumps({"text": SEVERE, "lang": "zh"}).encode(), "zh", Settings(), two=False)
    answers = [Answer(one, Counter()) for one in advise(continuous, asked.texts, given=asked.given)]
    told = write_answer(asked, answers, form=continuous.form, model="m", request_id="r")
    assert told["outcome"] == "advice"
    assert told["low"] < told["value"] < told["high"]


@pytest.mark.parametrize("name", ["ordinal", "continuous"])
def test_a_compressed_model_reopens_and_says_the_same(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    pytest.importorskip("onnx", reason="the compress extra is not installed")
    from bedside.train.compress import compress

    whole = request.getfixturevalue(name)
    texts = [row["text"] for row in grades_of(30)]
    compress(whole, texts).save(tmp_path / "small")
    small = open_model(tmp_path / "small")
    assert all(map(whole.form.agree, whole.predict(texts), small.predict(texts)))
