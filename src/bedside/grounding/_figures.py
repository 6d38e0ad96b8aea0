"""The numbers of a text: what each measures, in one unit of its kind, whichever way it is written.

Amounts of medicine and body weight are in mg, lengths in mm, time in days, how often in times a day, temperature in °C.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from bedside.cleaning.numerals import HAN as HAN_NUMBER
from bedside.cleaning.numerals import UNSIGNED, WORDS, value_of, worded
from bedside.grounding._dates import days, same_day
from bedside.grounding._often import often
from bedside.phenotypes.units import measure

_DAY, _WEEK, _MONTH, _YEAR = 1.0, 7.0, 30.0, 360.0
"""A year is twelve months of thirty days, so that "12 months" is "1 year"."""
_SIMPLE: tuple[tuple[str, str, float], ...] = (
    ("time", r"years?(?: ago)?|yrs?\.?|年", _YEAR),
    ("time", r"months?|mos?\.?|个月|月(?!龄|\d|经)", _MONTH),
    ("time", r"weeks?|wks?\.?|w(?=\d|\b)|周|星期", _WEEK),
    ("time", r"fortnights?", 14.0),
    ("time", r"days?|d(?=\b)|天|日(?!\d)", _DAY),
    ("time", r"hours?|hrs?\.?|h(?=\b)|小时|钟头", 1 / 24),
    ("time", r"minutes?|mins?\.?|分钟", 1 / 1440),
    ("time", r"decades?", 10 * _YEAR),
    ("mass", r"milligrams?|mg(?![/A-Za-z])|毫克", 1.0),
    ("mass", r"micrograms?|mcg(?![/A-Za-z])|[µμu]g(?![/A-Za-z])|微克", 1e-3),
    ("mass", r"grams?|g(?![/A-Za-z])|克", 1e3),
    ("mass", r"kilograms?|kilos?|kgs?(?![/A-Za-z])|公斤|千克", 1e6),
    ("mass", r"pounds?|lbs?(?![A-Za-z])", 453592.37),
    ("length", r"millimet(?:er|re)s?|mm(?![A-Za-z3³])|毫米", 1.0),
    ("length", r"centimet(?:er|re)s?|cm(?![A-Za-z])|厘米|公分", 10.0),
    ("length", r"inch(?:es)?", 25.4),
    ("volume", r"millilit(?:er|re)s?|m[lL](?![/A-Za-z])|cc(?![A-Za-z])|毫升", 1.0),
    ("flow", r"lit(?:er|re)s? (?:a|per) minute|L/min(?![/A-Za-z])|升/分钟?|升每分钟?", 1.0),
    ("volume", r"lit(?:er|re)s?|升(?!高)|L(?![/A-Za-z])", 1e3),
    ("celsius", r"(?:°|º|degrees?|度)\s*C(?:elsius)?|℃|°C|C(?![A-Za-z0-9])|度(?!肿)", 1.0),
    ("fahrenheit", r"(?:°|º|degrees?)?\s*F(?:ahrenheit)?(?![A-Za-z0-9])|℉", 1.0),
    ("share", r"%|％|percent|per cent", 1.0),
    ("units", r"(?:I?U|units?)(?![/A-Za-z])|单位", 1.0),
    ("puffs", r"puffs?|inhalations?|喷|吸", 1.0),
    ("count", r"tab(?:let)?s?|cap(?:sule)?s?|pills?|枚|粒|片|颗|处", 1.0),
    ("cigarettes", r"cigarettes?|支(?!气)", 1.0),
    ("packs", r"pack[- ]?years?|包年", 1.0),
    ("cigarettes", r"packs?(?![A-Za-z])|包", 20.0),
    (
        "pulse",
        r"bpm|beats(?: per minute| a minute|/min)?|breaths(?: per minute)?|per minute|/\s*min|次\s*[/每]\s*分钟?",
        1.0,
    ),
)
_LONG = (
    r"(?:[x×*]\s*10\s*\^?\s*[0-9⁹⁶]{1,2}\s*/\s*[uµμ]?L|(?:[kmµμunp]?(?:g|mol|Eq|U|IU))\s*/\s*(?:d?L|m[lL]|mmol|kg|g)(?:/day)?|"
    r"mm\s*Hg|毫米汞柱|kPa|kg\s*/\s*m\^?[2²]|mL/min(?:/1\.73\s*m[2²])?)"
)
_AGE = (
    rf"(?<![\d.])(?P<aged>\d{{1,3}}|{WORDS})[\s-]*(?:years?[\s-]*old|y\s*[/.]?\s*o\.?(?![A-Za-z])|yrs?[\s-]*old|"
    rf"(?=(?-i:[MF])\b))|(?P<agedzh>{UNSIGNED}|{HAN_NUMBER})\s*岁|"
    rf"(?P<months>{UNSIGNED}|{WORDS}|{HAN_NUMBER})[\s-]*(?:months?[\s-]*old|月龄|个月大)|"
    rf"(?:\bage[ds]?|age of|\bat)\s+(?P<at>\d{{1,3}})(?=[\s,.;)]|$)(?!\.\d)"
    rf"(?!\s*(?:mg|mm|%|kg|g\b|hours?|weeks?|days?|lit))"
)
_TENTHS = re.compile(r"(?P<whole>三十[五六七八九]|四十[一二]?)度(?P<tenth>[一二三四五六七八九])")
"""A temperature in words."""
_RATIO = re.compile(r"(?<![\d/.])(\d{2,3})\s*/\s*(\d{2,3})(?![\d/])")


_SPAN = re.compile(
    r"(?<![\d/.])(?<!type )(?<!score )"
    r"(?:(?<!\bon )(?<!dated )(?<!\bseen )(?<!admitted )(?<!discharged )(?<!until )|(?=\S+\s+(?:ago|back)\b))"
    r"(\d{1,2})/(7|52|12)(?![\d/])(?!\s*(?:-|–|to)\s*\d{1,2}/)(?!\s+(?:[a-z-]+\s+)?(?:"
    r"nodes?|LNs?|cores?|biops(?:y|ies)|specimens?|samples?|cultures?|swabs?|slides?|criteria|points?|leads?|joints?|"
    r"teeth|ribs?|lesions?|segments?|positive|negative|involved|correct|at\s+\d{1,2}:\d\d)\b)",
    re.IGNORECASE,
)
"""3/7, 3/52, 3/12: three days, weeks, months, as British notes have it; not "3/12 nodes", nor "seen on 3/7"."""
_SPANS = {"7": _DAY, "52": _WEEK, "12": _MONTH}

_CONCENTRATION = re.compile(r"[kmunp]?(?:g|mol|eq)/(?:d?l|ml|mmol|g)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its place: its kind ("" where nothing says what it counts), its value in the kind's unit."""

    start: int
    end: int
    kind: str
    value: float = field(repr=False)
    said: float = field(repr=False)
    unit: str = ""
    soft: bool = False

    def equals(self, other: Figure) -> bool:
        """Whether both say the same, as exactly as they are written.

        >>> [one], [other] = figures("metformin 1 g"), figures("二甲双胍1000mg")
        >>> one.equals(other)
        True
        """
        if not self.kind or not other.kind:
            return not _other_unit(self.unit, other.unit) and _near(self.said, other.said, 1e-9)
        if {self.kind, other.kind} == {"age", "time"}:
            return _near(self.value, other.value, 1e-6)
        if self.kind != other.kind:
            return False
        if self.kind == "date":
            return same_day((self.value, self.said), (other.value, other.said))
        same_unit = self.unit.lower() == other.unit.lower()
        return _near(self.value, other.value, 1e-6 if same_unit else 0.08 if self.kind == "time" else 0.006)


