"""Age and sex as a story says them, for what is normal at that age."""

from __future__ import annotations

import re
from typing import NamedTuple

_AGE = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s*-?\s*(?P<unit>years?|yrs?|y/?o|months?|weeks?|"
    r"days?|mo)[\s-]*(?:old|of age)\b|\baged? (?P<bare>\d+)\b"
    r"|(?P<zh>\d+(?:\.\d+)?)\s*(?P<zhunit>岁|月龄|个月大?(?=[男女，,])|天龄|日龄)",
    re.IGNORECASE,
)
_YEARS = {
    "y": 1.0,
    "m": 1 / 12,
    "w": 1 / 52,
    "d": 1 / 365,
    "岁": 1.0,
    "月": 1 / 12,
    "个": 1 / 12,
    "天": 1 / 365,
    "日": 1 / 365,
}
_NEWBORN = re.compile(r"\b(?:newborn|neonat\w*)\b(?! (?:period|screen))|新生儿(?!期|时期)", re.IGNORECASE)
_INFANT = re.compile(r"\binfant\b|婴儿(?!期|时期)", re.IGNORECASE)
_FEMALE = re.compile(r"\b(?:woman|girl|female|lady|she)\b|女(?!儿|婿)", re.IGNORECASE)
_MALE = re.compile(r"\b(?:man|boy|male|gentleman|he)\b|男", re.IGNORECASE)


class Patient(NamedTuple):
    """Age in years and sex (`female`, `male`), as far as known."""

    age_years: float | None = None
    sex: str | None = None


def patient_of(text: str) -> Patient:
    """The first age and sex in a text.

    >>> patient_of("患儿男，4岁"), patient_of("A 6-month-old girl").sex
    (Patient(age_years=4.0, sex='male'), 'female')
    """
    age: float | None = None
    if match := _AGE.search(text):
        value = match["n"] or match["bare"] or match["zh"]
        unit = (match["unit"] or match["zhunit"] or "y")[0].lower()
        age = float(value) * _YEARS[unit]
    elif _NEWBORN.search(text):
        age = 0.01
    elif _INFANT.search(text):
        age = 0.5
    first = [(match.start(), sex) for sex, of in (("female", _FEMALE), ("male", _MALE)) if (match := of.search(text))]
    return Patient(age, min(first)[1] if first else None)
