"""Measured values and scores of an entry: by code, by name where no code says otherwise, and from words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bedside.phenotypes.measured import stated
from bedside.phenotypes.tables import Analyte, Scale
from bedside.trials.matching.names import Hit
from bedside.trials.matching.units import standard
from bedside.trials.matching.vocabulary import Vocabulary
from bedside.types import Entry

INFINITE = float("inf")
SHOWN = 90
"""Characters of an entry that are shown as evidence."""


class Interval(NamedTuple):
    """What a value can be: a number twice, or a bound ("<5"); closed at both ends."""

    low: float
    high: float

    def times(self, factor: float) -> Interval:
        """Multiplied by a positive number."""
        return Interval(self.low * factor, self.high * factor)


Found = tuple[int, Interval, Interval | None, Interval | None, str]
"""The thing, the value in its own unit and in multiples of the entry's own upper and lower limit, and the words."""
_NUMBER = r"(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SIGN = r"(?P<sign>[<>≤≥]=?|＜|＞)?\s*"
_UNITS = (
    r"[x×*]?\s*10\s*[\^*]?\s*[3-9⁹⁶³]\s*/\s*(?:L|[uµμ]L|mm3)|(?:m?cg|[kmunpµμ]?g|[mnuµμp]?mol|mEq"
    r"|[mkuµμ]?I?U|units?|cells|[kK])"
    r"\s*/\s*(?:d|m|[uµμ])?L|万\s*/\s*[uµμ]L|mm\s?Hg|毫米汞柱|mL/min(?:ute)?(?:\s*/\s*1\.73\s*m\^?[2²]?)?|[%％]|kg\s*/\s*m\^?[2²]|mg/m?mol"
    r"|mmol/mol|[mu]g/m?g|m?g\s*/\s*(?:24\s?h|d(?:ay)?)\b|mm/hr?\b|°\s?[CF]\b|℃|bpm|(?:beats|次)?\s*/\s*(?:min(?:ute)?|分钟?)|msec|ms\b|毫秒"
    r"|[sS](?:ec)?\b|秒|kgs?\b|公斤|千克|cm\b|厘米|公分|m\b|lbs?\b|pounds\b|inches\b|[cC]\b|/\s*(?:[uµμ]L|mm3)"
)
_FILLER = (
    r"(?:\s|[:：=,(（\[]|was|is|of|at|level|count|value|concentration|measured|measures|about|around|only|low|high"
    r"|elevated|decreased"
    r"|fell to|rose to|now|currently|today|mildly|markedly|reading|result|a|an"
    r"|为|约|是|达|至|仅|水平|计数|测|值|升至|降至|升高|降低|下降|结果|\)|）|\])*?"
)
_VALUE = re.compile(
    rf"{_FILLER}{_SIGN}{_NUMBER}(?:\s*/\s*(?P<second>\d{{2,3}})(?!\d|\s*[/.]\d))?(?![\d./-]*\d)\s*(?P<unit>{_UNITS})?",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"(?:\s|[:：=,(（]|was|is|of|class(?:ification)?|grade|stage|score|status|functional|performance|currently|total|PS\b|分级|评分|分期|量表|得分|总分|功能|为|是|约|级|期)*?"
    r"(?P<value>\d+(?:\.\d+)?|IV|III|II|I|V|[ⅠⅡⅢⅣⅤ]|[A-C](?![a-z]))(?:\s*(?:-|–|~|～|to|至|or|或|/)\s*(?P<second>\d+(?:\.\d+)?|IV|III|II|I|V|[ⅠⅡⅢⅣⅤ]|[A-C](?![a-z])))?(?![\w.]*\d)",
)
_ROMAN = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0, "V": 5.0, "Ⅰ": 1.0, "Ⅱ": 2.0, "Ⅲ": 3.0, "Ⅳ": 4.0, "Ⅴ": 5.0}
_PUGH = {"A": (5.0, 6.0), "B": (7.0, 9.0), "C": (10.0, 15.0)}
_AIM = re.compile(r"(?:target|goal|aim|if|目标|控制在|若|如果)[^.;。；\n]{0,18}$", re.IGNORECASE)
_NOT_BLOOD = re.compile(r"urin|csf|cerebrospinal|stool|pleural|尿|脑脊液|粪|便|胸水|腹水", re.IGNORECASE)
_COMPARED = re.compile(r"\s*([<>≤≥]=?|＜|＞)\s*(\d+(?:\.\d+)?)")


