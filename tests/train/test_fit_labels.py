"""What counts as a label when a model is fitted, and what a fit says of labels it cannot measure."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fit_rows import recipe_for, rows_of, write_rows

from bedside.commands._call import call
from bedside.errors import BedsideError, DataError
from bedside.train.data import read_parts

ABSENT = ("--identity", "absent", "made up")
QUICK = ("--backbone", "echo", "--epochs", "1", "--set", "learning_rate=1e-3", "--set", "precision=fp32")


def fitted(folder: Path, rows: list[dict[str, object]], *words: str) -> tuple[int, str]:
    data = write_rows(folder / "notes.jsonl", rows)
    return call("fit", str(data), "-o", str(folder / "M"), *ABSENT, *QUICK, *words)


def test_what_a_table_writes_for_a_missing_label_is_no_class(tmp_path: Path) -> None:
    rows = rows_of(60)
    for row, blank in zip(rows, ("NaN", "NA", " n/a ", "null"), strict=False):
        row["label"] = blank
    code, heard = fitted(tmp_path, rows, "--json")
    told = json.loads(heard.splitlines()[-1])
    assert (code, told["refused"], told["labels"]) == (3, 4, 3)


def test_a_label_that_is_the_word_none_is_one(tmp_path: Path) -> None:
    rows = [{**row, "label": "none" if row["label"] == "benign" else row["label"]} for row in rows_of(60)]
    code, heard = fitted(tmp_path, rows, "--json")
    assert (code, json.loads(heard.splitlines()[-1])["labels"]) == (0, len({row["label"] for row in rows}))


def test_a_column_where_every_row_has_its_own_label_is_refused(tmp_path: Path) -> None:
    rows = [{**row, "label": f"MRN{number}"} for number, row in enumerate(rows_of(30))]
    with pytest.raises(DataError, match="one row only"):
        fitted(tmp_path, rows)


def test_a_label_that_no_tuning_row_bears_is_told_as_not_measured(tmp_path: Path) -> None:
    rows = rows_of(60)
    code, heard = fitted(tmp_path, [*rows, {**rows[0], "patient": "lone", "label": "sarcoid"}])
    assert code == 0
    assert re.search(r"of 4 labels [12] in no tuning row", heard)  # the lone row is learnt from, not tuned on
    assert "epoch 1 is kept" in heard


def test_rows_left_out_are_counted(tmp_path: Path) -> None:
    _, one = fitted(tmp_path, [*rows_of(60), {"patient": "x", "text": "", "label": "gut"}])
    assert "left out, or read with a doubt: 1\n" in one
    (tmp_path / "two").mkdir()
    _, two = fitted(tmp_path / "two", [*rows_of(60), *[{"patient": "x", "text": "", "label": "gut"}] * 2])
    assert "left out, or read with a doubt: 2\n" in two


def test_rows_that_hold_no_entities_are_shown_beside_the_error_they_led_to(tmp_path: Path) -> None:
    pair = [{"head": 0, "tail": 1, "type": "effect"}]
    wrong = [{"patient": f"p{n}", "text": "aspirin 胃溃疡", "label": [] if n % 2 else pair} for n in range(8)]
    with pytest.raises(DataError, match="4 rows could not be used; the first: line 1") as told:
        read_parts(recipe_for(write_rows(tmp_path / "ddi.jsonl", wrong), head="tag"))
    assert "nothing to tell apart" in str(told.value)
    alike = write_rows(tmp_path / "alike.jsonl", [{**row, "label": "gut"} for row in rows_of(8)])
    with pytest.raises(DataError, match="--label label") as plain:
        read_parts(recipe_for(alike))
    assert "could not be used" not in str(plain.value)


def test_a_pretraining_that_is_refused_does_not_stand_in_the_way_of_the_right_command(tmp_path: Path) -> None:
    corpus = tmp_path / "notes.txt"
    corpus.write_text("No fever today. Cough for three days.\n\n" * 40, encoding="utf-8")
    words = ("pretrain", str(corpus), "-o", str(tmp_path / "B"), *ABSENT)
    with pytest.raises(BedsideError):
        call(*words, "--objective", "clm", "--backbone", "echo")
    assert not list(tmp_path.glob(".*pretraining"))


@pytest.mark.parametrize("verb", ["fit", "crossval", "tune"])
def test_a_setting_of_the_data_is_one_for_every_command_that_fits(tmp_path: Path, verb: str) -> None:
    from bedside.commands._fit.recipe import recipe_of

    data = write_rows(tmp_path / "notes.jsonl", rows_of(30))
    recipe = recipe_of(data, {"text": None, "label": "label"}, {"epochs": 1}, ["data.top=3", "write.beams=2"])
    assert (recipe.data.top, recipe.data.text, recipe.fit.epochs, recipe.fit.write.beams) == (3, "text", 1, 2)
    with pytest.raises(BedsideError, match="nonsense"):
        call(verb, str(data), *(() if verb == "crossval" else ("-o", str(tmp_path / "M"))), "--set", "data.nonsense=1")
