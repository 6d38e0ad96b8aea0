"""Values that stories give beside routine tests: each outside its bound is a finding, and within it none."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from bedside.phenotypes._numbers import numbers
from bedside.phenotypes._patient import Patient, patient_of
from bedside.phenotypes._quantities import QUANTITIES
from bedside.phenotypes._ranges import degrees, ranges


@pytest.mark.parametrize(
    ("outside", "within", "id"),
    [
        ("eGFR 41", "eGFR 72", "HP:0000083"),
        ("Creatinine 2.1", "Creatinine 68", "HP:0003259"),
        ("HbA1c 9.1%", "HbA1c 38 mmol/mol", "HP:0040217"),
        ("糖化血红蛋白 9.1%", "糖化血红蛋白 5.4%", "HP:0040217"),
        ("ESR 88", "ESR 12", "HP:0003565"),
        ("血沉 88mm/h", "血沉 12mm/h", "HP:0003565"),
        ("APTT 68 s", "APTT 31 s", "HP:0003645"),
        ("her QT was 510 ms", "her QT was 410 ms", "HP:0001657"),
        ("LVEF 28%", "LVEF 62%", "HP:0012664"),
        ("射血分数 28%", "射血分数 62%", "HP:0012664"),
        ("TSH 12 mIU/L", "TSH 2 mIU/L", "HP:0002925"),
        ("TSH 0.01", "TSH 0.5", "HP:0031098"),
        ("caeruloplasmin 0.08 g/L", "ceruloplasmin 25 mg/dL", "HP:0010837"),
        ("铜蓝蛋白 0.08 g/L", "铜蓝蛋白 0.25 g/L", "HP:0010837"),
        ("sweat chloride 92 mmol/L", "sweat chloride 20 mmol/L", "HP:0012236"),
        ("MoCA 19/30", "MoCA 29/30", "HP:0100543"),
        ("IQ 58", "IQ 104", "HP:0001256"),
        ("智商 42", "智商 104", "HP:0002342"),
        ("protein in his urine 1.4 g/24h", "protein in his urine 90 mg/day", "HP:0000093"),
        ("neutrophils 0.4 x10^9/L", "neutrophils 4.4 x10^9/L", "HP:0001875"),
        ("eosinophils 2.4 x10^9/L", "eosinophils 0.2 x10^9/L", "HP:0001880"),
        ("ALP 412", "ALP 90", "HP:0003155"),
        ("T 38.6", "T 36.6", "HP:0001945"),
        ("RR 36", "RR 14", "HP:0002789"),
        ("sats 86 on air", "sats 98 on air", "HP:0012418"),
        ("bicarb 11", "bicarb 25", "HP:0032066"),
        ("chloride 82", "chloride 101", "HP:0003113"),
        ("CRP 112", "CRP 3", "HP:0011227"),
        ("ferritin 3", "ferritin 60", "HP:0012343"),
        ("BNP 3800", "BNP 40", "HP:0033534"),
        ("INR 2.1", "INR 1.1", "HP:0008151"),
        ("查PSA 286", "查PSA 1.2", "HP:0025020"),
        ("甘油三酯5.8", "甘油三酯1.2", "HP:0002155"),
        ("HbA1c 97", "HbA1c 38", "HP:0040217"),
        ("BMI 41", "BMI 23", "HP:0025501"),
        ("血压一百六七", "血压一百二", "HP:0000822"),
        ("体温三十九度二", "体温三十六度五", "HP:0001945"),
        ("呼吸一分钟三十次", "呼吸一分钟十六次", "HP:0002789"),
        ("肌酸激酶一万八", "肌酸激酶一百二", "HP:0030235"),
        ("肌酸激酶三千", "肌酐三次", "HP:0030234"),
        ("血压二百一/一百一", "血压二十天前测过", "HP:0000822"),
    ],
)
def test_a_value_outside_its_bound_is_the_finding_and_one_within_is_not(outside: str, within: str, id: str) -> None:
    patient = Patient(40, "female")
    assert [one.id for one in numbers(outside, patient)] == [id]
    assert numbers(within, patient) == []


def test_every_range_is_of_a_quantity_that_is_read() -> None:
    read = {name for one in QUANTITIES for name in (one.name, one.second)}
    assert {row.quantity for row in ranges()} - read == set()
    assert {row.quantity for row in degrees()} <= {row.quantity for row in ranges()}


def test_a_number_that_counts_times_or_days_is_no_value() -> None:
    patient = Patient(40, "female")
    said = ["blood glucose 2 hours after a meal", "ferritin 3 times a year", "血小板 20 天前查过", "血糖一天测三十次"]
    assert [numbers(one, patient) for one in said] == [[], [], [], []]


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("我父亲七十四，解小便要站半天。", 74, "male"),
        ("我闺女十五岁了，班里最矮。", 15, "female"),
        ("我今年五十三，鞋子大了两码。", 53, None),
        ("58F haemodialysis pt.", 58, "female"),
        ("72M, retired joiner.", 72, "male"),
        ("二十天前发热。", None, None),
        ("Weight 58 lb.", None, None),
    ],
)
def test_age_and_sex_are_read_as_people_and_letters_say_them(text: str, age: float | None, sex: str | None) -> None:
    assert patient_of(text) == Patient(age, sex)


@pytest.mark.parametrize("name", ["told_en.tsv", "told_zh.tsv", "fine_en.tsv", "fine_zh.tsv"])
def test_a_table_of_ways_has_one_line_a_finding(name: str) -> None:
    lines = files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8").splitlines()[1:]
    ids = [line.partition("\t")[0] for line in lines]
    assert [id for id in ids if not re.fullmatch(r"HP:\d{7}", id)] == []
    assert sorted(ids) == sorted(set(ids))
