"""Single values of a person as JSON has them: a number or its words, a sex, a yes or no, a weight, a height."""

from __future__ import annotations

import math
import re
from typing import Any

from bedside.errors import DataError
from bedside.facts._age import age_in
from bedside.facts.body import HEIGHT_CM, WEIGHT_KG, Measure
from bedside.lang import tr
from bedside.types import Sex

OLDEST_YEARS = 130
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_MEASURED = re.compile(rf"({_NUMBER.pattern})\s*(\D*)")
_SEXES: dict[str, Sex] = {
    **dict.fromkeys(("female", "f", "woman", "girl", "女", "女性", "女孩"), "female"),
    **dict.fromkeys(("male", "m", "man", "boy", "男", "男性", "男孩"), "male"),
    **dict.fromkeys(("other", "其他", "intersex"), "other"),
    **dict.fromkeys(("unknown", "未知", "不详", "u"), "unknown"),
}
_YES = frozenset(("yes", "y", "true", "1", "pregnant", "是", "有", "阳性", "positive", "已孕", "怀孕", "妊娠", "哺乳"))
_NO = frozenset(("no", "n", "false", "0", "not pregnant", "否", "无", "阴性", "negative", "未孕", "没有", "未怀孕"))
_NOT_SAID = frozenset(("unknown", "n/a", "na", "-", "?", "未知", "不详", "未提及", "not known", "null", "none"))


def number(value: Any, where: str) -> float:
    """A number, or one as text; DataError for anything else.

    >>> number("6.80", "labs[0].value"), number(7, "")
    (6.8, 7.0)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    said = str(value).strip().replace("，", ",") if isinstance(value, str) else ""
    said = re.sub(r"(?<=\d),(?=\d{3}\b)", "", said)
    if _NUMBER.fullmatch(said) and math.isfinite(float(said)):
        return float(said)
    raise DataError(tr("not a number", "不是数字"), where=where)


def age_years(value: Any, where: str) -> float | None:
    """An age in years: a number, or words such as "6 months", "sixty-seven", 六十七岁, 8月龄."""
    if isinstance(value, str) and _not_said(value):
        return None
    told = age_in(value) if isinstance(value, str) else number(value, where)
    if told is None or not 0 <= told <= OLDEST_YEARS:
        raise DataError(tr("not an age", "不是年龄"), where=where, allowed=f"0 - {OLDEST_YEARS}")
    return told


def sex(value: Any, where: str) -> Sex:
    """A sex as it is written in either language."""
    said = _SEXES.get(str(value).strip().lower())
    if said is None:
        raise DataError(tr("not a sex", "不是性别"), where=where, allowed="male, female, other, unknown")
    return said


def yes_or_no(value: Any, where: str) -> bool | None:
    """A yes or no as it is written in either language; None for "unknown"."""
    said = str(value).strip().lower()
    if _not_said(said):
        return None
    if said not in _YES | _NO:
        raise DataError(tr("neither yes nor no", "既非是也非否"), where=where, allowed="true, false, null")
    return said in _YES


def weight_kg(value: Any, where: str) -> float | None:
    """A weight in kilograms; one as text may say another unit."""
    return _measured(value, where, WEIGHT_KG, "kg")


def height_cm(value: Any, where: str) -> float | None:
    """A height in centimetres; one as text may say another unit."""
    return _measured(value, where, HEIGHT_CM, "cm")


def _measured(value: Any, where: str, measure: Measure, unit: str) -> float | None:
    if isinstance(value, str) and _not_said(value):
        return None
    parts = _MEASURED.fullmatch(value.strip()) if isinstance(value, str) else None
    found = measure.value(float(parts[1]), parts[2] or unit) if parts else measure.value(number(value, where), unit)
    if found is None:
        raise DataError(tr("cannot be", "数值不可能"), where=where, allowed=unit)
    return found


def _not_said(text: str) -> bool:
    return text.strip().lower() in _NOT_SAID
