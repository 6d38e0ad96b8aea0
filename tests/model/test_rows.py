"""Labelled tables: every row is used or told of, with its place and the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.config import DataRecipe, Recipe
from bedside.errors import ColumnError, ConfigError, DataError
from bedside.formats._base import Problem
from bedside.model.reading import read_labelled, read_texts
from bedside.model.rows import Unlabelled


def table(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "notes.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_table_without_the_patients_column_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": "头痛", "label": "a"}, {"text": "发热", "label": "b"}])
    with pytest.raises(ColumnError, match=r"no such column of patients: mrn. Allowed: text, label. Next: --patient"):
        read_labelled(path, DataRecipe(train=path, patient="mrn"))
    assert read_labelled(path, DataRecipe(train=path, patient="")).patients == ["line 1", "line 2"]


def test_rows_without_text_or_label_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        [
            {"text": "chest pain", "label": "cardiology"},
            {"text": "   ", "label": "cardiology"},
            {"text": "头痛", "label": None},
            {"text": "发热", "label": "感染科"},
        ],
    )
    rows = read_labelled(path, DataRecipe(train=path))
    assert rows.texts == ["chest pain", "发热"]
    assert rows.labels == [("cardiology",), ("感染科",)]
    assert [(p.place, p.what) for p in rows.refused] == [
        ("line 2", "no text; left out"),
        ("line 3", "no label; left out"),
    ]


def test_title_and_question_make_one_text(tmp_path: Path) -> None:
    path = table(tmp_path, [{"title": "Knee", "question": "It hurts.", "label": "a"}])
    assert read_labelled(path, DataRecipe(train=path, text="title+question")).texts == ["Knee\nIt hurts."]


def test_lists_and_bars_are_several_labels_and_an_empty_list_is_none_of_them(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        [
            {"text": "a", "label": ["fever", "cough"]},
            {"text": "b", "label": "fever|rash"},
            {"text": "c", "label": []},
        ],
    )
    rows = read_labelled(path, DataRecipe(train=path))
    assert rows.head == "multilabel"
    assert rows.labels == [("fever", "cough"), ("fever", "rash"), ()]
    as_one = read_labelled(table(tmp_path, [{"text": "b", "label": "I|II"}]), DataRecipe(train=path), head="classify")
    assert as_one.labels == [("I|II",)]


def test_a_missing_column_names_those_there_are(tmp_path: Path) -> None:
    path = table(tmp_path, [{"note": "a", "label": "x"}])
    with pytest.raises(ColumnError, match="note, label"):
        read_labelled(path, DataRecipe(train=path))


def test_a_table_of_empty_rows_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": "", "label": "x"}])
    with pytest.raises(DataError, match="no row"):
        read_labelled(path, DataRecipe(train=path))


def test_the_reason_given_is_of_a_row_that_was_lost_not_of_a_doubt_about_another(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "胸痛", "label": null}\n{"text": "no fever", "label": NaN}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 1: no label; left out"):
        read_labelled(path, DataRecipe(train=path))


def test_texts_stream_and_an_empty_one_holds_its_place(tmp_path: Path) -> None:
    path = table(tmp_path, [{"id": 7, "text": "a"}, {"id": None, "text": ""}])
    first, second = read_texts(path, DataRecipe(train=path))
    assert first == Unlabelled("7", "a")
    assert second == Unlabelled("line 2", problem=Problem("line 2", "no text"))


def test_identity_is_stated_absent_only_with_a_reason() -> None:
    data = {"train": "x.csv", "identity": "absent"}
    with pytest.raises(ConfigError, match="identity_reason"):
        Recipe.from_dict({"data": data})
    assert Recipe.from_dict({"data": data | {"identity_reason": "published criteria"}}).data.identity == "absent"


def test_a_list_of_labels_as_json_in_a_cell_is_that_list(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('text,label\na,"[""fever"", ""cough""]"\nb,[]\nc,"[""fever""]"\n', encoding="utf-8")
    rows = read_labelled(path, DataRecipe(train=path))
    assert (rows.head, rows.labels) == ("multilabel", [("fever", "cough"), (), ("fever",)])
