"""Numbers that are findings: a measured value outside what is normal at the patient's age and sex.

The bounds and their sources are rows of data/ranges.tsv; a value in a unit that is not known says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bedside.phenotypes._han_numbers import NUMBER as HAN_NUMBER
from bedside.phenotypes._han_numbers import han_number
from bedside.phenotypes._patient import Patient
from bedside.phenotypes._quantities import QUANTITIES
from bedside.phenotypes._quantity import Quantity
from bedside.phenotypes._ranges import Range, degrees, ranges
from bedside.phenotypes._specimen import of_blood

ADULT = 30.0
"""Age taken where none is known."""
_BETWEEN = (
    r"(?:\s|[:：=,(（]|was|is|of|at|level|count|concentration|measured|measures|"
    r"up to|about|around|only|low|high|fell to|rose to|"
    r"reached|reaching|to|a|an|为|约|是|达|至|仅|最高|最低|水平|计数|测|"
    r"值|升至|降至|低至|高达|到|掉到|飙到|一分钟|每分钟|每分|冲到|才|只有|有|都|在|上肢|左侧|右侧|左臂|右臂|左上肢|右上肢|收缩压|高压|:|"
    r"came back(?: at)?|came out(?: at)?|running(?: at)?|went (?:up |down )?to|dropped to|just|over|above|below|"
    r"nearly|almost|read|reads|reading|now|down|up|has|had|been|the|=){0,6}?"
)
_COUNTED = r"[几多余来]*[天年月岁周个回倍人片粒号]"
"""What follows a number in characters that is none of a measured value."""
_NUMBER = rf"(?P<value>[-−－+]?\d+(?:,\d{{3}})+(?:\.\d+)?|[-−－+]?\d+(?:\.\d+)?|(?:{HAN_NUMBER})(?!{_COUNTED}))"
_PLAIN = str.maketrans({",": None, "−": "-", "－": "-"})
_TAIL = r"(?![\d./-]*\d)"


class Measured(NamedTuple):
    """A finding by its id, and where the number stands that shows it."""

    id: str
    start: int
    end: int


class Level(NamedTuple):
    """Where a measured value stands, and which of "low", "normal" and "high" it may be by the bounds that are known."""

    start: int
    end: int
    may_be: frozenset[str]


def numbers(text: str, patient: Patient) -> list[Measured]:
    """The findings that numbers show, in no order.

    >>> numbers("Hb 70 g/L, K 4.0 mmol/L", Patient(40, "female"))
    [Measured(id='HP:0001903', start=0, end=9)]
    """
    return [found for one in QUANTITIES for found in _of(one, text, patient)]


def levels(text: str, patient: Patient) -> list[Level]:
    """How each measured value of a text stands to what is normal, in no order.

    >>> [sorted(one.may_be) for one in levels("WBC 6.2 x10^9/L, creatinine 60 umol/L", Patient(40, "female"))]
    [['normal'], ['low', 'normal']]
    """
    return [
        Level(match.start(), match.end(), may_be)
        for one in QUANTITIES
        for match, value in _values(one, text)
        if (may_be := _may_be(one.name, value, patient) | _second(one, match, patient))
    ]


def _second(quantity: Quantity, match: re.Match[str], patient: Patient) -> frozenset[str]:
    """What the second number of a pressure may be."""
    return _may_be(quantity.second, _number(match["second"]), patient) if match["second"] else frozenset()


def _values(quantity: Quantity, text: str) -> Iterator[tuple[re.Match[str], float]]:
    """Where a quantity is measured, and its value in the table's unit."""
    for match in _pattern(quantity).finditer(text):
        unit = (match["unit"] or "").strip()
        value = quantity.standard(_number(match["value"]), unit)
        if value is not None and (not quantity.blood or of_blood(text, match.start(), match.end(), unit=bool(unit))):
            yield match, value


def _number(said: str) -> float:
    return float(said.translate(_PLAIN)) if any(map(str.isdecimal, said)) else han_number(said)


def _of(quantity: Quantity, text: str, patient: Patient) -> Iterator[Measured]:
    for match, value in _values(quantity, text):
        id = _finding(quantity.name, value, patient)
        if id:
            yield Measured(id, match.start(), match.end())
        if quantity.second and match["second"] and not id:
            second = _finding(quantity.second, _number(match["second"]), patient)
            if second:
                yield Measured(second, match.start(), match.end())


@cache
def _pattern(quantity: Quantity) -> re.Pattern[str]:
    second = rf"(?:\s*[/比]\s*(?P<second>\d{{2,3}}|{HAN_NUMBER}))?" if quantity.second else r"(?P<second>(?!))?"
    unit = rf"\s*(?P<unit>{quantity.units})"
    return re.compile(
        rf"(?:{quantity.names}){_BETWEEN}{_NUMBER}{second}{_TAIL}(?:{unit}){'?' if quantity.bare else ''}",
        re.IGNORECASE | re.ASCII,
    )


def _may_be(quantity: str, value: float, patient: Patient) -> frozenset[str]:
    """What a value may be by the rows of both sexes where it is not known; a bound that lacks tells nothing."""
    found: set[str] = set()
    for row in _fitting(quantity, patient):
        if row.sex and patient.sex and row.sex != patient.sex:
            continue
        low = row.low is not None and value < row.low
        high = row.high is not None and value > row.high
        found |= {"low"} if low else {"high"} if high else {"normal"}
        if not low and not high:
            found |= {name for name, bound in (("low", row.low), ("high", row.high)) if bound is None}
    return frozenset(found)


def _fitting(quantity: str, patient: Patient) -> list[Range]:
    """The rows of a quantity at the patient's age."""
    age = ADULT if patient.age_years is None else patient.age_years
    return [row for row in ranges() if row.quantity == quantity and row.age_from <= age < row.age_to]


def _finding(quantity: str, value: float, patient: Patient) -> str:
    fits = _fitting(quantity, patient)
    plain = _plainly(fits, value, patient)
    return next((one.id for one in degrees() if plain and one.holds(quantity, value)), plain)


def _plainly(fits: list[Range], value: float, patient: Patient) -> str:
    if patient.sex is None and len({row.sex for row in fits}) > 1:  # only what is abnormal in both
        verdicts = {_verdict(row, value) for row in fits}
        return verdicts.pop() if len(verdicts) == 1 else ""
    return next((_verdict(row, value) for row in fits if row.sex in ("", patient.sex)), "")


def _verdict(row: Range, value: float) -> str:
    if row.low is not None and value < row.low:
        return row.below
    return row.above if row.high is not None and value > row.high else ""
