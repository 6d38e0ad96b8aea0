"""Chinese dates, ages, numbers and beds, each beside the clinical figure that looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid.lexicon.chinese import fold
from bedside.deid.recognisers.chinese import recognise_zh
from bedside.deid.recognisers.identifiers.chinese import checksum_holds


def found(text: str, kind: str) -> set[str]:
    return {text[c.start : c.end] for c in recognise_zh(text) if c.type == kind}


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("DATE", "于2023年5月6日入院", "2023年5月6日"),
        ("DATE", "二〇二三年五月六日", "二〇二三年五月六日"),
        ("DATE", "于5月行手术", "5月"),
        ("DATE", "去年8月起病", "去年8月"),
        ("DATE", "上周三复查", "上周三"),
        ("AGE_OVER_89", "男，92岁", "92岁"),
        ("AGE_OVER_89", "九十二岁老人", "九十二岁"),
        ("PHONE", "电话：138 0531 2277", "138 0531 2277"),
        ("PHONE", "电话：１３７２８８８６６００", "１３７２８８８６６００"),
        ("PHONE", "010-62345678转8012", "010-62345678转8012"),
        ("ID", "身份证号：110101********1234", "110101********1234"),
        ("ID", "住院号：0023456789", "0023456789"),
        ("ACCOUNT", "工商银行6222021234567890123", "6222021234567890123"),
        ("LICENSE_PLATE", "车牌沪AD12345", "沪AD12345"),
        ("WECHAT/QQ", "微信号：linxy_1994", "linxy_1994"),
        ("BED/ROOM", "6病区08床患者", "6病区08床"),
        ("BED/ROOM", "ICU-3床转出", "ICU-3床"),
    ],
)
def test_identity_in_figures_is_found(kind: str, text: str, shown: str) -> None:
    assert shown in found(text, kind)


@pytest.mark.parametrize(
    "text",
    [
        "3天前起病，术后第2天，10余年病史，每周三透析",
        "88岁，年龄18-90岁者可入组",
        "血压120/80mmHg，疼痛评分5/10，滴度1:320",
        "HBV-DNA 1.2E+05 IU/ml，大小3.5×2.1×1.8cm",
        "孕39+2周，G2P1，pT3N1M0，3-0缝线",
        "卧床3天，床旁超声，床头抬高30度",
        "WBC 14.2×10^9/L，尿量1500ml",
        "符合2014年中国急性脑卒中诊断标准",
    ],
)
def test_clinical_figures_stay(text: str) -> None:
    assert recognise_zh(text) == []


def test_the_check_character_tells_an_identity_number_from_another() -> None:
    assert checksum_holds("11010519491231002X")
    assert not checksum_holds("110105194912310021")


@given(st.text(alphabet=st.sampled_from("患者张伟，。：: 12359年月日床号男医院市区路A*-/·\n"), max_size=200))
def test_offsets_point_into_any_text(text: str) -> None:
    assert len(fold(text)) == len(text)
    for c in recognise_zh(text):
        assert 0 <= c.start < c.end <= len(text)


@pytest.mark.parametrize("piece", ["1", "某", "张", "市", "医院", "王小明、", "1-", " ", "由", "年", "*", "A.", "（"])
def test_a_long_run_of_one_thing_takes_time_in_proportion(piece: str) -> None:
    from time import process_time

    def seconds(times: int) -> float:
        started = process_time()
        recognise_zh("患者" + piece * times)
        return process_time() - started

    seconds(500)
    assert min(seconds(8000) for _ in range(3)) < 40 * max(seconds(1000), 0.005)  # the best: others may disturb
