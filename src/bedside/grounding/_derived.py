"""What the numbers of a chart say without words: a pressure of 150/95 is high, a score from 18 to 9 has fallen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bedside.cleaning.language import HAN
from bedside.grounding._apart import Mark
from bedside.grounding._figures import Figure
from bedside.grounding._terms import Term, finding
from bedside.phenotypes._numbers import Level, levels, numbers
from bedside.phenotypes._patient import Patient

_YEAR = 360.0
_N = r"\d+(?:\.\d+)?"
_BEFORE = (
    r"(?:was|prev(?:iously)?|prior|formerly|last|down from|up from|from|baseline|"
    r"上次|原|原为|既往|\d{0,2}\s*个?[天周月年]前)"
)
_THEN = re.compile(
    rf"(?:from|由|从)[^\d]{{0,6}}(?P<then>{_N})[^\d]{{0,14}}(?:to|至|到|为|成)[^\d]{{0,4}}(?P<now>{_N})|"
    rf"(?P<now2>{_N})[^\d;.。]{{0,28}}[(（,，]\s*{_BEFORE}[^\d]{{0,8}}(?P<then2>{_N})|"
    rf"(?P<now3>{_N})\s*%?\s*\((?P<then3>{_N})\s*%?\s*(?:last|a|in|at|\d)\s|"
    rf"(?P<then4>{_N})\s*(?:[A-Za-z%µ/]+\s+){{0,3}}(?:->|→|=>)\s*(?P<now4>{_N})",
    re.IGNORECASE,
)
_FLAG = re.compile(r"\d\s*\((?P<high>H|high|↑)\)|\d\s*\((?P<low>L|low|↓)\)|\d\s*(?P<up>↑)|\d\s*(?P<down>↓)")
NEAR = 40
"""Characters before a change in which its name is looked for."""
_HIGH_IS_BAD = re.compile(
    r"A1c|creatinine|\bCr\b|PHQ|GAD-7|HAMD|NIHSS|lactate|CRP|BNP|troponin|\bALT\b|\bAST\b|bilirubin|DAS28|viral load|"
    r"pain|stiffness|headache|糖化|肌酐|乳酸|评分|胆红素|转氨酶|疼痛|尿蛋白",
    re.IGNORECASE,
)
_LOW_IS_BAD = re.compile(
    r"eGFR|\bEF\b|ejection|FEV1|peak flow|SpO2|sat(?:uration|s)\b|h[ae]+moglobin|\bHg?b\b|platelet|strength|"
    r"肌力|射血分数|血红蛋白|血小板|氧饱和度|视力",
    re.IGNORECASE,
)
"""What is worse the higher, and the lower, it is."""
FEVER = "HP:0001945"
_WARM = re.compile(r"(?<![A-Za-z])(?:T|Tmax|[Tt]emp(?:erature)?)\s*[:=]?\s*(?:3[89]|4[01])(?:\.\d)?(?![\d.])")
"""A temperature without its unit, 38 or more (Marcy SM et al. Vaccine 2004;22:551-6: fever)."""
_LOW = re.compile(r"low|decreas|reduc|hypo|brady|penia|anemia", re.IGNORECASE)


class Shown(NamedTuple):
    """The findings that measured values show, the directions that they and their changes have, and their levels."""

    found: list[Term]
    told: list[Mark]
    levels: list[Level]


def shown(text: str, counted: list[Figure], sex: str | None) -> Shown:
    """What the numbers of a chart say.

    >>> [one.ids & {"tachycardia"} != set() for one in shown("HR 130 at rest", [], None).found]
    [True]
    """
    age = next((one.value / _YEAR for one in counted if one.kind == "age"), None)
    found: list[Term] = []
    told: list[Mark] = []
    spaced, places = _spaced(text)
    patient = Patient(age, sex if sex in ("male", "female") else None)
    for one in numbers(spaced, patient):
        start, end = places[one.start], places[one.end - 1] + 1
        term, label = finding(one.id, start, end)
        found.append(term)
        told.append(Mark(start, end, "amount", "low" if _LOW.search(label) else "high"))
    found += [finding(FEVER, *match.span())[0] for match in _WARM.finditer(text)]
    told += [*changes(text, counted), *_flags(text)]
    known = [one._replace(start=places[one.start], end=places[one.end - 1] + 1) for one in levels(spaced, patient)]
    return Shown(found, told, known)


def _spaced(text: str) -> tuple[str, list[int]]:
    """A text with a space where Latin letters follow Chinese ones, and where each character stood before."""
    spaced: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        if at and HAN.match(text[at - 1]) and character.isascii() and character.isalpha():
            spaced.append(" ")
            places.append(at)
        spaced.append(character)
        places.append(at)
    return "".join(spaced), places


def changes(text: str, counted: list[Figure]) -> Iterator[Mark]:
    """A value that was another before, both in the units that they are written in."""
    for match in _THEN.finditer(text):
        at = {name[:3]: match.start(name) for name, value in match.groupdict().items() if value}
        now, then = (_figure(counted, at[name]) for name in ("now", "the"))
        if now and then and now.value != then.value and (now.kind == then.kind or not now.kind or not then.kind):
            known = now.kind == then.kind
            higher = now.value > then.value if known else now.said > then.said
            yield Mark(match.start(), match.end(), "amount", "up" if higher else "down")
            before = text[max(0, match.start() - NEAR) : match.end()]
            worse = higher if _HIGH_IS_BAD.search(before) else not higher if _LOW_IS_BAD.search(before) else None
            if worse is not None:
                yield Mark(match.start(), match.end(), "course", "worse" if worse else "better")


def _figure(counted: list[Figure], at: int) -> Figure | None:
    return next((one for one in counted if one.start <= at < one.end), None)


def _flags(text: str) -> Iterator[Mark]:
    for match in _FLAG.finditer(text):
        yield Mark(match.start(), match.end(), "amount", "high" if match["high"] or match["up"] else "low")
