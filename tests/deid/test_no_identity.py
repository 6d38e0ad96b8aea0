"""What looks like identity and is none, in pairs with the same words where they are."""

from __future__ import annotations

import pytest

from bedside.deid import find
from bedside.deid._recogniser import Candidate
from bedside.deid.no_identity.dates import is_no_date


def shown(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(text)]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Seen 3/12 by Dr. Patel. Review in 3/12.", ["3/12", "Patel"]),
        ("Stent placed in 2018; staged IIB (FIGO 2018) by Dr. Patel.", ["2018", "Patel"]),
        ("eGFR 59 (CKD-EPI 2021), last seen in 2021 by Dr. Patel.", ["2021", "Patel"]),
        ("Dr. Patel comes every Tuesday and Thursday. She fell on Tuesday.", ["Patel", "Tuesday"]),
        ("Dr. Patel: VA 6/9 6/6, seen 6/6.", ["Patel", "6/6"]),
        ("患者李国强，女 11月，于2月起咳嗽。", ["李国强", "2月起"]),
        ("患者李国强，化疗后3月体重下降9kg，于3月复发。", ["李国强", "3月"]),
        ("患者李国强，凭卡到3号窗口取药，3号复查。", ["李国强", "3号"]),
        ("患者李国强，饮水2000ml，费用2000元，自2000年起吸烟。", ["李国强", "2000年"]),
        ("患者李国强，约占2/3，复查：2/3。", ["李国强", "2/3"]),
        ("患者李国强，DRB1*09:01/15:01，复诊：1/15。", ["李国强", "1/15"]),
        ("患者李国强，周一、三、五透析，于周二手术。", ["李国强", "周二"]),
        ("患者李国强，大三学生，第二日好转，大年初三发病。", ["李国强", "大年初三"]),
        ("患者李国强，月龄 8月，于2月起咳嗽。", ["李国强", "2月起"]),
        ("患者李国强，1月后复查，于3月发病。", ["李国强", "3月"]),
        ("患者李国强，今年62岁，今年3月发病。", ["李国强", "今年3月"]),
        ("患者李国强，八十六岁，根据WHO 2008年诊断标准，2008年确诊。", ["李国强", "2008年"]),
    ],
)
def test_lengths_of_time_editions_and_fractions_are_no_dates(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("The KATHERINE and CLEOPATRA trials changed practice.", []),
        ("PT KATHERINE BOYLE SEEN BY DR PATEL.", ["KATHERINE BOYLE", "PATEL"]),
        ("Mr. Okafor agrees. Takes grapefruit, St. John's wort.", ["Okafor"]),
        ("Dr. Bagshawe called; Bagshawe et al reported this.", ["Bagshawe"]),
        ("Mr. Okafor: billed 99214, 93000, 36415.", ["Okafor"]),
        ("Mr " + "A B C D " * 30, []),
        ("Mr A B Smith was seen.", ["A B Smith"]),
        ("Mr J S M I T H was seen.", ["J S M I T H"]),
        ("Dr J S A positive donor.", ["J S"]),
        ("What is the outlook for Merkel Cell Carcinoma ?", []),
        ("How to diagnose Patent Ductus Arteriosus ?", []),
        ("How many people are affected by Prolactinoma ?", []),
        ("去专业正规的医院，建议患者到更好医院去", []),
    ],
)
def test_trials_plants_codes_and_diseases_are_nobody(said: str, left: list[str]) -> None:
    assert shown(said) == left


def test_the_first_word_of_an_answer_is_nobody_but_a_name_is() -> None:
    said = (
        "Doctor: Great! What brings you in today, then?\nPatient: Well, my knee hurts.\n"
        "Doctor: Okay.\nPatient: Oh, my son Jaxon Okafor drove me."
    )
    assert shown(said) == ["Jaxon Okafor"]


def test_a_label_of_two_lines_is_no_transcript() -> None:
    assert shown("Patient: Will Hope\nDoctor: Grace Field\n") == ["Will Hope", "Grace Field"]


