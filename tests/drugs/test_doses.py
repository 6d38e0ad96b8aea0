"""Doses as orders write them, and doses written from numbers: what goes in comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.drugs import dose, orders

MG_A_DAY = [
    ("amoxicillin 500 mg PO tid for 7 days", 500, 1500),
    ("1 g q6h", 1000, 4000),
    ("two tablets of 500 mg three times a day", 1000, 3000),
    ("500 mg tablets, 2 tablets four times daily", 1000, 4000),
    ("2 x 500 mg qid", 1000, 4000),
    ("1 tablet (5 mg) once daily", 5, 5),
    ("250 mg/5 mL, 10 mL twice daily", 500, 1000),
    ("0.5g 每日三次 口服", 500, 1500),
    ("每次 0.5 g，一日 3 次", 500, 1500),
    ("每次2片（每片0.25g），每日3次", 500, 1500),
    ("每日 1.5 g，分3次口服", 500, 1500),
    ("0.4g bid", 400, 800),
    ("62.5 mcg daily", 0.0625, 0.0625),
    ("125微克 每日一次", 0.125, 0.125),
    ("10 mg weekly", 10, 10 / 7),
    ("15 mg once a week", 15, 15 / 7),
    ("10mg 每周一次", 10, 10 / 7),
    ("10 mg every other day", 10, 5),
    ("400-600 mg every 4-6 hours", 600, 3600),
    ("650 mg q4h prn, max 3 g/day", 650, 3000),
    ("1 g every 6 hours, not to exceed 4 g/day", 1000, 4000),
    ("4 g/day in 4 divided doses", 1000, 4000),
    ("1,000 mg bid", 1000, 2000),
    ("500毫克 每8小时一次", 500, 1500),
    ("10 mg qn", 10, 10),
    ("睡前 7.5mg", 7.5, 7.5),
    ("2g ivgtt q12h", 2000, 4000),
    ("1g 静滴 q8h", 1000, 3000),
    ("20mg 每日1次，早晨服", 20, 20),
    ("一次1g，一日4次", 1000, 4000),
    ("8 g a day", 8000, 8000),
    ("80 mg at bedtime", 80, 80),
    ("日 3次，每次 10mg", 10, 30),
    ("1 mg every hour until relief", 1, 24),
    ("1 mg hourly, up to 12 mg a day", 1, 12),
    ("10 mg four hourly", 10, 60),
    ("每小时1mg，直至疼痛缓解或腹泻", 1, 24),
    ("1mg，每小时一次", 1, 24),
]


@pytest.mark.parametrize(("text", "once", "day"), MG_A_DAY)
def test_mg_a_dose_and_a_day(text: str, once: float, day: float) -> None:
    told = dose(text)
    assert (told.mg_per_dose, told.mg_per_day) == (pytest.approx(once), pytest.approx(day))


@pytest.mark.parametrize(
    "text",
    [
        "10 units at bedtime",
        "40 mEq daily",
        "0.5 mg/min",
        "take as needed",
        "2 puffs qid",
        "",
        "2 mg/hour",
        "静脉泵入，每小时5mg",
        "5 mg every hour by infusion",
    ],
)
def test_what_is_no_mass_is_not_guessed(text: str) -> None:
    assert dose(text).mg_per_day is None


@pytest.mark.parametrize(
    ("text", "kg", "day"),
    [
        ("5 mg/kg/day in 2 divided doses", 20, 100),
        ("15 mg/kg q6h", 10, 600),
        ("90 mg/kg/day divided bid", 10, 900),
        ("每次10mg/kg，每日3次", 20, 600),
        ("1 mg/kg sc q12h", 70, 140),
    ],
)
def test_a_dose_by_weight_needs_the_weight(text: str, kg: float, day: float) -> None:
    told = dose(text)
    assert told.mg_per_day is None
    assert told.of_weight(kg).mg_per_day == pytest.approx(day)


@pytest.mark.parametrize(
    ("text", "route", "days"),
    [
        ("500 mg PO tid for 7 days", "oral", 7),
        ("1 g IV q24h x 5 days", "intravenous", 5),
        ("apply gel twice daily", "topical", None),
        ("2 weeks of 40 mg daily", None, None),
        ("静滴 2g qd 共10天", "intravenous", 10),
        ("滴眼液 每日4次", "ophthalmic", None),
        ("for 2 weeks by mouth", "oral", 14),
    ],
)
def test_way_and_length(text: str, route: str | None, days: float | None) -> None:
    assert (dose(text).route, dose(text).days) == (route, days)


def test_each_medicine_of_a_list_keeps_its_own_dose() -> None:
    told = {
        one.id: one.dose.mg_per_day
        for one in orders("Amoxicillin 1 g bid, clarithromycin 500 mg bid and omeprazole 20 mg bid")
    }
    assert told == {"amoxicillin": 2000, "clarithromycin": 1000, "omeprazole": 40}


def test_an_amount_in_front_is_the_dose_of_what_follows() -> None:
    assert orders("Give 500 mg of amoxicillin every 8 hours.")[0].dose.mg_per_day == 1500
    assert orders("予0.5g阿莫西林每日三次")[0].dose.mg_per_day == 1500
    assert orders("Take 8 tablets of Tylenol Extra Strength 500 mg four times a day.")[0].dose.mg_per_day == 16000


def test_a_dose_goes_on_behind_a_comma() -> None:
    assert orders("阿莫西林 0.5g，口服，一日3次，共7天。")[0].dose.mg_per_day == 1500
    assert orders("Amoxicillin 500 mg, three times daily, for 7 days.")[0].dose.mg_per_day == 1500
    assert orders("每日口服阿司匹林100mg。")[0].dose.mg_per_day == 100


def test_a_measured_value_is_no_dose() -> None:
    assert orders("With a creatinine of 3 mg/dL start metformin.")[0].dose.amount is None


_OFTEN = {
    "once daily": 1,
    "bid": 2,
    "tid": 3,
    "qid": 4,
    "q8h": 3,
    "every 6 hours": 4,
    "每日2次": 2,
    "一日三次": 3,
    "weekly": 1 / 7,
}
_FACTOR = {"mg": 1, "g": 1000, "mcg": 0.001, "毫克": 1}


@given(st.integers(1, 2000), st.sampled_from(sorted(_FACTOR)), st.sampled_from(sorted(_OFTEN)), st.booleans())
def test_what_is_written_is_read(amount: int, unit: str, often: str, blank: bool) -> None:
    told = dose(f"{amount}{' ' if blank else ''}{unit} {often}")
    assert told.mg_per_dose == pytest.approx(amount * _FACTOR[unit])
    assert told.mg_per_day == pytest.approx(amount * _FACTOR[unit] * _OFTEN[often])


@given(st.text(alphabet="0123456789 .,/-mgkdx次日每qhtid片%()", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    told = dose(text)
    assert told.mg_per_day is None or told.mg_per_day >= 0
