"""`bedside tune`: settings searched on one part of the patients, measured on another, taken up after a kill."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fit_rows import WORDS, rows_of, write_rows
from recipe_rows import rows_for

from bedside import open_model
from bedside.commands._call import call
from bedside.config import FitRecipe, Recipe, Space
from bedside.errors import ConfigError, MissingExtra, UsageError
from bedside.evaluate.optimism import optimism
from bedside.train.tune.parts import read_nested
from bedside.train.tune.space import default_space
from bedside.types import Estimate, Undefined

pytest.importorskip("optuna")

SPACE = """
[search]
startup = 2
[space]
learning_rate = { low = 1e-4, high = 1e-2, log = true }
epochs = { low = 1, high = 2 }
"""
QUICK = ("--backbone", "echo", "--set", "precision=fp32", "--set", "batch_tokens=256", "--set", "epochs=1")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("tune") / "notes.jsonl", rows_of(120))


def words_for(table: Path, folder: Path) -> list[str]:
    """The command, its study and its space in a folder."""
    (folder / "space.toml").write_text(SPACE, encoding="utf-8")
    who = ["--patient", "patient", "--identity", "absent", "made up"]
    return [str(table), "-o", str(folder / "S"), *who, *QUICK, "--space", str(folder / "space.toml")]


@pytest.fixture
def words(table: Path, tmp_path: Path) -> list[str]:
    """The command, its study in a folder of the test's own."""
    return words_for(table, tmp_path)


