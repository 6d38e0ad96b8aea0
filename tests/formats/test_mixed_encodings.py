"""Two exports joined into one file: each line is read in its own encoding, or refused by its number, never guessed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bedside.errors import FormatError
from bedside.formats import text as notes
from bedside.formats._base import Problem, ReadOptions
from bedside.formats._choose import read_any
from bedside.formats._tables import read_rows
from bedside.types import RawChart

HEADACHE = "患者张伟，头痛三天"
NO_HEADACHE = "患者李娜，否认头痛"


def row(key: str, text: str) -> str:
    return f'{{"id":"{key}","text":"{text}"}}\n'


def texts(folder: Path, data: bytes, name: str = "joined.jsonl") -> tuple[list[str], list[Problem]]:
    path, problems = folder / name, list[Problem]()
    path.write_bytes(data)
    return [row["text"] for _, row in read_rows(path, on_problem=problems.append)], problems


@pytest.mark.parametrize("first", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_half_utf_8_and_half_gb18030_is_read_line_by_line(tmp_path: Path, first: str) -> None:
    second = "utf-8" if first == "gb18030" else "gb18030"
    data = row("a", HEADACHE).encode(first) + row("b", NO_HEADACHE).encode(second)
    found, problems = texts(tmp_path, data)
    assert found == [HEADACHE, NO_HEADACHE]
    assert len(problems) == 1


def test_a_table_of_two_encodings_keeps_names_that_can_be_found(tmp_path: Path) -> None:
    data = f"id,text\n1,{HEADACHE}\n".encode() + f"2,{NO_HEADACHE}\n".encode("gb18030")
    found, problems = texts(tmp_path, data, "joined.csv")
    assert found == [HEADACHE, NO_HEADACHE]
    assert [problem.place for problem in problems] == ["line 3"]


def test_a_note_of_two_encodings_is_read_by_line_too(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(f"主诉：{HEADACHE}\n".encode("gb18030") + f"现病史：{NO_HEADACHE}\n".encode())
    found = list(notes.FORMAT.read(path, ReadOptions()))
    (chart,) = (one for one in found if isinstance(one, RawChart))
    assert chart.entries[0].text == f"主诉：{HEADACHE}\n现病史：{NO_HEADACHE}"
    assert any(isinstance(one, Problem) for one in found)


def test_a_line_of_neither_encoding_is_refused_by_its_number_and_the_rest_is_kept(tmp_path: Path) -> None:
    torn = row("b", "王小明").encode("gb18030").replace("小".encode("gb18030"), b"\xff\xfe\xfd")
    found, problems = texts(tmp_path, row("a", HEADACHE).encode() + torn + row("c", NO_HEADACHE).encode())
    assert found == [HEADACHE, NO_HEADACHE]
    assert "line 2" in [problem.place for problem in problems]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_with_damaged_bytes_is_never_passed_on_in_a_western_code_page(tmp_path: Path, encoding: str) -> None:
    for cut in range(1, 4):
        torn = row("a", HEADACHE).encode(encoding).replace("三".encode(encoding), b"\xff" * cut)
        found, problems = texts(tmp_path, torn + row("b", NO_HEADACHE).encode(encoding))
        assert found[-1] == NO_HEADACHE
        assert all("张伟" in text for text in found[:-1])
        assert problems


def test_western_accents_alone_are_still_read_as_such_with_the_doubt_told(tmp_path: Path) -> None:
    spoken = "Fièvre élevée à l'entrée, 38.5 °C"
    found, problems = texts(tmp_path, (row("a", spoken) + row("b", "no fever")).encode("cp1252"))
    assert found == [spoken, "no fever"]
    assert [problem.place for problem in problems] == ["whole file"]


def test_a_header_that_cannot_be_read_refuses_the_table(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        texts(tmp_path, b"id,\xff\xfe\xfd\xfc\n" + f"1,{HEADACHE}\n".encode(), "t.csv")


@pytest.mark.parametrize("name", ["bin.txt", "bin.csv", "bin.jsonl", "bin"])
def test_binary_content_is_no_chart_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(random.Random(7).randbytes(1000))
    with pytest.raises(FormatError):
        list(read_any(tmp_path / name, ReadOptions()))


def test_a_long_gb18030_export_stays_sure_and_silent(tmp_path: Path) -> None:
    data = "".join(row(str(n), NO_HEADACHE) for n in range(200)).encode("gb18030")
    assert texts(tmp_path, data) == ([NO_HEADACHE] * 200, [])