def figures(text: str) -> list[Figure]:
    """Every number of a text, in order.

    >>> [(one.kind, one.value) for one in figures("A 34 y/o with BP 150/95 for two weeks, amlodipine 5 mg daily")]
    [('age', 12240.0), ('mmhg', 150.0), ('mmhg', 95.0), ('time', 14.0), ('mass', 5.0), ('often', 1.0)]
    """
    taken = [False] * len(text)
    found: list[Figure] = []
    for one in (*_dated(text), *_ages(text), *_taken(text), *_pressures(text), *_spans(text), *_united(text)):
        if not any(taken[one.start : one.end]):
            found.append(one)
            taken[one.start : one.end] = [True] * (one.end - one.start)
    return sorted(found, key=lambda one: one.start)


def _other_unit(one: str, two: str) -> bool:
    """Whether both are concentrations, of different units: pmol/L is not ng/dL."""
    first, second = (re.sub(r"\s", "", unit.casefold().replace("µ", "u").replace("μ", "u")) for unit in (one, two))
    return first != second and all(_CONCENTRATION.fullmatch(unit) for unit in (first, second))


def _near(one: float, two: float, share: float) -> bool:
    return abs(one - two) <= share * max(abs(one), abs(two), 1e-12)


def _value(said: str) -> float:
    return value_of(said) if said[0].isdigit() or said[0] in ".·" else float(worded(said))


