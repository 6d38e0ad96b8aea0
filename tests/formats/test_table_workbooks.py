"""Tables in Excel and Parquet: typed cells, traps of spreadsheets, several sheets."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from _table_files import rows_of, table

from bedside.errors import FormatError


def test_the_delimiter_that_a_first_line_tells_spreadsheets_is_taken_and_is_no_header(tmp_path: Path) -> None:
    for first in ("sep=;", '"sep=;"'):
        rows, problems = rows_of(table(tmp_path, f"{first}\nid;text\n1;fever, cough\n"))
        assert (rows, problems) == ([{"id": "1", "text": "fever, cough"}], [])
    assert rows_of(table(tmp_path, "sep=,text\n1,fever\n"))[0] == [{"sep=": "1", "text": "fever"}]


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
