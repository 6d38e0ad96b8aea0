"""`bedside fit`, `bedside predict` and `bedside backbones` as a shell sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fit_rows import rows_of, write_rows

from bedside.commands._call import call
from bedside.errors import ConfigError, UsageError

ABSENT = ("--identity", "absent", "made up")
QUICK = ("--backbone", "echo", "--epochs", "2", "--set", "learning_rate=1e-3", "--set", "precision=fp32")


@pytest.fixture
def model(notes: Path, tmp_path: Path) -> Path:
    code, _ = call("fit", str(notes), "-o", str(tmp_path / "M"), "--patient", "patient", *ABSENT, *QUICK)
    assert code == 0
    return tmp_path / "M"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_fit_ends_with_a_figure_its_interval_and_the_next_command(tmp_path: Path) -> None:
    many = write_rows(tmp_path / "many.jsonl", rows_of(900))
    _, heard = call("fit", str(many), "-o", str(tmp_path / "M"), "--patient", "patient", *ABSENT, *QUICK)
    assert re.search(r"macro_f1 on the tuning part: [01]\.\d+ \[0\.\d+, 1?0?\.\d+\] \(n 90, 30 patients\)", heard)
    assert "bedside evaluate" in heard
    assert "a clinician decides" in heard


def test_without_a_patient_column_rows_are_not_called_patients(tmp_path: Path) -> None:
    many = write_rows(tmp_path / "many.jsonl", rows_of(300))
    _, heard = call("fit", str(many), "-o", str(tmp_path / "M"), *ABSENT, *QUICK)
    assert re.search(r"\(n 30 rows, patients not named\)", heard)
    assert "30 patients" not in heard
    assert re.search(r"of the 30 tuning texts \d+ in the training part too", heard)


def test_too_few_patients_give_no_figure_and_say_why(notes: Path, tmp_path: Path) -> None:
    _, heard = call("fit", str(notes), "-o", str(tmp_path / "M"), "--patient", "patient", *ABSENT, *QUICK)
    assert "macro_f1 on the tuning part: undefined (" in heard


def test_fit_as_json_is_one_object(tmp_path: Path) -> None:
    many = write_rows(tmp_path / "many.jsonl", rows_of(300))
    _, heard = call("fit", str(many), "-o", str(tmp_path / "M"), *ABSENT, *QUICK, "--json")
    told = json.loads(heard.splitlines()[-1])
    assert told["head"] == "classify"
    assert set(told["dev"]["macro_f1"]) >= {"value", "low", "high", "n", "n_patients"}


def test_fit_with_rows_left_out_is_done_in_part(tmp_path: Path) -> None:
    rows = [*rows_of(60), {"patient": "z", "text": "", "label": "gut"}]
    path = write_rows(tmp_path / "n.jsonl", rows)
    code, heard = call("fit", str(path), "-o", str(tmp_path / "M"), *ABSENT, *QUICK)
    assert code == 3
    assert "line 61: no text" in heard


def test_a_recipe_is_read_and_a_flag_beats_it(notes: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text(
        '[data]\ntrain = "notes.jsonl"\nidentity = "absent"\nidentity_reason = "made up"\n'
        '[fit]\nbackbone = "echo"\nepochs = 9\nprecision = "fp32"\n'
    )
    _, heard = call("fit", str(recipe), "-o", str(tmp_path / "M"), "--epochs", "1", "--json")
    assert len(json.loads(heard.splitlines()[-1])["history"]) == 1


def test_settings_that_do_not_exist_are_refused_before_anything_runs(notes: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"fit\.learning_speed"):
        call("fit", str(notes), "-o", str(tmp_path / "M"), "--set", "learning_speed=1")
    with pytest.raises(UsageError, match="KEY=VALUE"):
        call("fit", str(notes), "-o", str(tmp_path / "M"), "--set", "learning_rate")


def test_predict_keeps_order_answers_each_row_and_tells_of_those_it_cannot(model: Path, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "chest pain"}, {"id": "b", "text": " "}, {"id": "c", "text": "头痛"}]
    code, _ = call("predict", str(model), str(write_rows(tmp_path / "d.jsonl", rows)), "-o", str(tmp_path / "o.jsonl"))
    first, second, third = lines(tmp_path / "o.jsonl")
    assert code == 3
    assert [row["id"] for row in (first, second, third)] == ["a", "b", "c"]
    assert sum(first["probabilities"].values()) == pytest.approx(1)
    assert first["label"] in first["probabilities"]
    assert second == {"id": "b", "error": "no text"}


def test_predict_goes_on_after_a_kill_and_never_writes_over_unasked(model: Path, tmp_path: Path) -> None:
    data = write_rows(tmp_path / "d.jsonl", [{"id": i, "text": "chest pain"} for i in range(5)])
    out = tmp_path / "o.jsonl"
    call("predict", str(model), str(data), "-o", str(out))
    whole = out.read_text()
    with pytest.raises(UsageError, match="--resume"):
        call("predict", str(model), str(data), "-o", str(out))
    out.write_text(whole[: len(whole) // 2])
    _, heard = call("predict", str(model), str(data), "-o", str(out), "--resume", "--json")
    assert [row["id"] for row in lines(out)] == ["0", "1", "2", "3", "4"]
    assert json.loads(heard)["skipped"] == 2


@pytest.mark.parametrize("text", ["chest pain", "胸痛"])
def test_one_text_is_answered_for_people_and_for_programs(model: Path, text: str) -> None:
    _, told = call("predict", str(model), "--text-value", text)
    assert "a clinician decides" in told
    code, heard = call("predict", str(model), "--text-value", text, "--json")
    assert code == 0
    assert set(json.loads(heard)) == {"id", "label", "probabilities"}


def test_predict_wants_a_table_or_a_text(model: Path) -> None:
    with pytest.raises(UsageError, match="table or"):
        call("predict", str(model))


def test_backbones_are_listed_with_licence_and_state() -> None:
    _, heard = call("backbones", "--json")
    listed = {row["name"]: row for row in json.loads(heard)["backbones"]}
    assert listed["echo"]["installed"]
    assert all(row["licence"] for row in listed.values())
