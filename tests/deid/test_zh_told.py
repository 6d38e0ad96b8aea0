"""Pairs of Chinese sentences as busy hands write them: identity by what stands beside it, and its like that is none."""

from __future__ import annotations

import pytest

from bedside.deid._merge import merge
from bedside.deid._recogniser import Candidate
from bedside.deid.no_identity.dates import is_no_date
from bedside.deid.no_identity.names import is_no_name
from bedside.deid.recognisers.chinese import recognise_zh
from bedside.deid.tagger.checks import possible
from bedside.deid.tagger.joins import CLEAR, joined
from bedside.deid.tagger.tokens import tokens
from bedside.types import IDENTITY_TYPES

NAME, STAFF, ORG = (IDENTITY_TYPES.index(kind) for kind in ("NAME", "STAFF", "ORG"))


def found(text: str) -> set[tuple[str, str]]:
    return {(c.type, text[c.start : c.end]) for c in recognise_zh(text)}


@pytest.mark.parametrize(
    ("kind", "shown", "identity", "clinical"),
    [
        ("NAME", "董事长", "机位2：董事长(绰号)", "机位2：董事长来访"),
        ("NAME", "静水流深", "用户“静水流深”（实名待核）来诊", "用户“静水流深”三字见签名"),
        ("STAFF", "欢于", "夜班 欢于(实习)", "夜班 轮转(实习)"),
        ("STAFF", "资", "送锦旗给 资医生。", "送锦旗给 女医生。"),
        ("NAME", "舒", "问蛇伤：舒姓男子被咬。", "问姓名：男子被咬。"),
        ("NAME", "瓷娃妈", "群主公告\n瓷娃妈:去天津看\n瓷娃妈:打石膏再走", "群主公告\n瓷娃妈要少喝"),
        ("STAFF", "伍", "护理部伍、医务科到场", "护理部门、医务科到场"),
        ("STAFF", "方", "方校医看过", "校医看过"),
        ("DATE", "11 月第 2 周", "填表 11 月第 2 周", "共 11 个月第 2 期"),
        ("DATE", "火把节后第二天", "火把节后第二天清早发现", "术后第二天清早发现"),
        ("DATE", "八号", "上次八号抽的钾五点一", "见八号窗口"),
        ("DATE", "3.15", "发血 3.15\n下一行", "血钾 3.15\n下一行"),
        ("DATE", "10.1", "站台 10.1 18:26 发病", "肌酐 10.1 复查"),
        ("DATE", "09/12(四)", "手术间 09/12(四)", "肌力 9/12 分"),
        ("DATE", "九几年夏天", "他说九几年夏天起过疹", "他说几年前夏天起过疹"),
        ("BED/ROOM", "蓝光 2", "蓝光 2 谭某之子", "蓝光 2 小时"),
        ("BED/ROOM", "宿舍 4-512", "大一，宿舍 4-512。", "大一，宿舍 4 人间。"),
        ("BED/ROOM", "8号间", "送 8号间 手术", "第 8 号染色体"),
        ("HOSPITAL", "开封祥符胸科", "曾在开封祥符胸科拍片", "曾在开封拍胸片"),
        ("HOSPITAL", "嘉善健民急救点", "送嘉善健民急救点。", "送就近急救点。"),
        ("ORG", "长治赛事组委会", "联络人：长治赛事组委会", "联络人：组委会"),
        ("ADDRESS", "斜土路口", "卖菜的，斜土路口", "尿路口径正常"),
        ("ADDRESS", "溆浦", "民政来人，溆浦县籍。", "浦肯野纤维"),
        ("PHONE", "0451-8220 61 35", "打0451-8220 61 35。", "剂量 0.451-8220"),
        ("PHONE", "1390 451 33x7", "电话 1390 451 33x7（字迹不清）", "1390 ml x 7"),
        ("ID", "(2023)医证 0418", "附 (2023)医证 0418", "指南(2023)推荐 0418 组"),
        ("ID", "HP-FY-01~21", "编号 HP-FY-01~21", "见 HP-FY 手册"),
        ("WECHAT/QQ", "1507 882 36", "加QQ 1507 882 36", "QQ 群 3 人"),
        ("LICENSE_PLATE", "浙岱渔 21708", "浙岱渔 21708 靠岸", "浙江渔民 21708 人"),
        ("AGE_OVER_89", "九十有一", "年龄 九十有一 独居", "九十有余次"),
        ("AGE_OVER_89", "百岁零两个月", "病人百岁零两个月。", "病儿两岁零两个月。"),
        ("STAFF", "薄^云", "PV1|1|I|XNK^26^||||1183^薄^云\n备注", "见 1183^薄^云 标注"),
    ],
)
def test_what_stands_beside_it_decides(kind: str, shown: str, identity: str, clinical: str) -> None:
    spans = {(s.type, identity[s.start : s.end]) for s in merge(identity, recognise_zh(identity))}
    assert any(type == kind and shown in text for type, text in spans), spans
    assert not any(type == kind and (shown in text or text in shown) for type, text in found(clinical))


