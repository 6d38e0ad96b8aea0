"""A file of text is one note of one patient; markup goes, words stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.errors import FormatError
from bedside.formats._base import Problem, ReadOptions
from bedside.formats.text import FORMAT
from bedside.types import RawChart


def note(folder: Path, data: bytes, name: str) -> tuple[RawChart, list[Problem]]:
    path = folder / name
    path.write_bytes(data)
    found = list(FORMAT.read(path, ReadOptions()))
    (chart,) = (x for x in found if isinstance(x, RawChart))
    return chart, [x for x in found if isinstance(x, Problem)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_chinese_note_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    chart, problems = note(tmp_path, "# 出院小结\r\n患者胸痛三天，否认发热。\r\n".encode(encoding), "出院.md")
    assert chart.entries[0].text == "# 出院小结\n患者胸痛三天，否认发热。"
    assert chart.entries[0].kind == "DocumentReference"
    assert problems == []


def test_html_and_rtf_lose_their_markup_and_keep_their_words(tmp_path: Path) -> None:
    html, _ = note(tmp_path, b"<html><script>x()</script><p>Denies <b>chest pain</b>.</p></html>", "a.html")
    assert html.entries[0].text == "Denies chest pain."
    rtf, _ = note(
        tmp_path, rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0 Chest pain\par since \u26143?\u19968? Monday}", "b.rtf"
    )
    assert "Chest pain" in rtf.entries[0].text
    assert "Arial" not in rtf.entries[0].text


def test_two_files_of_one_name_are_two_patients_and_two_copies_are_one(tmp_path: Path) -> None:
    first, _ = note(tmp_path, b"chest pain", "note.txt")
    other, _ = note(tmp_path, b"no chest pain", "note.txt")
    again, _ = note(tmp_path, b"chest pain", "note.txt")
    assert first.patient != other.patient
    assert first == again


def test_damaged_bytes_are_named_and_an_empty_file_is_refused(tmp_path: Path) -> None:
    _, problems = note(tmp_path, "胸痛三天，否认发热".encode() + b"\xff\x00", "a.txt")
    assert len(problems) == 3
    with pytest.raises(FormatError):
        note(tmp_path, b" \n\n", "b.txt")


def test_text_is_claimed_and_binary_is_not() -> None:
    assert FORMAT.sniff(b"chest pain", "note.txt")
    assert FORMAT.sniff(b"chest pain", "README")
    assert not FORMAT.sniff(b"\x00\x01\x02", "blob")
    assert not FORMAT.sniff(b"chest pain", "note.vcf")
