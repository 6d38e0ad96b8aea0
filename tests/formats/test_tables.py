"""Tables as hospitals really export them: rows come through with their place, and nothing is lost in silence."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from pathlib import Path

import pytest
from _table_files import pieces, rows_of, table
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import ColumnError, FormatError
from bedside.formats._base import ReadOptions
from bedside.formats._tables import column_text, read_rows
from bedside.formats._tables.delimited import MAX_RECORD_LINES
from bedside.formats.table import read


def test_a_clean_table_raises_no_doubt_and_names_each_line(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text\n1,denies chest pain\n2,chest pain since Monday\n")
    assert [place for place, _ in read_rows(path)] == ["line 2", "line 3"]
    assert rows_of(path)[1] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("cut", [",", "\t", ";", "|"])
def test_chinese_comes_through_in_every_encoding_and_delimiter(tmp_path: Path, encoding: str, cut: str) -> None:
    path = table(tmp_path, f"住院号{cut}主诉\n0012{cut}胸痛三天\n0013{cut}否认胸痛\n", "记录.txt", encoding)
    assert rows_of(path)[0] == [{"住院号": "0012", "主诉": "胸痛三天"}, {"住院号": "0013", "主诉": "否认胸痛"}]


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


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        rows_of(table(tmp_path, ""))
    with pytest.raises(FormatError):
        rows_of(tmp_path / "nowhere.csv")


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


@pytest.mark.parametrize(
    ("start", "encoding"),
    [
        ('<?xml version="1.0"?><ClinicalDocument/>', "utf-8"),
        ("<!DOCTYPE html><html><p>cough, fever</p></html>", "utf-8-sig"),
        ("<html lang='zh'><p>咳嗽</p></html>\n", "utf-16"),
        ("<Bundle xmlns='http://hl7.org/fhir'/>", "utf-8"),
        ("<note>cough</note>", "utf-8"),
    ],
)
def test_one_line_of_xml_or_html_is_no_empty_table(tmp_path: Path, start: str, encoding: str) -> None:
    with pytest.raises(FormatError, match="bedside import"):
        rows_of(table(tmp_path, start, "export.csv", encoding))


def test_a_header_in_angle_brackets_is_a_table(tmp_path: Path) -> None:
    assert rows_of(table(tmp_path, "<note>,<label>\ncough,1\n"))[0] == [{"<note>": "cough", "<label>": "1"}]
