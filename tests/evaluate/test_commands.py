"""`bedside evaluate` and `bedside crossval` as a user types them, on a small model fitted here."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bedside.cli import build
from bedside.errors import BedsideError, ColumnError, UsageError

ABSENT = ["denies chest pain", "no fever", "lungs clear", "没有胸痛"]
PRESENT = ["chest pain since Monday", "fever at night", "cough with sputum", "胸痛三天"]


def write(path: Path, rows: int, *, first: int = 0, labels: tuple[str, str] = ("absent", "present")) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["text", "label", "patient", "sex"])
        for i in range(rows):
            words = (ABSENT if i % 2 == 0 else PRESENT)[i // 2 % 4]
            table.writerow([f"{words}, visit {i + first}", labels[i % 2], f"p{(i + first) // 2}", "FM"[i % 3 == 0]])
    return path


def bedside(*words: object) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(build(), [*map(str, words), "--json"], catch_exceptions=True)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fit")
    train = write(folder / "train.csv", 80)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEDSIDE_HOME", str(folder / "home"))
        columns = ["--text", "text", "--label", "label", "--patient", "patient", "--identity", "absent", "made up here"]
        how = ["--backbone", "echo", "--epochs", "1"]
        done = CliRunner().invoke(build(), ["fit", str(train), *columns, *how, "-o", str(folder / "model")])
        assert done.exit_code == 0, done.output
    return folder / "model"


def test_evaluate_keeps_its_contract(model: Path, tmp_path: Path) -> None:
    data, report = write(tmp_path / "test.csv", 40, first=1000), tmp_path / "r.html"
    code, found = bedside("evaluate", model, data, "--subgroup", "sex", "--report", report)
    assert code == 0
    assert (found["n"], found["n_patients"]) == (40, 20)
    estimate = found["metrics"]["macro_f1"]
    assert set(estimate) == {"value", "low", "high", "level", "n", "n_patients", "method", "seed"}
    assert set(found["baselines"]) == {"chance", "majority", "tfidf"}
    assert found["baselines"]["tfidf"]["accuracy"]["value"] > 0.9
    assert found["comparison"]["tfidf"]["accuracy"]["p"] <= 1
    assert set(found["subgroups"]["sex"]) == {"F", "M"}
    assert ", visit 10" in report.read_text(encoding="utf-8")  # of the rows that the model got wrong


def test_a_report_goes_into_a_folder_made_for_it_and_never_over_the_data(model: Path, tmp_path: Path) -> None:
    data, report = write(tmp_path / "test.csv", 40, first=1000), tmp_path / "2026" / "胸科" / "r.html"
    bedside("evaluate", model, data, "--report", report)
    assert ", visit 10" in report.read_text(encoding="utf-8")  # of the rows that the model got wrong
    rows, train = data.read_bytes(), model.parent / "train.csv"
    for wrong, why in ((tmp_path, "a folder stands"), (data, "named twice"), (train, "named twice")):
        with pytest.raises(UsageError, match=why):
            bedside("evaluate", model, data, "--train", train, "--report", wrong)
    assert data.read_bytes() == rows


def test_an_explanation_goes_into_a_folder_made_for_it_and_never_over_the_note(model: Path, tmp_path: Path) -> None:
    note, page = tmp_path / "note.txt", tmp_path / "pages" / "p.html"
    note.write_text("chest pain since Monday", encoding="utf-8")
    bedside("explain", model, "--file", note, "--html", page)
    assert "pain" in page.read_text(encoding="utf-8")
    weights = model / "head.safetensors"
    before = weights.read_bytes()
    for wrong, why in ((tmp_path, "a folder stands"), (note, "named twice"), (weights, "named twice")):
        with pytest.raises(UsageError, match=why):
            bedside("explain", model, "--file", note, "--html", wrong)
    assert note.read_text(encoding="utf-8") == "chest pain since Monday"
    assert weights.read_bytes() == before


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_note_is_explained_in_whatever_encoding_it_was_saved(model: Path, tmp_path: Path, encoding: str) -> None:
    note = tmp_path / "note.txt"
    note.write_text("患者胸痛三天，无发热", encoding=encoding)
    assert bedside("explain", model, "--file", note)[1]["text"] == "患者胸痛三天，无发热"
    with pytest.raises(UsageError, match="no such file"):
        bedside("explain", model, "--file", tmp_path / "none.txt")


def test_the_quickstart_refuses_a_file_where_its_folder_should_go(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", 2)
    with pytest.raises(UsageError, match=r"a file stands where the folder should go: .*t\.csv"):
        bedside("quickstart", "--out", table)


def test_texts_stay_out_of_the_report_when_asked(model: Path, tmp_path: Path) -> None:
    data, report = write(tmp_path / "test.csv", 40, first=1000), tmp_path / "r.html"
    bedside("evaluate", model, data, "--no-texts", "--report", report)
    assert "chest pain" not in report.read_text(encoding="utf-8")


def test_unknown_labels_and_unusable_rows_end_with_3_and_nothing_is_dropped(model: Path, tmp_path: Path) -> None:
    data = write(tmp_path / "test.csv", 40, first=1000, labels=("absent", "perhaps"))
    with data.open("a", encoding="utf-8") as out:
        out.write("no label here,,p9,F\n")
    code, found = bedside("evaluate", model, data)
    assert code == 3
    assert found["unknown_labels"] == {"perhaps": 20}
    assert found["n"] == 40
    assert len(found["refused"]) == 1
    assert found["metrics"]["accuracy"]["value"] <= 0.5


def test_a_changed_training_file_gives_no_baselines_and_says_why(model: Path, tmp_path: Path) -> None:
    train = model.parent / "train.csv"
    kept = train.read_bytes()
    data = write(tmp_path / "test.csv", 40, first=1000)
    try:
        train.write_bytes(kept + b"one more,absent,p1,F\r\n")
        _, found = bedside("evaluate", model, data)
    finally:
        train.write_bytes(kept)
    assert found["baselines"]["tfidf"]["accuracy"]["reason"] == "the training part is not at hand"
    assert any("has changed" in note for note in found["notes"])


def test_testing_on_the_training_part_is_called_a_leak(model: Path, tmp_path: Path) -> None:
    _, leaking = bedside("evaluate", model, model.parent / "train.csv")
    _, clean = bedside("evaluate", model, write(tmp_path / "test.csv", 40, first=1000))
    assert any(note.startswith("LEAK: 40 patients") for note in leaking["notes"])
    assert not any(note.startswith("LEAK") for note in clean["notes"])


def test_without_a_patient_column_each_row_stands_for_itself_and_that_is_said(model: Path, tmp_path: Path) -> None:
    code, found = bedside("evaluate", model, write(tmp_path / "test.csv", 40, first=1000), "--patient", "")
    assert code == 0
    assert (found["n_patients"], found["clustered"]) == (40, False)
    assert any("No patient column" in note for note in found["notes"])


def test_a_column_that_is_not_there_is_named(model: Path, tmp_path: Path) -> None:
    data = write(tmp_path / "test.csv", 20, first=1000)
    with pytest.raises(ColumnError, match="ward"):
        bedside("evaluate", model, data, "--subgroup", "ward")


@pytest.mark.parametrize("words", [["crossval", "no.csv"], ["tune", "no.csv", "-o", "S"], ["compress", "M", "-o", "C"]])
def test_a_report_that_cannot_be_written_is_refused_before_any_work(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.html").mkdir()
    with pytest.raises(UsageError, match="a folder stands where the file should go"):
        bedside(*words, "--report", "r.html")


def test_crossval_answers_every_row_once_and_leaves_no_text_behind(tmp_path: Path, home: Path) -> None:
    data = write(tmp_path / "all.csv", 60)
    data.write_text(data.read_text("utf-8") + "seen again,,p99,F\n", encoding="utf-8")
    words = ["--patient", "patient", "--folds", "3", "--backbone", "echo", "--epochs", "1"]
    code, found = bedside("crossval", data, *words, "--identity", "absent", "made up here")
    assert code == 3
    assert found["notes"] == ["1 row could not be used; the first: line 62: no label; left out"]
    assert (found["n"], found["n_patients"], len(found["folds"])) == (60, 30, 3)
    assert sum(fold["accuracy"]["n"] for fold in found["folds"]) == 60
    assert set(found["baselines"]) == {"chance", "majority", "tfidf"}
    assert list((home / "work").iterdir()) == []


def test_a_fold_that_cannot_be_learnt_from_is_named_by_the_table_and_its_number(tmp_path: Path) -> None:
    data = write(tmp_path / "two.csv", 2)
    with pytest.raises(BedsideError, match=r"two without fold 1\.jsonl: there is nothing to tell apart"):
        bedside("crossval", data, "--folds", "2", "--backbone", "echo", "--epochs", "1")


@pytest.mark.parametrize(("words", "seed"), [((), 7), (("--seed", 3), 3)])
def test_crossval_keeps_the_seed_of_its_recipe_unless_another_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], seed: int
) -> None:
    write(tmp_path / "all.csv", 8)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[data]\ntrain = "all.csv"\n[fit]\nbackbone = "echo"\nseed = 7\n', encoding="utf-8")
    asked = []

    def stop(chosen: Any, *_: Any, **__: Any) -> None:
        asked.append(chosen.fit.seed)
        raise UsageError("far enough")

    monkeypatch.setattr("bedside.commands._evaluate.folds.cross_validate", stop)
    with pytest.raises(UsageError, match="far enough"):
        bedside("crossval", recipe, *words)
    assert asked == [seed]
