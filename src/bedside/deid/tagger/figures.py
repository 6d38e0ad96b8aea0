"""Which figures the tagger's word is not enough for: codes of procedures, rests of numbers, values, message fields."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate

_NUMBERED = ("ID", "LICENSE_PLATE", "ACCOUNT")
_FIGURED = ("ID", "PHONE", "ACCOUNT", "AGE_OVER_89", "BED/ROOM", "ADDRESS")
_MESSAGE = re.compile(r"(?:MSH|EVN|PID|PV[12]|ORC|OBR|IN1|NK1|GT1|AL1|DG1|OBX\|\d*\|(?:NM|SN|CE|CWE))\|")
"""Segments of a message whose fields are known by their place (`recognisers/messages.py`)."""
_PROCEDURE = re.compile(r"(?<![\w-])[A-EGHJ-MP-TV]\d{4}(?![\w-])")
"""A procedure: one letter and four figures, as J1100 in HCPCS level II (CMS) and D2740 in CDT (American Dental
Association)."""
_LOT_BEFORE = re.compile(r"\b(?i:lot|batch|kit|form|sop|model|ref\.?)[ .:#]{0,3}[A-Z]{0,2}\Z")
_LETTER = re.compile(r"[a-z] \d+\Z")
_REST_BEFORE = re.compile(r"\d[.,]\Z")
_BILLED = re.compile(r"\(\d{5}\)|\n\d{5} [A-Z]{2,4} [a-z]")
"""A service as it is billed: "MRI (72148)", "70450 CT head"."""
_CUT_DATE = re.compile(r"\d{1,2}\.|(?:\d{1,2})?(?:st|nd|rd|th)")
"""The first figures of a result, and the number of a dose: "INR 2.6", "| 3rd, Normal"."""
_NO_BED = re.compile(r"\b(?:[Dd]ay|[Bb]ike|[Ll]evel|[Gg]rade|[Ss]tage)\b")
_HOUR = re.compile(r"(?i:room |in )?0\d{3}")
_CELL_BEFORE = re.compile(r"\| ?\Z")
_SPELLED_BEFORE = re.compile(r"(?i:\b(?:over|hundred|point|at|nineteen|percent)) \Z")
_SPELLED_AFTER = re.compile(
    r"[ -]?(?:percent|%|over|milli|mg|degrees|units|pounds|point|beats|out of|and \w+ degrees|\w+ty\b)"
)
_YOUNGER = re.compile(
    r"(?i:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty)\b)|[1-8]\d(?!\d)"
)
_VITAL_BEFORE = re.compile(r"\d/\Z|\b(?:HR|BP|RR|P|pulse|sats?|SpO2|O2|weight|wt) ?:? ?\Z")


def is_no_figure(text: str, run: Candidate) -> bool:
    """Whether figures that the tagger found are a code, a value or a piece of something longer.

    >>> said = "Crown D2740, chart D-2740"
    >>> [is_no_figure(said, Candidate(at, end, "ID", 0.8, "")) for at, end in ((6, 11), (19, 25))]
    [True, False]
    """
    start, end = run.start, run.end
    if _MESSAGE.match(text, text.rfind("\n", 0, start) + 1):
        return True
    if run.type == "DATE":
        return _CUT_DATE.fullmatch(text, start, end) is not None and not text.endswith("the ", 0, start)
    if run.type not in (*_NUMBERED, *_FIGURED):
        return False
    if _REST_BEFORE.search(text, max(0, start - 2), start) and text[start].isdecimal():
        return True
    if run.type in _NUMBERED:
        return _is_code(text, run)
    if run.type == "BED/ROOM":
        return _is_value(text, run)
    if run.type == "AGE_OVER_89":
        return _is_no_age(text, start, end)
    return run.type == "PHONE" and _BILLED.match(text, max(0, start - 1)) is not None


def _is_code(text: str, run: Candidate) -> bool:
    """Whether a number is that of a procedure, a lot or a form."""
    if _LETTER.match(text, run.start, run.end) or _LOT_BEFORE.search(text, max(0, run.start - 12), run.start):
        return True
    codes = _PROCEDURE.finditer(text, max(0, run.start - 1), run.end + 1)
    return any(code.start() <= run.start and run.end <= code.end() for code in codes)


def _is_value(text: str, run: Candidate) -> bool:
    """Whether a bed is a value in a table, a day or a level."""
    if (
        _NO_BED.search(text, run.start, run.end)
        or _HOUR.fullmatch(text, run.start, run.end)
        or text.startswith("/", run.end)
    ):
        return True
    alone_in_cell = _CELL_BEFORE.search(text, max(0, run.start - 2), run.start)
    return alone_in_cell is not None and text[run.start : run.end].isdecimal()


def _is_no_age(text: str, start: int, end: int) -> bool:
    """Whether an age is below ninety, a pulse, or part of a year, pressure or dose told in words."""
    if _YOUNGER.match(text, start) or _VITAL_BEFORE.search(text, max(0, start - 8), start):
        return True
    return bool(_SPELLED_BEFORE.search(text, max(0, start - 10), start) or _SPELLED_AFTER.match(text, end))
