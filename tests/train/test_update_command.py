"""`bedside update`: corrections are learnt beside old rows, judged on rows kept apart, refused where they harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fit_rows import rows_of, write_rows

from bedside.commands._call import call
from bedside.errors import ModelError, UsageError
from bedside.model.folder import open_model
from bedside.receipt import file_sha256
from bedside.train.update import judges, mix

FIT = ("--backbone", "echo", "--epochs", "4", "--set", "learning_rate=1e-3", "--identity", "absent", "made up")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("update")
    write_rows(folder / "train.jsonl", rows_of(360))
    call("fit", str(folder / "train.jsonl"), "-o", str(folder / "M"), "--patient", "patient", "--json", *FIT)
    return folder


def _corrections(path: Path, label: str, word: str, count: int = 60) -> Path:
    rows = [
        {"id": f"c{n}", "patient": f"q{n}", "text": f"{word} {n % 50} {word}", "label": label, "review": {"by": "ann"}}
        for n in range(count)
    ]
    return write_rows(path, rows)


def _update(model: Path, rows: Path, out: Path, *words: str) -> dict[str, Any]:
    _, told = call("update", str(model), str(rows), "-o", str(out), "--json", *words)
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def test_corrections_are_learnt_and_the_old_task_is_kept(fitted: Path, tmp_path: Path) -> None:
    rows = _corrections(tmp_path / "rows.jsonl", "gut", "皮疹")
    told = _update(fitted / "M", rows, tmp_path / "N", "--epochs", "6")
    old, corrected = told["judged"]["old"], told["judged"]["corrected"]
    assert old["after"]["value"] >= old["before"]["value"] - 0.01
    assert corrected["after"]["value"] > corrected["before"]["value"]
    assert (told["rows"]["replayed"], old["rows"]) == (324, 18)
    new = open_model(tmp_path / "N")
    assert new.predict(["皮疹 皮疹"])[0].label == "gut"
    assert new.receipt["updated_from"]["updated_from"] == str(fitted / "M")
    assert file_sha256(rows) in new.receipt["data_sha256"].values()
    assert new.recipe["data"] == open_model(fitted / "M").recipe["data"]
    assert "Fitted further" in new.cards["en"]
    assert "继续训练" in new.cards["zh"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["N", "rows.jsonl"]


def test_an_update_that_harms_the_old_task_is_refused_and_nothing_is_written(fitted: Path, tmp_path: Path) -> None:
    wrong = write_rows(
        tmp_path / "wrong.jsonl",
        [{"patient": f"q{n}", "text": f"chest pain {n}", "label": "gut"} for n in range(300)],
    )
    with pytest.raises(ModelError, match="costs more than the tolerance") as fault:
        _update(fitted / "M", wrong, tmp_path / "N", "--epochs", "4")
    assert "macro_f1" in str(fault.value)
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.jsonl"]


def test_what_judges_an_update_was_learnt_by_none_so_far(fitted: Path, tmp_path: Path) -> None:
    first = _corrections(tmp_path / "first.jsonl", "gut", "皮疹", count=20)
    both = _corrections(tmp_path / "both.jsonl", "gut", "皮疹", count=60)
    model, train = open_model(fitted / "M"), fitted / "train.jsonl"
    one, two = mix(model, train, [first]), mix(model, train, [first, both])
    assert two.new.texts
    assert not {*two.new.texts} & {*one.nested.learn.texts, *two.nested.learn.texts}
    assert one.nested.honest.texts == two.nested.honest.texts
    assert any(judges(patient) for patient in two.new.patients)


def test_a_second_update_remembers_the_corrections_of_the_first(fitted: Path, tmp_path: Path) -> None:
    first = _corrections(tmp_path / "first.jsonl", "gut", "皮疹")
    second = _corrections(tmp_path / "second.jsonl", "neuro", "眩晕")
    _update(fitted / "M", first, tmp_path / "N", "--tolerance", "1")
    told = _update(tmp_path / "N", second, tmp_path / "O", "--tolerance", "1")
    assert told["corrections"] == [str(first), str(second)]
    first.write_text("")
    with pytest.raises(UsageError, match="gone or changed"):
        _update(tmp_path / "O", second, tmp_path / "P")


def test_without_the_training_table_it_would_forget_and_refuses(fitted: Path, tmp_path: Path) -> None:
    rows = _corrections(tmp_path / "rows.jsonl", "gut", "皮疹")
    other = write_rows(tmp_path / "other.jsonl", rows_of(30))
    with pytest.raises(UsageError, match="gone or changed"):
        _update(fitted / "M", rows, tmp_path / "N", "--train", str(other))
