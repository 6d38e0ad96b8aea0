"""A value of a chart as a finding: the chart's own verdict or reference range first, else ours by age and sex.

The quantity is known by its LOINC code (data/loinc.tsv), or by its name where no code says it. A value in a unit that
is not known, or with an "H" that no range of ours gives a finding for, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from bedside.phenotypes._numbers import ADULT
from bedside.phenotypes._patient import Patient
from bedside.phenotypes._quantities import QUANTITIES
from bedside.phenotypes._quantity import Quantity
from bedside.phenotypes._ranges import Range, ranges
from bedside.phenotypes._specimen import NOT_BLOOD
from bedside.phenotypes.status import REFERENCE
from bedside.types import Code

Verdict = Literal["low", "normal", "high"]
_SAID: tuple[tuple[Verdict, str], ...] = (
    ("low", r"(?:critically |significantly )?low|l|ll|偏低|低|↓"),
    ("high", r"(?:critically |significantly )?high|h|hh|偏高|高|↑"),
    ("normal", r"normal|n|within (?:normal|reference) (?:limits|range)|正常"),
)
_FLAG = re.compile(r"(?:interpretation|flag): ([^;)]+)", re.IGNORECASE)
_NUMBER = r"([-+]?\d+(?:\.\d+)?)"
_BOUNDS = re.compile(rf"{_NUMBER}[^\d<>≤≥]*?(?:-|–|—|~|～|to|至)\s*{_NUMBER}|(<=?|≤|>=?|≥)\s*{_NUMBER}")
_UCUM = (
    (re.compile(r"\{[^}]*\}"), ""),
    (re.compile(r"10\*"), "10^"),
    (re.compile(r"mm\[Hg\]"), "mmHg"),
    (re.compile(r"^Cel$"), "°C"),
    (re.compile(r"^\[degF\]$"), "°F"),
    (re.compile(r"^10\^"), "x10^"),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What a value says: the finding it shows, and those that it rules out; ids."""

    present: str = ""
    denied: tuple[str, ...] = ()


def measured(codes: Sequence[Code], text: str, value: float, unit: str | None, patient: Patient) -> Value | None:
    """What one measured value says, None where it says nothing.

    >>> measured([Code("http://loinc.org", "718-7")], "Hemoglobin 9.1 g/dL", 9.1, "g/dL", Patient(40, "female"))
    Value(present='HP:0001903', denied=())
    >>> own = "Hemoglobin 11.4 g/dL (reference 11 - 16 g/dL)"
    >>> measured([Code("http://loinc.org", "718-7")], own, 11.4, "g/dL", Patient(40, "female")).present
    ''
    """
    quantity = quantity_of(codes, text)
    if quantity is None:
        return None
    rows = ranges_of(quantity.name, patient)
    if not rows:
        return None
    verdict = flagged(text) or _referenced(text, value) or _ranged(quantity, value, unit or "", rows)
    if verdict is None:
        return None
    below, above = {row.below for row in rows} - {""}, {row.above for row in rows} - {""}
    if verdict == "normal":
        return Value(denied=tuple(sorted(below | above)))
    found = below if verdict == "low" else above
    return Value(present=found.pop()) if len(found) == 1 else None


def quantity_of(codes: Sequence[Code], text: str) -> Quantity | None:
    """By code; by the name at the beginning of the text only where no LOINC code says that it is something else."""
    known = loinc()
    named = {one.name: one for one in QUANTITIES}
    for code in codes:
        if code.code in known and ("loinc" in code.system.lower() or not code.system or code.system == "LN"):
            return named.get(known[code.code]) or _second(known[code.code])
    if any("loinc" in code.system.lower() for code in codes) or NOT_BLOOD.search(text):
        return None
    return next((one for one in QUANTITIES if re.match(rf"\W*(?:{one.names})", text, re.IGNORECASE)), None)


def _second(name: str) -> Quantity | None:
    """A quantity that charts in words give beside another one: the lower pressure."""
    first = next((one for one in QUANTITIES if one.second == name), None)
    return Quantity(name, first.names, first.units, first.scales, (20, 200)) if first else None


def ranges_of(quantity: str, patient: Patient) -> list[Range]:
    """Our ranges for somebody; of either sex where it is not known."""
    age = ADULT if patient.age_years is None else patient.age_years
    fits = [row for row in ranges() if row.quantity == quantity and row.age_from <= age < row.age_to]
    own = [row for row in fits if row.sex in ("", patient.sex)]
    return fits if patient.sex not in ("male", "female") else own


def flagged(text: str) -> Verdict | None:
    """The laboratory's own word."""
    for match in _FLAG.finditer(text):
        for verdict, words in _SAID:
            if re.fullmatch(words, match[1].strip(), re.IGNORECASE):
                return verdict
    return None


def _referenced(text: str, value: float) -> Verdict | None:
    """By the laboratory's own reference range."""
    own = stated(text)
    return between(value, *own) if own else None


def stated(text: str) -> tuple[float | None, float | None] | None:
    """The reference range that a text states, from its low bound to its high one; None where it states none.

    >>> stated("TSH 9.6 mIU/L (reference 0.4 - 4.0 mIU/L)"), stated("CRP (reference <= 10)"), stated("CRP 8")
    ((0.4, 4.0), (None, 10.0), None)
    """
    found = REFERENCE.search(text)
    bounds = _BOUNDS.search(found[1]) if found else None
    if bounds is None:
        return None
    if bounds[1]:
        low, high = float(bounds[1]), float(bounds[2])
        return (low, high) if low < high else None
    over = bounds[3].startswith((">", "≥"))
    return (float(bounds[4]), None) if over else (None, float(bounds[4]))


def in_unit(quantity: Quantity, written: str) -> bool:
    """Whether a quantity is measured in that unit, or needs none to be written."""
    return bool(re.fullmatch(quantity.units, written, re.IGNORECASE)) or (not written and quantity.bare)


def between(value: float, low: float | None, high: float | None) -> Verdict:
    """Where a value stands to two bounds, either of which may lack."""
    if low is not None and value < low:
        return "low"
    return "high" if high is not None and value > high else "normal"


def _ranged(quantity: Quantity, value: float, unit: str, rows: Sequence[Range]) -> Verdict | None:
    """By our ranges; where sex is not known, only what both say."""
    written = plain_unit(unit)
    if not in_unit(quantity, written):
        return None
    standard = quantity.standard(value, written)
    if standard is None:
        return None
    verdicts = {between(standard, row.low, row.high) for row in rows}
    return verdicts.pop() if len(verdicts) == 1 else None


def plain_unit(unit: str) -> str:
    """A UCUM unit as charts in words write it.

    >>> plain_unit("10*3/uL"), plain_unit("mm[Hg]"), plain_unit("{beats}/min")
    ('x10^3/uL', 'mmHg', '/min')
    """
    for pattern, written in _UCUM:
        unit = pattern.sub(written, unit.strip())
    return unit


@cache
def loinc() -> dict[str, str]:
    """Which quantity a LOINC code measures."""
    lines = files("bedside.phenotypes").joinpath("data/loinc.tsv").read_text(encoding="utf-8").splitlines()
    return {code: name for code, name, _ in (line.split("\t") for line in lines if line and not line.startswith("#"))}