def value_facts(entry: Entry, words: Vocabulary) -> Iterator[Found]:
    """The values of one entry."""
    interval = _own(entry)
    if interval is not None:
        said = _told(entry)
        number = _measured(entry, words)
        if number is not None and (found := _in_own_unit(words, number, interval, entry.unit or "")) is not None:
            over, under = _limits(entry.text, interval)
            yield number, found, over, under, said
        return
    text = entry.text
    for hit in words.names.find(text):
        for number in hit.keys:
            thing = words.analytes.get(number) or words.scales.get(number)
            if thing is not None and not _AIM.search(text[max(0, hit.start - 24) : hit.start]):
                yield from _said(thing, number, hit, text, words)


def _told(entry: Entry) -> str:
    """The value as it is shown: the entry's words, with the number where they lack it."""
    said = " ".join(entry.text.split())[:SHOWN]
    shown = f"{entry.value:.6g}" if isinstance(entry.value, (int, float)) else str(entry.value)
    if re.search(r"\d", said.partition("(")[0]):
        return said
    name, _, rest = said.partition(" (")
    return " ".join(filter(None, (name, shown, entry.unit or "", f"({rest}" if rest else "")))


def _own(entry: Entry) -> Interval | None:
    """The entry's value as a number or a bound."""
    if isinstance(entry.value, (int, float)) and not isinstance(entry.value, bool):
        return Interval(float(entry.value), float(entry.value))
    match = _COMPARED.fullmatch(entry.value) if isinstance(entry.value, str) else None
    return _compared(match[1], float(match[2])) if match else None


def _compared(sign: str | None, value: float) -> Interval:
    """A bound is taken for closed: "<5" may be 5 for any limit that laboratories use."""
    if sign and sign[0] in "<≤＜":
        return Interval(-INFINITE, value)
    return Interval(value, INFINITE) if sign else Interval(value, value)


def _measured(entry: Entry, words: Vocabulary) -> int | None:
    """What was measured: by code; by the name at the beginning of the text only where no LOINC code says otherwise."""
    for code in entry.codes:
        for number in words.exact.get(code.code, ()):
            if number in words.analytes or number in words.scales:
                return number
    if any("loinc" in code.system.lower() for code in entry.codes) or _NOT_BLOOD.search(entry.text[:60]):
        return None
    hits = words.names.find(entry.text[:60])
    first = [n for n in hits[0].keys if n in words.analytes or n in words.scales] if hits and hits[0].start < 3 else []
    return first[0] if first else None


def _in_own_unit(words: Vocabulary, number: int, interval: Interval, unit: str) -> Interval | None:
    if number in words.scales:
        low, high = words.scales[number].scores
        return interval if all(low <= one <= high for one in interval if abs(one) != INFINITE) else None
    analyte = words.analytes[number]
    ends = [one if abs(one) == INFINITE else standard(analyte, one, unit) for one in interval]
    return None if ends[0] is None or ends[1] is None else Interval(ends[0], ends[1])


def _limits(text: str, value: Interval) -> tuple[Interval | None, Interval | None]:
    """The value in multiples of the laboratory's own upper and lower limit, which are in the value's unit."""
    low, high = stated(text) or (None, None)
    return (value.times(1 / high) if high and high > 0 else None), (value.times(1 / low) if low and low > 0 else None)


def _said(thing: Analyte | Scale, number: int, hit: Hit, text: str, words: Vocabulary) -> Iterator[Found]:
    shown = " ".join(text[max(0, hit.start - 10) : hit.end + 40].split())
    if isinstance(thing, Scale):
        if match := _GRADE.match(text, hit.end):
            interval = _graded(thing, match["value"], match["second"])
            if interval is not None:
                yield number, interval, None, None, shown
        return
    match = _VALUE.match(text, hit.end)
    if match is None:
        return
    interval = _compared(match["sign"], float(match["value"].replace(",", "")))
    unit = (match["unit"] or "").strip()
    if thing.name == "blood pressure":
        if match["second"]:
            parts = (("systolic pressure", match["value"]), ("diastolic pressure", match["second"]))
            for name, value in parts:
                one = words.number("measurement", name)
                yield one, Interval(float(value), float(value)), None, None, shown
        return
    if (found := _in_own_unit(words, number, interval, unit)) is not None:
        yield number, found, None, None, shown


def _graded(scale: Scale, first: str, second: str | None) -> Interval | None:
    ends = [_score(scale, one) for one in (first, second) if one]
    known = [one for one in ends if one is not None]
    if len(known) != len(ends) or not known:
        return None
    low, high = min(one[0] for one in known), max(one[1] for one in known)
    if not (scale.scores[0] <= low <= high <= scale.scores[1]):
        return known[0] if second and scale.scores[0] <= known[0][0] <= scale.scores[1] else None
    return Interval(low, high)


def _score(scale: Scale, said: str) -> Interval | None:
    if said in _PUGH:
        return Interval(*_PUGH[said]) if scale.name == "Child-Pugh" else None
    value = _ROMAN.get(said)
    if value is None:
        try:
            value = float(said)
        except ValueError:
            return None
    return Interval(value, value)
