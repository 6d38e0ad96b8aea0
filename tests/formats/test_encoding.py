"""Encodings are told by rule, and a doubt is said aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import FormatError
from bedside.formats._files.encoding import Encoding, checked, detect

NOTE = "患者三天前无明显诱因出现胸痛，否认发热、咳嗽。血红蛋白 120 g/L，建议住院治疗。"


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_a_chinese_note_is_told_for_sure(name: str) -> None:
    assert detect(NOTE.encode(name)) == Encoding(name)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_ascii_in_unmarked_utf_16_is_told_by_its_zeros(name: str) -> None:
    assert detect("id,text\n1,chest pain\n".encode(name)) == Encoding(name)


def test_plain_ascii_is_utf_8_and_western_accents_are_a_guess() -> None:
    assert detect(b"denies chest pain") == Encoding("utf-8")
    found = detect("Patient née le 3 février, fièvre élevée à l'entrée, douleur à l'épaule.".encode("cp1252"))
    assert found == Encoding("cp1252", sure=False)


def test_one_damaged_byte_does_not_turn_utf_8_into_something_else() -> None:
    assert detect(NOTE.encode() + b"\xff" + NOTE.encode()) == Encoding("utf-8", sure=False)


def test_a_sample_cut_in_the_middle_of_a_character_is_no_doubt() -> None:
    assert detect(NOTE.encode()[:-2]) == Encoding("utf-8")
    assert detect(NOTE.encode("gb18030")[:-1]) == Encoding("gb18030")


def test_an_encoding_the_user_names_is_checked() -> None:
    assert checked("GBK") == "gbk"
    with pytest.raises(FormatError):
        checked("klingon")


@given(st.binary(max_size=300))
def test_any_bytes_get_an_encoding_that_can_be_used(data: bytes) -> None:
    data.decode(detect(data).name, "replace")
