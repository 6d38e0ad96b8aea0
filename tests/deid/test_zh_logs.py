"""Chinese logs, years, nicknames and aliases; a title without a name is nobody."""

from __future__ import annotations

import pytest

from bedside.deid import find
from bedside.deid.recognisers.chinese import recognise_zh


@pytest.mark.parametrize("text", ["主任查房后同意出院。", "医生说没什么事了。", "后来转阴了，那医生说不用吃药。"])
def test_a_title_without_a_name_is_nobody(text: str) -> None:
    assert find(text) == []


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
    assert sorted({text[c.start : c.end] for c in recognise_zh(text)}) == found