def test_a_login_after_the_time_of_its_line_is_found() -> None:
    said = "[14:02] jmartin: bed 6 needs a check\n[14:03] dpatel: on it\n[14:10] jmartin: thanks"
    assert [one for one in shown(said) if one in ("jmartin", "dpatel")] == ["jmartin", "dpatel", "jmartin"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("<p>Patient: <b>Ngozi Okafor</b>, MRN <i>00914477</i></p>", ["Ngozi Okafor", "00914477"]),
        ("PATIENT HENRY T0LLIVER\nSEEN O3/l7/1962", ["HENRY T0LLIVER", "O3/l7/1962"]),
        ("患者被发现倒在建设路与东风街交叉口", ["建设路与东风街交叉口"]),
        ("曾服（同德堂中医馆）汤药", ["同德堂中医馆"]),
    ],
)
def test_tags_scans_corners_and_halls_are_read(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Referral to Rapid Access Chest Pain Clinic.", []),
        ("Seen in the Glaucoma Monitoring Unit, then at Hope Valley Sleep Clinic.", ["Hope Valley Sleep Clinic"]),
        ("Seen by Hospitalist, then by Lindqvist.", ["Lindqvist"]),
        ("Radiation oncology (Petrosyan) and renal (Lim, fellow) agree.", ["Petrosyan", "Lim"]),
        ("Pharmacology (oral) and GI (EGD) noted.", []),
        ("SN visit 1405-1450, pager 1450.", ["1450"]),
        ("He gets Charlie horses; Charlie drove him.", ["Charlie"]),
        ("Volunteers call Tues/Thurs.", []),
        ("I moved to 1850 N Sheffield #3R.", ["1850 N Sheffield #3R"]),
    ],
)
def test_what_a_clinic_is_for_is_no_house_and_who_runs_it_is_somebody(said: str, left: list[str]) -> None:
    assert [text.rstrip(".") for text in shown(said)] == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("蔡医生周三下午、周五上午出诊", ["蔡医生"]),
        ("上周三来过，请周三丰医师会诊", ["上周三", "周三丰"]),
        ("是一位姓裘的大夫，与我同姓", ["裘"]),
        ("监2患者夜间烦躁，监护2小时", ["监2"]),
        ("3280g，Apgar 10-10-10。", []),
        ("ZHOU GUIFANG　F　059Y", ["ZHOU GUIFANG"]),
    ],
)
def test_days_of_every_week_and_scores_are_no_dates(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("患者李国强，拨打120或12345，电话13800138000。", ["李国强", "13800138000"]),
        ("患者李国强，住院号2208817 K+ 6.8mmol/L。", ["李国强", "2208817"]),
        ("患者李国强，方案号：HRS-1167-301，住院号：HRS-1167-301。", ["李国强", "HRS-1167-301"]),
        ("患者李国强，仪器：迈瑞BC-7500，住院号BC-7500。", ["李国强", "BC-7500"]),
        ("患者李国强，生产企业：辉瑞　工作单位：长江钢铁厂", ["李国强", "长江钢铁厂"]),
        ("患者李国强，符合中华医学会标准，就诊于武汉市第一医院。", ["李国强", "武汉市第一医院"]),
        ("李国强，F/23，23床。", ["李国强", "23床"]),
        ("科室：骨科二病区  床号：27床  姓名：李国强", ["27床", "李国强"]),
        ("术者：蒲松　第一助手：慕容雪", ["蒲松", "慕容雪"]),
    ],
)
def test_hotlines_goods_societies_and_labels_are_nobody(said: str, left: list[str]) -> None:
    assert shown(said) == left


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("today", "yesterday"),
        ("this morning", "Tuesday morning"),
        ("今早", "昨日"),
        ("冬春季节", "立冬"),
        ("10余年前", "10月"),
    ],
)
def test_the_notes_own_day_and_a_season_are_no_date_and_another_day_is(own: str, other: str) -> None:
    assert is_no_date(own, Candidate(0, len(own), "DATE", 0.9, "test"))
    assert not is_no_date(other, Candidate(0, len(other), "DATE", 0.9, "test"))
