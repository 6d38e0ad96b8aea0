"""Values that stories give beside routine tests: each outside its bound is a finding, and within it none."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from bedside.phenotypes._numbers import numbers, ranges
from bedside.phenotypes._patient import Patient
from bedside.phenotypes._quantities import QUANTITIES


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
    ],
)
def test_a_value_outside_its_bound_is_the_finding_and_one_within_is_not(outside: str, within: str, id: str) -> None:
    patient = Patient(40, "female")
    assert [one.id for one in numbers(outside, patient)] == [id]
    assert numbers(within, patient) == []


def test_every_range_is_of_a_quantity_that_is_read() -> None:
    read = {name for one in QUANTITIES for name in (one.name, one.second)}
    assert {row.quantity for row in ranges()} - read == set()


@pytest.mark.parametrize("name", ["told_en.tsv", "told_zh.tsv", "fine_en.tsv", "fine_zh.tsv"])
def test_a_table_of_ways_has_one_line_a_finding(name: str) -> None:
    lines = files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8").splitlines()[1:]
    ids = [line.partition("\t")[0] for line in lines]
    assert [id for id in ids if not re.fullmatch(r"HP:\d{7}", id)] == []
    assert sorted(ids) == sorted(set(ids))
