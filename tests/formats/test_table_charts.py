"""Rows of a table as charts: columns by name, cells as text, dates as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from _table_files import pieces, table

from bedside.errors import ColumnError
from bedside.formats._tables import cell_text, column_text
from bedside.formats._tables.when import loose_time


def test_columns_join_by_plus_and_a_missing_one_lists_those_there_are() -> None:
    row = {"title": "Knee", "question": "It hurts.", "a+b": "both"}
    assert column_text(row, "title + question") == "Knee\nIt hurts."
    assert column_text(row, "a+b") == "both"
    with pytest.raises(ColumnError) as caught:
        column_text(row, "title+body")
    assert "question" in str(caught.value)
    assert "Knee" not in str(caught.value)


def test_cells_as_text_keep_ids_whole() -> None:
    assert [cell_text(value) for value in (12.0, 1.5, None, float("nan"), "007", ["a", "b"])] == [
        "12",
        "1.5",
        "",
        "",
        "007",
        "a\nb",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-3-5", "2024-03-05"),
        ("2024年3月5日 8时5分", "2024-03-05T08:05:00"),
        ("2024年3月", "2024-03"),
        ("20240305101500", "2024-03-05T10:15:00"),
        ("25/03/2024", "2024-03-25"),
        ("Mar 5, 2024 2:30 pm", "2024-03-05T14:30:00"),
        ("2024-03-05T10:00:00+0800", "2024-03-05T10:00:00+08:00"),
        ("45356", "2024-03-05"),
    ],
)
def test_dates_as_people_write_them(text: str, wanted: str) -> None:
    assert loose_time(text) == (wanted, "")


@pytest.mark.parametrize("text", ["2024-02-30", "2024-13-01", "1024-01-01", "9999-12-31", "31/31/2024"])
def test_impossible_dates_are_never_bent_into_possible_ones(text: str) -> None:
    assert loose_time(text) == (None, "impossible")


def test_a_row_becomes_entries_and_identity_and_no_column_is_lost(tmp_path: Path) -> None:
    path = table(
        tmp_path, "住院号,姓名,性别,日期,病历内容,电话,体重\n0012,王小明,男,2024/3/5,胸痛三天,13800138000,60.5\n"
    )
    notes: list[str] = []
    (chart,), problems = pieces(path, on_note=notes.append)
    assert problems == []
    assert (chart.patient, chart.sex) == ("0012", "male")
    assert {(known.type, known.value) for known in chart.identifiers} == {
        ("NAME", "王小明"),
        ("PHONE", "13800138000"),
        ("ID", "0012"),
    }
    note, weight = chart.entries
    assert (note.kind, note.text, note.time) == ("DocumentReference", "胸痛三天", "2024-03-05")
    assert (weight.kind, weight.value) == ("Observation", 60.5)
    assert "patient=住院号" in notes[0]


def test_a_table_of_results_becomes_observations_and_nan_is_no_value(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "patient_id,date,item,value,unit,code\n7,2024-03-05,Hemoglobin,NaN,g/dL,718-7\n7,2024-02-30,Hemoglobin,13.1,g/dL,718-7\n",
    )
    charts, problems = pieces(path)
    first, second = (chart.entries[0] for chart in charts)
    assert (first.kind, first.value, first.codes[0].system) == ("Observation", None, "http://loinc.org")
    assert (second.value, second.unit, second.time) == (13.1, "g/dL", None)
    assert [problem.place for problem in problems] == ["line 2, value", "line 3, date"]


def test_flags_win_over_guesses_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "主诉,现病史,text\n胸痛,三天,other\n")
    (chart,), _ = pieces(path, columns={"text": "主诉+现病史"})
    assert chart.entries[0].text == "胸痛\n三天"
    with pytest.raises(ColumnError):
        pieces(path, columns={"text": "既往史"})
    with pytest.raises(ColumnError):
        pieces(path, columns={"texte": "主诉"})
