"""Which of the tagger's finds are a piece of something longer: a sign, a decimal, a measure in a table, a citation."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import NUMERAL

_PLACED = ("NAME", "STAFF", "HOSPITAL", "ORG", "ADDRESS")
_NUMBERED = ("ID", "PHONE", "ACCOUNT", "AGE_OVER_89")
_REACH = 4
_DECIMAL_BEFORE = re.compile(r"(?<![\d.])\d+\.\Z")
_DECIMAL_AFTER = re.compile(r"\.\d")
_CELLS = ("\t", "|")
_SMALL_FIGURES = re.compile(r"\d{1,3}(?:[.-]\d{1,3})?")
_SEX_BEFORE = re.compile(r"(?<![A-Za-z])[MFmf男女]/\Z")
"""F/23: a sex and an age."""
_SINCE = re.compile(r"[天日周月年时][前后]")
"""2天前进食: the last character is none of a name's."""
_IN_SIGN = re.compile(r"[A-Za-z]\d")
_LENS = re.compile(r"\d{1,3}[A-EG-LN-XZ]")
_PARITY = re.compile(r"G\d{1,2}P\d")
_BEFORE_SIGN = re.compile(r"\d[A-Za-z]\d")
_CITED = re.compile(r"\b(?:19|20)\d\d; ?\d+ ?(?:\(\d+\))? ?: ?[a-z]?\d+(?:[-–]\d+)?")
"""Year, volume, issue and pages of an article."""


def is_piece(text: str, run: Candidate) -> bool:
    """Whether a stretch is a piece of a longer sign: "G4P2012" has no year, "C3D1" no bed, 八十六岁 no 十六岁."""
    at = run.start
    if run.type in (*_NUMBERED, "DATE") and _is_measured(text, run):
        return True
    if run.type in _PLACED and _SINCE.match(text, max(0, at - 1)):
        return True
    if run.type == "DATE":
        return _IN_SIGN.search(text, at - 1, at + 1) is not None if at else False
    if run.type == "BED/ROOM":
        if _SEX_BEFORE.search(text, max(0, at - 3), at + (text[at] == "/")):
            return True
        return _BEFORE_SIGN.match(text, run.end - 1) is not None
    if run.type == "AGE_OVER_89":
        return (at > 0 and text[at - 1] in NUMERAL and text[at] in NUMERAL) or _LENS.match(text, at) is not None
    return run.type == "ID" and _PARITY.search(text, max(0, at - 3), run.end) is not None


def _is_measured(text: str, run: Candidate) -> bool:
    """Whether figures are a piece of a decimal, or what a cell of a table or a field of HL7 has measured."""
    shown = text[run.start : run.end]
    if "\t" in shown:
        return True
    if shown[0] == "." and shown[1:].isdecimal():
        return True
    before = _DECIMAL_BEFORE.search(text, max(0, run.start - _REACH), run.start)
    if shown.isdecimal() and len(shown) < _REACH and (before or _DECIMAL_AFTER.match(text, run.end)):
        return True
    apart = text[run.start - 1 : run.start] in _CELLS and text[run.end : run.end + 1] in ("", "\n", *_CELLS)
    return apart and _SMALL_FIGURES.fullmatch(shown) is not None


def is_cited(text: str, run: Candidate) -> bool:
    """Whether figures are those of a reference to an article."""
    if run.type not in ("DATE", *_NUMBERED):
        return False
    places = _CITED.finditer(text, max(0, run.start - 24), run.end + 24)
    return any(place.start() <= run.start and run.end <= place.end() for place in places)
