"""Age and sex as a story says them, for what is normal at that age."""

from __future__ import annotations

import re
from typing import NamedTuple

from bedside.phenotypes._han_numbers import DIGITS, TENS, han_number

_AGE = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s*-?\s*(?P<unit>years?|yrs?|y/?o|months?|weeks?|"
    r"days?|mo)[\s-]*(?:old|of age)\b|\baged? (?P<bare>\d+)\b"
    rf"|(?P<zh>\d+(?:\.\d+)?|{TENS}|{DIGITS})\s*(?P<zhunit>岁|月龄|个半?月大?(?=[男女，,])|天龄|日龄)"
    rf"|(?:今年|[亲爹娘父母爸妈爷奶公婆女子孙外祖丈姥姑姨叔伯舅哥姐弟妹]|我[，,]?|老[\u4e00-\u9fff][，,]?)(?:[，,]|才|都|快)?(?P<told>{TENS}|\d\d)(?:多|出头|了)?(?=[，,。])"
    r"|\b(?P<sexed>\d{1,3})\s?[MF]\b(?![a-z/])",
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
_MY = r"\A(?:我们?|俺|咱)?家?的?[大小老]?"
"""A story that begins with a relative is that relative's."""
_FEMALE = re.compile(
    rf"\b(?:woman|girl|female|lady|she|nan|wife)\b|\b\d{{1,3}}\s?F\b(?![A-Za-z/])|\bmy periods?\b|\bpregnan|"
    rf"女(?!儿|婿)|月经|怀孕|{_MY}(?:妈|母亲|婆婆|奶奶|姥姥|外婆|老婆|妻子|媳妇|闺女|女儿|姐|妹|姨|姑|外甥女|孙女)",
    re.IGNORECASE,
)
_MALE = re.compile(
    rf"\b(?:man|boy|male|gentleman|he|lad|husband)\b|\b\d{{1,3}}\s?M\b(?![A-Za-z/])|男|小伙子?|"
    rf"{_MY}(?:爸|父亲|公公|爷爷|姥爷|外公|老公|丈夫|儿子|哥|弟|舅|叔|伯|外甥(?!女)|孙子)",
    re.IGNORECASE,
)


class Patient(NamedTuple):
    """Age in years and sex (`female`, `male`), as far as known."""

    age_years: float | None = None
    sex: str | None = None


def patient_of(text: str) -> Patient:
    """The first age and sex in a text.

    >>> patient_of("患儿男，4岁"), patient_of("A 6-month-old girl").sex
    (Patient(age_years=4.0, sex='male'), 'female')
    >>> patient_of("我父亲七十四，尿线细"), patient_of("58F, haemodialysis")
    (Patient(age_years=74.0, sex='male'), Patient(age_years=58.0, sex='female'))
    """
    age: float | None = None
    if match := _AGE.search(text):
        value = match["n"] or match["bare"] or match["zh"] or match["told"] or match["sexed"]
        unit = (match["unit"] or match["zhunit"] or "y")[0].lower()
        age = (float(value) if value[0].isdecimal() else han_number(value)) * _YEARS[unit]
    elif _NEWBORN.search(text):
        age = 0.01
    elif _INFANT.search(text):
        age = 0.5
    first = [(match.start(), sex) for sex, of in (("female", _FEMALE), ("male", _MALE)) if (match := of.search(text))]
    return Patient(age, min(first)[1] if first else None)
