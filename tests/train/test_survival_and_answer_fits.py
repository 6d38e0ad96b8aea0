"""Times to an event and answers in texts, end to end on echo: fitted, killed, opened again, measured, asked, served."""

from __future__ import annotations

import json
import math
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_rows import write_rows
from safetensors.torch import load_file
from typer.testing import CliRunner

from bedside import open_model
from bedside.advise import advise
from bedside.cli import build
from bedside.commands._fit.view import FitView
from bedside.config import Recipe
from bedside.errors import LeakError, UsageError
from bedside.lang import speaking
from bedside.model.given import Given
from bedside.train.data import read_parts
from bedside.train.fit import fit
from bedside.types import Advice

FINDINGS = {"liver metastases": 1.5, "肝转移": 1.5, "complete resection": -1.5, "已完整切除": -1.5}
"""What a note says and the log hazard that it stands for; all else is chance."""

KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_survival_and_answer_fits import recipe
from bedside.train.fit import fit

def die(event):
    if event["event"] == "step" and event["step"] == 7:
        os.kill(os.getpid(), signal.SIGKILL)

fit(recipe(Path(sys.argv[1]), sys.argv[4], epochs=2, checkpoint_minutes=1e-9), out=sys.argv[2], on_event=die)
"""


def made_up_courses(folder: Path, count: int = 160, seed: int = 0) -> Path:
    """Notes made up here, with times drawn from a known hazard: no patient ever had them."""
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        words = dice.choice(sorted(FINDINGS))
        time, seen = -10 * math.log(1 - dice.random()) / math.exp(FINDINGS[words]), dice.uniform(2, 40)
        row = {"note": f"{words}", "months": round(min(time, seen), 2), "died": "yes" if time <= seen else "no"}
        rows.append({"id": f"r{number}", "patient": f"p{seed}-{number}", **row})
    return write_rows(folder / f"courses{seed}.jsonl", rows)


def made_up_questions(folder: Path, count: int = 120, seed: int = 0) -> Path:
    """A drug stands in each second text of three, between other words, in either language."""
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        drug = dice.choice(["ASPIRIN", "阿司匹林"])
        given = f"take {drug} now" if number % 3 else "rest now"
        context = "x " * dice.randint(0, 5) + given + " y" * dice.randint(0, 5)
        answers = {"text": [drug], "answer_start": [context.index(drug)]} if number % 3 else ""
        rows.append({"id": f"r{number}", "patient": f"p{seed}-{number}", "q": "drug?", "note": context, "a": answers})
    return write_rows(folder / f"questions{seed}.jsonl", rows)


MADE = {"survive": made_up_courses, "cox": made_up_courses, "answer": made_up_questions}


def recipe(path: Path, head: str, **fit_: Any) -> Recipe:
    columns = {"text": "note", "label": "months+died"}
    if head == "answer":
        columns = {"text": "q", "text_b": "note", "label": "a"}
    data = {"train": path, "patient": "patient", "identity": "absent", "identity_reason": "made up", **columns}
    plain = {"head": head, "backbone": "echo", "learning_rate": 3e-3, "head_learning_rate": 2e-2, "max_tokens": 48}
    plain |= {"precision": "fp32", "batch_tokens": 512, "epochs": 6}
    return Recipe.from_dict({"data": data, "fit": plain | fit_})


@pytest.fixture(scope="module", params=["survive", "cox", "answer"])
def head(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def model(head: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(head)
    extra = {"horizons": [5.0, 15.0]} if head == "survive" else {}
    fit(recipe(MADE[head](folder), head, **extra), out=folder / "M")
    return folder / "M"


def bedside(*words: object) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(build(), [*map(str, words), "--json"], catch_exceptions=True)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout.strip().splitlines()[-1])


def test_it_learns_beats_its_baselines_and_says_so_with_intervals(model: Path, head: str, tmp_path: Path) -> None:
    code, found = bedside("evaluate", model, MADE[head](tmp_path, 60, seed=1), "--report", tmp_path / "r.html")
    assert code == 0
    name = {"answer": "answer_f1"}.get(head, "c_index")
    ours, theirs = found["metrics"][name], {rival: one[name]["value"] for rival, one in found["baselines"].items()}
    assert ours["low"] < ours["value"] <= ours["high"]
    if head == "answer":
        assert set(theirs) == {"no_answer", "sentence"}
        assert ours["value"] > max(theirs.values())
    else:
        assert set(theirs) == {"kaplan_meier", "ridge_cox"}
        assert ours["value"] > 0.65 > 0.5 == theirs["kaplan_meier"]
        assert {"c_uno", "ibs"} <= found["metrics"].keys()
    assert (tmp_path / "r.html").stat().st_size > 5_000


def test_opened_again_it_answers_alike(model: Path, head: str) -> None:
    one, other = open_model(model), open_model(model)
    texts = ["liver metastases", "已完整切除"]
    given = [Given(second="x take ASPIRIN now"), Given(second="rest now")] if head == "answer" else []
    answers = one.predict(texts, given)
    assert answers == other.predict(texts, given)
    assert one.calibration == other.calibration
    assert all(np.isfinite(one.form.surest(answer)).all() for answer in answers)


@pytest.mark.parametrize("head", ["survive", "answer"], indirect=True)
def test_a_killed_fit_goes_on_and_ends_bit_for_bit_the_same(head: str, tmp_path: Path) -> None:
    data = MADE[head](tmp_path)
    fit(recipe(data, head, epochs=2, checkpoint_minutes=1e-9), out=tmp_path / "straight")
    words = [sys.executable, "-c", KILLED, str(data), str(tmp_path / "killed"), str(Path(__file__).parent), head]
    assert subprocess.run(words, env=os.environ, check=False).returncode == -signal.SIGKILL
    heard: list[dict[str, Any]] = []
    again = recipe(data, head, epochs=2, checkpoint_minutes=1e-9)
    model = fit(again, out=tmp_path / "killed", on_event=heard.append)
    assert "resumed" in [event["event"] for event in heard]
    one, two = (load_file(tmp_path / name / "head.safetensors") for name in ("straight", "killed"))
    assert all((one[key] == two[key]).all() for key in one)
    assert model.calibration == open_model(tmp_path / "straight").calibration


def test_predict_writes_an_answer_a_row_and_tells_the_row_it_cannot_read(
    model: Path, head: str, tmp_path: Path
) -> None:
    rows = [{"id": "a", "note": "take ASPIRIN now", "q": "drug?"}, {"id": "b", "note": "", "q": "drug?"}]
    out = tmp_path / "out.jsonl"
    code, _ = bedside("predict", model, write_rows(tmp_path / "in.jsonl", rows), "-o", out)
    good, bad = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert code == 3
    assert bad.keys() == {"id", "error"}
    if head == "answer":
        assert good.keys() == {"id", "answer", "start", "end", "probability"}
        if good["answer"] is not None:
            assert rows[0]["note"][good["start"] : good["end"]] == good["answer"]
    else:
        assert good.keys() == {"id", "risk", "survival", "median"}
        if head == "survive":
            assert list(good["survival"]) == ["5", "15"]
    code, _ = bedside("predict", model, tmp_path / "in.jsonl", "-o", out, "--resume")
    assert code == 3  # a row without an answer stays one


@pytest.mark.parametrize("head", ["survive", "cox"], indirect=True)
def test_the_sick_are_told_apart_from_the_well_in_both_languages(model: Path, head: str) -> None:
    opened = open_model(model)
    ill, well, ill_zh, well_zh = opened.predict(["liver metastases", "complete resection", "肝转移", "已完整切除"])
    for sick, fine in ((ill, well), (ill_zh, well_zh)):
        told = [opened.form.told("", Given(), one) for one in (sick, fine)]
        assert told[0]["risk"] > told[1]["risk"]
        for at, chance in told[0]["survival"].items():
            assert chance is None or chance < told[1]["survival"][at]
    with speaking("zh"):
        lines = opened.form.spoken(opened.form.told("", Given(), ill))
        assert lines[0].startswith("中位事件时间")


@pytest.mark.parametrize("head", ["answer"], indirect=True)
def test_identity_in_a_note_moves_no_place_and_stays_out_of_the_answer(model: Path, head: str) -> None:
    plain = "Patient: John Smith, MRN 12345678. x take ASPIRIN now"
    opened = open_model(model)
    decision, nothing = advise(opened, ["drug?", "drug?"], given=[Given(second=plain), Given(second="rest now y")])
    assert isinstance(decision, Advice)
    assert isinstance(nothing, Advice)
    told = opened.form.told("drug?", Given(second=plain), decision.prediction)
    assert told["answer"] is not None
    assert plain[told["start"] : told["end"]].endswith(told["answer"][-4:])
    assert "Smith" not in told["answer"]
    assert opened.form.told("drug?", Given(second="rest now y"), nothing.prediction)["answer"] is None
    with speaking("zh"):
        assert "没有答案" in opened.form.spoken({"answer": None, "probability": 0.9})[0]


@pytest.mark.parametrize("head", ["cox", "answer"], indirect=True)
def test_crossval_answers_every_row_once(head: str, tmp_path: Path) -> None:
    columns = (
        ("--text", "q", "--text-b", "note", "--label", "a")
        if head == "answer"
        else ("--text", "note", "--label", "months+died")
    )
    words = ["--patient", "patient", "--folds", "2", "--backbone", "echo", "--epochs", "1", "--head", head]
    data = MADE[head](tmp_path, 60)
    code, found = bedside("crossval", data, *columns, *words, "--identity", "absent", "made up here")
    assert code == 0
    assert (found["n"], found["n_patients"], len(found["folds"])) == (60, 60, 2)


@pytest.mark.parametrize("head", ["survive", "answer"], indirect=True)
def test_the_card_tells_horizons_where_outputs_are_times_and_no_labels(model: Path, head: str) -> None:
    cards = open_model(model).cards
    if head == "survive":
        assert re.search(r"Horizons, in the unit of the time column, of \d+ intervals \(2\): 5, 15\n", cards["en"])
        assert "（2 个）：5, 15\n" in cards["zh"]
    assert ("Horizons" in cards["en"]) == (head == "survive")
    assert "Labels (" not in cards["en"] or head == "answer"
    assert "@" not in cards["en"]


def test_horizons_are_for_times_only(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--head survive"):
        fit(recipe(made_up_questions(tmp_path), "answer", horizons=[5.0]), out=tmp_path / "M")


def test_the_same_question_of_another_note_is_not_the_same_row(tmp_path: Path) -> None:
    rows = [{"q": "drug?", "note": f"take ASPIRIN, visit {n}", "a": "ASPIRIN"} for n in range(50)]
    train, dev = write_rows(tmp_path / "t.jsonl", rows[:40]), write_rows(tmp_path / "d.jsonl", rows[40:])
    values = recipe(train, "answer", epochs=1).model_dump(mode="json")
    values["data"] |= {"dev": str(dev), "patient": None}
    assert fit(Recipe.from_dict(values), out=tmp_path / "M").fitting["shared_texts"] == 0
    write_rows(dev, rows[:10])
    with pytest.raises(LeakError, match="10 of 10"):
        fit(Recipe.from_dict(values), out=tmp_path / "N")


def test_what_is_counted_before_a_fit_are_classes_and_not_intervals_of_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    facts = {"event": "data", "rows": 9, "dev_rows": 1, "labels": 3, "held_back": True, "shared_texts": 0}
    said = {}
    for head in ("survive", "generate", "classify"):
        FitView(quiet=False).on_event({**facts, "unmeasured": 0, "refused": [], "head": head})
        said[head] = capsys.readouterr().out
    assert "3 labels" in said["classify"]
    assert "label" not in said["survive"] + said["generate"]


def test_intervals_of_time_are_no_labels_that_the_tuning_rows_lack(tmp_path: Path) -> None:
    recipe = {"data": {"train": made_up_courses(tmp_path), "text": "note", "label": "months+died"}}
    parts = read_parts(Recipe.from_dict({**recipe, "fit": {"head": "survive"}}))
    assert len(parts.labels) > 1
    assert parts.unmeasured() == 0