def _dated(text: str) -> Iterator[Figure]:
    """Days of the calendar; what is said is the second reading of one with its month in digits."""
    for day in days(text):
        yield Figure(day.start, day.end, "date", day.value, day.other)


def _ages(text: str) -> Iterator[Figure]:
    for match in _pattern(_AGE).finditer(text):
        years = match["aged"] or match["agedzh"] or match["at"]
        said = years or match["months"]
        value = _value(said)
        days = value * (_YEAR if years else _MONTH)
        yield Figure(match.start(), match.end(), "age", days, value, "year" if years else "month")


def _taken(text: str) -> Iterator[Figure]:
    for start, end, times in often(text):
        yield Figure(start, end, "often", times, times)


def _pressures(text: str) -> Iterator[Figure]:
    """The two numbers of a blood pressure, with or without its unit."""
    for match in _RATIO.finditer(text):
        high, low = float(match[1]), float(match[2])
        if 60 <= high <= 300 and 20 <= low < high:
            for group, value in ((1, high), (2, low)):
                yield Figure(*match.span(group), "mmhg", value, value, "mmHg")


def _spans(text: str) -> Iterator[Figure]:
    for match in _SPAN.finditer(text):
        value = float(match[1])
        yield Figure(*match.span(), "time", value * _SPANS[match[2]], value, f"/{match[2]}")


def _united(text: str) -> Iterator[Figure]:
    """Numbers with their units, then those without."""
    for match in _TENTHS.finditer(text):
        value = float(worded(match["whole"])) + float(worded(match["tenth"])) / 10
        yield Figure(*match.span(), "celsius", value, value, "度")
    for match in _numbers().finditer(text):
        said = match["number"] or match["word"] or match["han"]
        unit = (match["unit"] or "").strip(" -")
        soft = match["number"] is None
        if said == "半":
            value = 0.5
        elif said.lower() in ("a", "an"):
            value = 1.0
        elif said.lower().startswith("half"):
            value = 0.5
        else:
            value = _value(said) + (0.5 if match["half"] else 0.0)
        if soft and not unit and not match["word"]:
            continue
        kind, in_kind = _kind(unit, value)
        end = match.start("upto") if match["upto"] else match.end()
        yield Figure(match.start(), end, kind, in_kind, value, unit, soft=soft and not unit)
        if match["upto"]:
            yield Figure(
                match.start("upto"), match.end(), *_kind(unit, value_of(match["upto"])), value_of(match["upto"]), unit
            )


@cache
def _numbers() -> re.Pattern[str]:
    units = "|".join(words for _, words, _ in _SIMPLE)
    unit = rf"(?P<unit>[\s-]?\s*(?:{_LONG}|{units}))"
    upto = rf"(?:\s*(?:-|–|~|～|to|至)\s*(?P<upto>{UNSIGNED})(?=\s*(?:{units})))?"
    number = rf"(?:(?<![\d.A-Za-z])|(?<=\dw)|(?<=\bx))(?P<number>{UNSIGNED}){upto}"
    one = (
        r"\bhalf an?(?=\s+(?:month|day|year|hour|decade|pack)\b)"
        r"|\ban?(?=\s+(?:week|fortnight|month|day|year|hour|decade|pack)\b)"
    )
    soft = rf"(?P<word>{WORDS}|{one})|(?P<han>{HAN_NUMBER}|半)(?P<half>个半)?"
    return re.compile(rf"(?:{number}|{soft}){unit}?", re.IGNORECASE)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def _kind(unit: str, value: float) -> tuple[str, float]:
    """What a unit measures, and a value in the one unit of it."""
    if not unit:
        return "", value
    for kind, words, factor in _SIMPLE:
        if re.fullmatch(words, unit, re.IGNORECASE if kind != "volume" else 0):
            return ("celsius", (value - 32) / 1.8) if kind == "fahrenheit" else (kind, value * factor)
    known = measure(unit)
    if known is None:
        return "", value
    kind, factor = known
    return ("mmhg" if kind == "pressure" else kind), value * factor