@pytest.fixture(scope="module")
def straight(table: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A study of three trials that nothing disturbed, as told; `words` is its command."""
    words = words_for(table, tmp_path_factory.mktemp("straight"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEDSIDE_HOME", str(table.parent / "home"))
        return {"words": words, **told(*words, "--trials", "3")}


def told(*given: str) -> dict[str, Any]:
    code, heard = call("tune", *given, "--json")
    assert code == 0
    return json.loads(heard.splitlines()[-1])


def test_a_search_ends_in_a_recipe_that_fit_takes_a_model_and_a_page(straight: dict[str, Any]) -> None:
    done, words = straight, straight["words"]
    study = Path(done["study"])
    assert [one["defaults"] for one in done["trials"]] == [True, False, False]
    assert done["looks"] == [done["best"]["number"]]
    finished = [one["value"] for one in done["trials"] if one["state"] == "done"]
    assert max(finished) == done["trials"][done["best"]["number"]]["value"]
    recipe = Recipe.read(Path(done["recipe"]))
    assert recipe.data.train == Path(words[0]).resolve()
    assert {name: getattr(recipe.fit, name) for name in done["best"]["settings"]} == done["best"]["settings"]
    assert open_model(done["model"]).head == "classify"
    page = (study / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "patients set apart" in page
    assert not any(word in page for said in WORDS.values() for word in said)
    assert not (study / ".work").exists()
    again = told(*words, "--trials", "3", "--refit")
    assert again["trials"] == done["trials"]
    kept = {
        name: open_model(folder).fitting["rows"]
        for name, folder in (("all", again["refitted"]), ("some", done["model"]))
    }
    assert sum(kept["all"].values()) == len(rows_of(120)) > sum(kept["some"].values())
    with pytest.raises(UsageError, match="--force"):
        call("tune", *words, "--set", "dropout=0.3")


def test_a_search_killed_in_the_middle_goes_on_and_proposes_what_it_would_have(
    words: list[str], straight: dict[str, Any], tmp_path: Path
) -> None:
    code = "\n".join(
        [
            "import os, signal, sys",
            "from bedside.train.tune import worker",
            "from bedside.commands._call import call",
            "real = worker.heed",
            "def die(trial, epoch, value):",
            "    real(trial, epoch, value)",
            "    if trial.number == 1: os.kill(os.getpid(), signal.SIGKILL)",
            "worker.heed = die",
            "call('tune', *sys.argv[1:])",
        ]
    )
    killed = subprocess.run([sys.executable, "-c", code, *words, "--trials", "3"], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / "S" / "study.db").exists()
    done = told(*words, "--trials", "3")
    assert [one["settings"] for one in done["trials"]] == [one["settings"] for one in straight["trials"]]
    assert [one["value"] for one in done["trials"]] == pytest.approx([one["value"] for one in straight["trials"]])
    with sqlite3.connect(tmp_path / "S" / "study.db") as base:
        states = [state for (state,) in base.execute("select state from trials order by number")]
    assert sorted(states).count("FAIL") == 1, "the half-done trial is on record, and was run again"


def test_two_processes_share_a_study_and_do_not_overshoot(words: list[str], tmp_path: Path) -> None:
    done = told(*words, "--trials", "3", "--jobs", "2")
    assert len(done["trials"]) == 3
    drawn = [json.dumps(one["settings"]) for one in done["trials"]]
    assert len(set(drawn)) == 3, "one seed, but no two processes propose the same"
    (run,) = [one for one in runs_told() if one["out"] == str((tmp_path / "S").resolve())]
    assert run["command"] == "tune"
    assert run["figures"]["optimism"] == done["optimism"]


def runs_told() -> list[dict[str, Any]]:
    return json.loads(call("runs", "--json")[1])["runs"]


def test_a_patient_lies_in_one_part_only_whether_a_tuning_table_is_named_or_not(tmp_path: Path) -> None:
    train = write_rows(tmp_path / "a.jsonl", rows_of(120))
    others = [{**row, "patient": f"q{row['patient']}"} for row in rows_of(60)]
    dev = write_rows(tmp_path / "b.jsonl", others)
    for named in (None, dev):
        data = {"train": train, "dev": named, "patient": "patient", "identity": "absent", "identity_reason": "made up"}
        parts = read_nested(Recipe.from_dict({"data": data, "fit": {}}), lambda count: None)
        who = [set(rows.patients) for rows in (parts.learn, parts.select, parts.honest)]
        assert all(who)
        assert not who[0] & who[1] | who[0] & who[2] | who[1] & who[2]
        assert sum(map(len, (parts.learn, parts.select, parts.honest))) == (180 if named else 120)


def test_without_optuna_the_line_to_install_it_is_told(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtra, match=r"bedside\[tune\]"):
        call("tune", *words)


def test_every_fault_of_a_space_is_told_at_once() -> None:
    wrong = {
        "seed": [1, 2],
        "epochs": {"low": 3, "high": 2},
        "dropout": [0.1, 7],
        "adapt": ["full"],
        "lora": {"lora_rank": [8]},
        "loss": "focal",
    }
    with pytest.raises(ConfigError) as heard:
        Space.from_dict(wrong)
    text = str(heard.value)
    for name in ("space.seed", "space.epochs", "space.dropout", "space.lora.lora_rank", "space.loss"):
        assert name in text


def test_a_space_comes_back_from_its_file_as_it_was() -> None:
    import tomllib

    space = default_space(FitRecipe(learning_rate=1e-4, epochs=8), (), rows=500, weighted=True)
    assert Space.from_dict(tomllib.loads(space.to_toml("why"))["space"]) == space


def test_few_rows_are_searched_more_widely_than_many_and_what_is_given_is_left_alone() -> None:
    fit = FitRecipe(learning_rate=1e-4, epochs=8)
    few, many = (default_space(fit, (), rows=rows, weighted=True).to_dict() for rows in (300, 50_000))
    assert {"adapt", "dropout", "class_weight"} <= set(few)
    assert not {"adapt", "dropout", "class_weight"} & set(many)
    assert "adapt" not in default_space(fit, ("adapt",), rows=300, weighted=True).to_dict()
    assert "adapt" not in default_space(fit, (), rows=300, weighted=True, pretrained=False).to_dict()
    courses = fit.model_copy(update={"head": "survive"})
    assert "label_smoothing" in few
    assert "label_smoothing" not in default_space(courses, (), rows=300, weighted=False).to_dict()


def test_choices_of_one_label_a_text_are_weighed_where_texts_are_read_anew() -> None:
    fit = FitRecipe(learning_rate=1e-4, epochs=4, head="classify")
    space = default_space(fit, (), rows=10_000, weighted=True).to_dict()
    weighed = {"token_dropout": [0.0, 0.15], "average": [0.0, 0.25], "adversarial": [0.0, 0.05]}
    assert {name: space[name] for name in weighed} == weighed
    frozen, tags = fit.model_copy(update={"adapt": "frozen"}), fit.model_copy(update={"head": "tag"})
    for other in (frozen, tags):
        assert not weighed.keys() & default_space(other, (), rows=10_000, weighted=True).to_dict().keys()


def test_lora_has_its_own_rate_and_rank_and_full_tuning_none_of_them() -> None:
    rate = {"low": 1e-5, "high": 1e-4}
    space = Space.from_dict({"learning_rate": rate, "adapt": ["full", "lora"], "lora": {"learning_rate": rate}})
    for method, key in (("full", "learning_rate"), ("lora", "lora.learning_rate")):
        asked: list[str] = []
        space.draw("full", lambda axis, m=method, a=asked: a.append(axis.key) or (m if axis.choices else axis.low))
        assert asked == ["adapt", key]


def test_optimism_is_the_difference_and_widens_with_either_interval() -> None:
    def made(value: float, low: float, high: float) -> Estimate:
        return Estimate(value=value, low=low, high=high, n=50, n_patients=50, method="made up")

    sure, unsure = made(0.8, 0.79, 0.81), made(0.8, 0.6, 0.95)
    narrow, wide = (optimism(made(0.9, 0.88, 0.92), one) for one in (sure, unsure))
    assert isinstance(narrow, Estimate)
    assert isinstance(wide, Estimate)
    assert narrow.value == pytest.approx(0.1)
    assert narrow.low == pytest.approx(0.1 - (0.02**2 + 0.01**2) ** 0.5)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert isinstance(optimism(Undefined(reason="few"), sure), Undefined)


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("relate", {"entities": "marked", "label": "pairs"}),
        ("pair", {"text_b": "note", "label": "label"}),
    ],
)
def test_a_second_text_or_the_entities_under_any_name_reach_every_trial(
    head: str, columns: dict[str, str], tmp_path: Path
) -> None:
    data = {"train": "none", "patient": "patient", **columns}
    rows = rows_for(Recipe.from_dict({"data": data, "fit": {"head": head}}), 120)
    table = write_rows(tmp_path / "rows.jsonl", rows)
    named = [word for name, column in columns.items() for word in (f"--{name.replace('_', '-')}", column)]
    done = told(*words_for(table, tmp_path), "--head", head, *named, "--trials", "1")
    assert done["head"] == head
    assert sum(done["rows"].values()) == 120
    assert "value" in done["honest"]
