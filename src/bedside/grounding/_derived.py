"""What the numbers of a chart say without saying it: a pressure of 150/95 is high, and a score from 18 to 9 has fallen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.grounding._apart import Mark
from bedside.grounding._figures import Figure
from bedside.grounding._terms import Term, finding
from bedside.phenotypes._numbers import numbers
from bedside.phenotypes._patient import Patient

_YEAR = 360.0
_THEN = re.compile(
    r"(?:from|由|从)[^\d]{0,6}(?P<then>\d+(?:\.\d+)?)[^\d]{0,14}(?:to|至|到|为|成)[^\d]{0,4}(?P<now>\d+(?:\.\d+)?)|"
    r"(?P<now2>\d+(?:\.\d+)?)[^\d;.。]{0,12}[(（,，]\s*(?:was|previously|prior|formerly|last|down from|up from|from|上次|原|原为|既往|"
    r"\d{0,2}\s*个?[天周月年]前)[^\d]{0,8}(?P<then2>\d+(?:\.\d+)?)|"
    r"(?P<now3>\d+(?:\.\d+)?)\s*\((?P<then3>\d+(?:\.\d+)?)\s*(?:last|a|\d)\s",
    re.IGNORECASE,
)
_FLAG = re.compile(r"\d\s*\((?P<high>H|high|↑)\)|\d\s*\((?P<low>L|low|↓)\)|\d\s*(?P<up>↑)|\d\s*(?P<down>↓)")
_LOW = re.compile(r"low|decreas|reduc|hypo|brady|penia|anemia", re.IGNORECASE)


def shown(text: str, counted: list[Figure], sex: str | None) -> tuple[list[Term], list[Mark]]:
    """The findings that measured values show, and the directions that they and their changes have.

    >>> [one.ids & {"tachycardia"} != set() for one in shown("HR 130 at rest", [], None)[0]]
    [True]
    """
    age = next((one.value / _YEAR for one in counted if one.kind == "age"), None)
    found: list[Term] = []
    told: list[Mark] = []
    for one in numbers(text, Patient(age, sex if sex in ("male", "female") else None)):
        term, label = finding(one.id, one.start, one.end)
        found.append(term)
        told.append(Mark(one.start, one.end, "amount", "down" if _LOW.search(label) else "up"))
    told += [*_changes(text), *_flags(text)]
    return found, told


def _changes(text: str) -> Iterator[Mark]:
    for match in _THEN.finditer(text):
        said = {name[:3]: float(value) for name, value in match.groupdict().items() if value}
        now, then = said["now"], said["the"]
        if now != then:
            yield Mark(match.start(), match.end(), "amount", "up" if now > then else "down")


def _flags(text: str) -> Iterator[Mark]:
    for match in _FLAG.finditer(text):
        yield Mark(match.start(), match.end(), "amount", "up" if match["high"] or match["up"] else "down")
