"""Tables as hospitals really export them: rows come through with their place, and nothing is lost in silence."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import ColumnError, FormatError
from bedside.formats._base import Problem, ReadOptions
from bedside.formats._tables import cell_text, column_text, read_rows
from bedside.formats._tables.delimited import MAX_RECORD_LINES
from bedside.formats._tables.when import loose_time
from bedside.formats.table import read
from bedside.types import RawChart


def rows_of(path: Path, **options: str) -> tuple[list[dict], list[Problem]]:
    problems: list[Problem] = []
    return [row for _, row in read_rows(path, on_problem=problems.append, **options)], problems


def table(folder: Path, text: str, name: str = "notes.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def pieces(path: Path, **options: object) -> tuple[list[RawChart], list[Problem]]:
    found = list(read(path, ReadOptions(**options)))
    return [x for x in found if isinstance(x, RawChart)], [x for x in found if isinstance(x, Problem)]


def test_a_clean_table_raises_no_doubt_and_names_each_line(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text\n1,denies chest pain\n2,chest pain since Monday\n")
    assert [place for place, _ in read_rows(path)] == ["line 2", "line 3"]
    assert rows_of(path)[1] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("cut", [",", "\t", ";", "|"])
def test_chinese_comes_through_in_every_encoding_and_delimiter(tmp_path: Path, encoding: str, cut: str) -> None:
    path = table(tmp_path, f"住院号{cut}主诉\n0012{cut}胸痛三天\n0013{cut}否认胸痛\n", "记录.txt", encoding)
    assert rows_of(path)[0] == [{"住院号": "0012", "主诉": "胸痛三天"}, {"住院号": "0013", "主诉": "否认胸痛"}]


def test_the_delimiter_that_a_first_line_tells_spreadsheets_is_taken_and_is_no_header(tmp_path: Path) -> None:
    for first in ("sep=;", '"sep=;"'):
        rows, problems = rows_of(table(tmp_path, f"{first}\nid;text\n1;fever, cough\n"))
        assert (rows, problems) == ([{"id": "1", "text": "fever, cough"}], [])
    assert rows_of(table(tmp_path, "sep=,text\n1,fever\n"))[0] == [{"sep=": "1", "text": "fever"}]


def test_a_short_row_keeps_its_good_cells_and_a_long_row_its_surplus(tmp_path: Path) -> None:
    rows, problems = rows_of(table(tmp_path, "a,b,c\n1,2\n1,2,3,4\n1,2,3\n"))
    assert rows == [
        {"a": "1", "b": "2", "c": None},
        {"a": "1", "b": "2", "c": "3", "column_4": "4"},
        {"a": "1", "b": "2", "c": "3"},
    ]
    assert [problem.place for problem in problems] == ["line 2", "line 3"]


def test_a_stray_quote_costs_one_line_and_a_quoted_note_of_many_lines_none(tmp_path: Path) -> None:
    stray = table(tmp_path, 'id,text\n1,"pain\n' + "".join(f"{n},fine\n" for n in range(2, MAX_RECORD_LINES + 50)))
    rows, problems = rows_of(stray)
    assert len(rows) == MAX_RECORD_LINES + 49
    assert [problem.place for problem in problems] == ["line 2"]
    long = table(tmp_path, 'id,text\n1,"' + "pain\n" * 300 + '"\n2,fine\n')
    rows, problems = rows_of(long)
    assert len(rows) == 2
    assert problems == []


def test_a_quote_left_open_until_another_row_s_quote_does_not_glue_rows(tmp_path: Path) -> None:
    rows, problems = rows_of(table(tmp_path, 'a,b,c\n1,"open,3\n2,"closed",x\n3,e,g\n'))
    assert [row["a"] for row in rows] == ["1", "2", "3"]
    assert len(problems) == 1


def test_bytes_of_another_encoding_spoil_their_line_only(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    good = "".join(f"{n},发热咳嗽三天\n" for n in range(50)).encode()
    path.write_bytes(b"id,text\n" + good + "x,胸痛\n".encode("gb18030") + "y,头痛\n".encode())
    rows, problems = rows_of(path)
    assert len(rows) == 52
    assert rows[-1] == {"id": "y", "text": "头痛"}
    assert "line 52" in [problem.place for problem in problems]


def test_nul_bytes_are_taken_out_and_named(tmp_path: Path) -> None:
    rows, problems = rows_of(table(tmp_path, "a,b\nx\0y,2\n"))
    assert rows == [{"a": "xy", "b": "2"}]
    assert [problem.place for problem in problems] == ["line 2"]


def test_empty_and_double_headers_get_names_of_their_own(tmp_path: Path) -> None:
    rows, problems = rows_of(table(tmp_path, "text,,text\na,b,c\n"))
    assert rows == [{"text": "a", "column_2": "b", "text_2": "c"}]
    assert len(problems) == 2


def test_a_two_megabyte_note_is_one_cell(tmp_path: Path) -> None:
    note = "胸痛。" * 700_000
    assert rows_of(table(tmp_path, f"id,text\n1,{note}\n"))[0][0]["text"] == note


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"a": 1}\n{"a": 2}\n', [1, 2]),
        ('[{"a": 1}, {"a": 2}]', [1, 2]),
        ('[\n {"a": 1},\n {\n  "a": 2\n }\n]\n', [1, 2]),
        ('{\n "a": 1\n}\n{\n "a": 2\n}\n', [1, 2]),
    ],
)
def test_json_rows_however_they_are_laid_out(tmp_path: Path, text: str, wanted: list[int]) -> None:
    rows, problems = rows_of(table(tmp_path, text, "rows.json"))
    assert [row["a"] for row in rows] == wanted
    assert problems == []


def test_a_bad_json_line_is_left_out_by_number_and_its_neighbours_stay(tmp_path: Path) -> None:
    rows, problems = rows_of(table(tmp_path, '{"a": 1}\n{"a": \n[3]\n{"b": "\\ud800"}\n', "rows.jsonl"))
    assert rows == [{"a": 1, "b": None}, {"a": None, "b": "\ufffd"}]
    assert [problem.place for problem in problems] == ["line 2", "line 3", "line 4"]


def test_a_first_row_without_a_note_has_an_empty_cell_where_the_next_rows_have_notes(tmp_path: Path) -> None:
    rows, _ = rows_of(table(tmp_path, '{"id": 1}\n{"id": 2, "note": "无发热"}\n', "rows.jsonl"))
    assert [column_text(row, "note") for row in rows] == ["", "无发热"]
    with pytest.raises(ColumnError):
        column_text(rows[0], "text")


def test_paragraphs_are_one_text_as_a_list_and_as_json_in_a_csv_cell_and_brackets_alone_make_no_list() -> None:
    assert column_text({"contexts": ["No fever.", "无咳嗽。"]}, "contexts") == "No fever.\n无咳嗽。"
    assert column_text({"contexts": '["No fever.", "无咳嗽。"]'}, "contexts") == "No fever.\n无咳嗽。"
    for text in ("[sic] no fever [see above]", "[38.5]", "[]"):
        assert column_text({"contexts": text}, "contexts") == text


def test_an_array_cut_off_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    rows, problems = rows_of(table(tmp_path, '[{"a": 1}, {"a": 2}, {"a": ', "rows.json"))
    assert len(rows) == 2
    assert len(problems) == 1


def workbook(folder: Path, fill: object) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    fill(book)  # type: ignore[operator]
    book.save(folder / "表.xlsx")
    return folder / "表.xlsx"


def test_excel_keeps_typed_ids_and_gives_dates_as_iso(tmp_path: Path) -> None:
    def fill(book: object) -> None:
        book.active.append(["住院号", "时间", "次数"])
        book.active.append(["00123", datetime(2024, 3, 5, 10, 30), 2.0])

    assert rows_of(workbook(tmp_path, fill)) == ([{"住院号": "00123", "时间": "2024-03-05T10:30:00", "次数": 2}], [])


def test_excel_traps_are_named_an_id_as_a_number_an_unsaved_formula_a_merged_cell_a_title(tmp_path: Path) -> None:
    def fill(book: object) -> None:
        sheet = book.active
        for row in (["出院病人一览表"], ["id", "no", "sum"], ["a", 110101199003071234, "=1+1"], ["", 2, 3]):
            sheet.append(row)
        sheet.merge_cells("A3:A4")

    rows, problems = rows_of(workbook(tmp_path, fill))
    assert [row["id"] for row in rows] == ["a", "a"]
    assert len(problems) == 4
    assert any("15" in problem.what for problem in problems)


def test_the_first_sheet_is_read_the_others_are_named_and_a_star_reads_all(tmp_path: Path) -> None:
    def fill(book: object) -> None:
        book.active.append(["a"])
        book.active.append([1])
        second = book.create_sheet("化验")
        second.append(["b"])
        second.append([2])

    path = workbook(tmp_path, fill)
    rows, problems = rows_of(path)
    assert rows == [{"a": 1}]
    assert [problem.place for problem in problems] == ["化验"]
    assert rows_of(path, sheet="*") == ([{"a": 1}, {"b": 2}], [])
    assert rows_of(path, sheet="化验")[0] == [{"b": 2}]
    with pytest.raises(FormatError, match="no such sheet"):
        rows_of(path, sheet="nope")


def test_parquet_reads_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "note [1].parquet"
    duckdb.sql(
        f"COPY (SELECT '胸痛' AS text, DATE '2024-03-05' AS day, 1.50::DECIMAL(9,2) AS x) TO '{path}' (FORMAT parquet)"
    )
    assert rows_of(path)[0] == [{"text": "胸痛", "day": "2024-03-05", "x": 1.5}]
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(FormatError):
        rows_of(path)


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        rows_of(table(tmp_path, ""))
    with pytest.raises(FormatError):
        rows_of(tmp_path / "nowhere.csv")


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


def test_problems_never_carry_what_a_cell_says(tmp_path: Path) -> None:
    path = table(tmp_path, 'mrn,date,value,text\nSECRET1,SECRET2,inf,"SECRET3\nSECRET4,SECRET5\n')
    _, problems = pieces(path)
    assert problems
    assert "SECRET" not in " ".join(problem.place + problem.what for problem in problems)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8))
def test_whatever_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, body: list[list[str]]
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *body])
    path = table(tmp_path_factory.mktemp("csv"), out.getvalue())
    wanted = [dict(zip("abc", cells, strict=True)) for cells in body if any(cell.strip() for cell in cells)]
    rows = rows_of(path, encoding="utf-8")[0]
    assert rows == wanted


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("raw") / "x.csv"
    path.write_bytes(data)
    with contextlib.suppress(FormatError):
        list(read(path, ReadOptions()))


def test_json_rows_equal_csv_rows_of_the_same_table(tmp_path: Path) -> None:
    same = [{"id": "1", "text": "咳嗽"}, {"id": "2", "text": "cough"}]
    lines = table(tmp_path, "\n".join(json.dumps(row) for row in same), "a.jsonl")
    assert rows_of(lines)[0] == rows_of(table(tmp_path, "id,text\n1,咳嗽\n2,cough\n"))[0] == same


@pytest.mark.parametrize("broken", ["{oops", '{"a": 1,,}', "plain words", '"a word"]'])
def test_a_broken_first_line_costs_only_itself(tmp_path: Path, broken: str) -> None:
    rows, problems = rows_of(table(tmp_path, broken + '\n{"a": "Mr. John Brown"}\n{"a": "hi"}\n', "rows.jsonl"))
    assert [row["a"] for row in rows] == ["Mr. John Brown", "hi"]
    assert [problem.place for problem in problems] == ["line 1"]


def test_a_wrapped_array_of_short_lines_is_still_one_value(tmp_path: Path) -> None:
    rows, _ = rows_of(table(tmp_path, '{"patient": "7", "notes": [\n{"a": 1}\n]\n}\n', "rows.json"))
    assert rows == [{"patient": "7", "notes": [{"a": 1}]}]


def test_a_key_given_twice_and_a_number_beyond_all_bounds_are_told(tmp_path: Path) -> None:
    text = '{"patient": "7", "note": "denies pain", "note": "pain"}\n{"patient": 1e400, "note": "rash"}\n'
    rows, problems = rows_of(table(tmp_path, text, "rows.jsonl"))
    assert [(row["patient"], row["note"]) for row in rows] == [("7", "pain"), ("1e400", "rash")]
    assert [problem.place for problem in problems] == ["line 1", "line 2"]


def test_a_file_without_one_row_says_where_it_broke(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 1"):
        rows_of(table(tmp_path, "{oops\n", "rows.jsonl"))


@pytest.mark.parametrize(("path", "said"), [(".", "folder.*: ./"), ("/dev/null", "not a regular file: /dev/null")])
def test_what_is_no_file_is_called_what_it_is(path: str, said: str) -> None:
    with pytest.raises(FormatError) as refusal:
        rows_of(Path(path))
    assert re.search(said, str(refusal.value))