@pytest.mark.parametrize(("said", "sure"), [("简爱民", 0.5), ("劳逸和", 0.3)])
def test_characters_of_two_kinds_of_person_are_one_name_if_no_word_speaks_against_it(said: str, sure: float) -> None:
    read = tokens(said)
    assert len(read) == 3
    runs = list(joined(said, read, [sure] * 3, [(0, 0, NAME), (1, 1, STAFF), (2, 2, NAME)]))
    assert (runs == [(0, 2, NAME)]) is (sure > CLEAR)


@pytest.mark.parametrize(("last", "end"), [(0.2, 4), (0.02, 3)])
def test_a_firm_goes_on_while_the_tagger_wavers(last: float, end: int) -> None:
    said = "在安顺汽修店"
    read = tokens(said)
    sure = [0.0, 0.9, 0.9, 0.9, last, 0.0]
    assert next(joined(said, read, sure, [(1, 3, ORG)]))[:2] == (1, end)


def test_one_comma_parts_two_names() -> None:
    said = "简，民"
    assert len(list(joined(said, tokens(said), [0.9, 0.0, 0.9], [(0, 0, NAME), (2, 2, STAFF)]))) == 2


@pytest.mark.parametrize(
    ("said", "sign", "is_person"),
    [
        ("登记在护士站桑手里", "桑", True),
        ("心音可，心律齐，", "齐", False),
        ("费用预告 10 万，", "万", False),
        ("霍-亚分级 2.5 级", "霍", False),
        ("绒乡卫生院(章)", "章", False),
    ],
)
def test_of_a_lone_surname_the_tagger_may_be_sure(said: str, sign: str, is_person: bool) -> None:
    at = said.index(sign)
    assert possible(said, Candidate(at, at + 1, "STAFF", 0.84, "tagger"), alone=True) is is_person


@pytest.mark.parametrize(("said", "is_person"), [("关木通已禁用", False), ("由关木通签字", True)])
def test_a_herb_is_no_person(said: str, is_person: bool) -> None:
    at = said.index("木通")
    shown = Candidate(at, at + 2, "NAME", 0.84, "tagger")
    assert is_person or not possible(said, shown, alone=True)


def test_the_number_and_the_year_of_a_standard_are_no_identity() -> None:
    said = "依据 GBZ 188-2014；电话 188-2014"
    first, second = said.index("188-2014"), said.rindex("188-2014")
    assert is_no_name(said, Candidate(first, first + 8, "PHONE", 0.8, "tagger"))
    assert not is_no_name(said, Candidate(second, second + 8, "PHONE", 0.8, "tagger"))
    year = said.index("2014")
    assert is_no_date(said, Candidate(year, year + 4, "DATE", 0.8, "tagger"))


def test_two_days_and_what_stands_between_are_one() -> None:
    said = "住院2022年8月至2023年1月"
    assert [said[s.start : s.end] for s in merge(said, recognise_zh(said))] == ["2022年8月至2023年1月"]
