"""The title after a Chinese name stays in the note: the office says nothing of who holds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid import find
from bedside.deid._recogniser import Candidate
from bedside.deid._zh_titles import untitled


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("请尤主任会诊后调药。", "尤"),
        ("邻居戴阿婆来电诉其头晕。", "戴"),
        ("请亓官主任阅片。", "亓官"),
        ("请心内科王建国主任医师会诊。", "王建国"),
    ],
)
def test_a_name_goes_and_its_title_stays(text: str, name: str) -> None:
    assert [text[s.start : s.end] for s in find(text)] == [name]


@pytest.mark.parametrize("text", ["主任查房后同意出院。", "医生说没什么事了。", "后来转阴了，那医生说不用吃药。"])
def test_a_title_without_a_name_is_nobody(text: str) -> None:
    assert find(text) == []


@given(st.text(alphabet="王欧阳建国主任医生先老小阿姨", min_size=1, max_size=8))
def test_what_is_left_of_a_name_is_its_beginning(name: str) -> None:
    left = untitled(name, Candidate(0, len(name), "STAFF", 0.8, ""))
    assert left.start == 0
    assert 0 < left.end <= len(name)
    assert untitled(name, Candidate(0, len(name), "ADDRESS", 0.8, "")).end == len(name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("04:00 痰黄稠，瑞芬5ml/h。dq\n05:20 已告知病情。dq", ["dq"]),
        ("04:00 痰黄稠。\n05:20 已告知病情。", []),
        ("母亲九八年去世。", ["九八年"]),
        ("病程七八年，在外院治疗。", []),
        ("冬至后未打针。", ["冬至"]),
        ("绰号“瘦猴”，有吸毒史。", ["瘦猴"]),
    ],
)
def test_writers_years_and_nicknames_in_chinese_notes(text: str, found: list[str]) -> None:
    from bedside.deid._zh import recognise_zh

    assert sorted({text[c.start : c.end] for c in recognise_zh(text)}) == found
