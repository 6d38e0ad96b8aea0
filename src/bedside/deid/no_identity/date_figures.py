"""Figures that look like a day and are none: so many days, sharpness of sight, scores, counts, hours, results."""

from __future__ import annotations

import re

_LENGTH = re.compile(r"\d{1,2}/(?:12|52|7)")
_LENGTH_BEFORE = re.compile(
    r"(?i:\b(?:past|last|over|surv|surveillance|recall|course|sx|symptoms|hx|history|legs|od|bd|tds|qds|nocte|cough|"
    r"fever|vomiting|diarrh(?:o?ea)|unwell|rash|headaches?|prednisolone|salbutamol))[ ,(]{0,2}\Z"
)
_LENGTH_AFTER = re.compile(r" (?:h/o|hx|history|of [a-z]|ago\b)")
_REVIEWED = re.compile(r"(?i:\b(?:review|r/v|follow-?up|f/u)) ?\Z")
_BRITISH_NOTE = re.compile(r"\b(?:tds|qds|\d{1,2}/52)\b")
"""Months, weeks and days as British notes write them: "200 mg bd 3/7", "2/7 of fever", "review 3/12"."""
_DAY_BEFORE = re.compile(
    r"(?i:\b(?:on|since|seen|dated?|until|till|by|due|from|before|next|to|start|started)) ?\Z|(?:\A|\n)\Z"
)
"""What says that a day follows after all; a line may begin with its day, too ("12.8 烧伤换药")."""
_ACUITY = re.compile(r"6/(?:[4-9]|12|18|24)")
_ACUITY_BEFORE = re.compile(
    r"(?:\b(?:VA|BCVA|UCVA|RE|LE|BE|OD|OS|OU|R|L|ph|cc|sc|aided|unaided|vision)|6/\d\d?)[:,; ]{0,2}\Z"
)
_ACUITY_AFTER = re.compile(r",? (?:ph|LE|RE|OS|OD|OU|L|N\d|J\d|6/\d|both|aided|unaided)\b")
"""Sharpness of sight by Snellen's chart at six metres: "VA 6/9, LE 6/12 ph 6/9"."""
_PAIR = re.compile(r"\d{1,2} ?/ ?\d{1,2}")
_SCORED = re.compile(
    r"\b(?i:hads|allred|spt|wheal|hist(?:amine)?|mmt|strength|power|reflexes|dtrs?|pulses|fly|wirt|psv|cpap|bipap|"
    r"session|treatment|"
    r"fraction|cycle|dose|page|step|part|slide)(?: scores?)?[ :]{1,2}\Z"
)
"""What is given as two figures: HADS 9/7, a weal 9/12, session 7/12."""
_SCORED_AFTER = re.compile(r",? ?(?:cores?|positive|pos|\d{1,3} ?%)")
_CLOCK_NEXT = re.compile(r":[0-5]\d(?!\d)")
"""After the number of a list and an hour: "2/ 08:25"."""
_DECIMAL = re.compile(r"\d{1,2}\.\d")
_FEW = re.compile(r"[1-9]-[1-9]")
"""A result, and some of a row: "Cr 9.8", "images 1-4"."""
_DOTTED = re.compile(r"\d{1,2}\.\d\d")
_MEASURED_BEFORE = re.compile(r"(?i:\b(?:now|version|replaces|policy|score|ratio|above|below|weight|wt|inr) ?)\Z")
"""What stands before a value or a version: "Version 3.14, replaces 3.11"."""
_CLOCK_LINE = re.compile(r"^(?:1?\d|2[0-3])\.[0-5]\d(?= [A-Za-z])", re.M)
_DOTTED_HOUR = re.compile(r"(?:1?\d|2[0-3])\.[0-5]\d")
_HOUR = re.compile(r"(?:1[89]|20)[0-5]\d")
_HOURS = re.compile(r"(?<![\w./:#-])(?<!\d[ -])0[0-9][0-5]\d(?![\w/:-])")
_YEAR_BEFORE = re.compile(
    r"(?i:\b(?:in|since|of|from|until|till|by|before|after|to|and|circa|c|ca|born|dob|yr|year|prior|old|new|s/p|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?|\d|[-/('’~])[ ,]{0,2}\Z"
)
_OUR_YEARS = frozenset(map(str, range(2000, 2032)))
_NEAR = 600
"""Characters within which a note that writes hours as four figures (0830) shows it."""


def is_no_day(text: str, start: int, end: int) -> bool:
    """Whether figures are a length of time, an hour, a score or a result.

    >>> said = "Trimethoprim 200 mg bd 3/7, VA 6/9, HADS 9/7, seen 6/9"
    >>> [is_no_day(said, at, at + 3) for at in (23, 31, 41, 51)]
    [True, True, True, False]
    """
    shown, before = text[start:end], text[max(0, start - 14) : start]
    if _PAIR.fullmatch(shown):
        return _is_length(text, shown, before, end) or _is_pair(text, shown, before, end)
    if _HOUR.fullmatch(shown):
        return _is_hour(text, shown, before, end)
    if _DOTTED.fullmatch(shown) and (_MEASURED_BEFORE.search(before) or _is_clock_of_a_list(text, start, end)):
        return True
    if _DOTTED_HOUR.fullmatch(shown):
        return before.endswith(" at ")
    return bool(_DECIMAL.fullmatch(shown) or _FEW.fullmatch(shown)) and not _DAY_BEFORE.search(before)


def _is_clock_of_a_list(text: str, start: int, end: int) -> bool:
    """Whether three lines at least begin with hours that rise, this one among them: "8.01 Kirsten Noble"."""
    if start and text[start - 1] != "\n":
        return False
    hours = [float(match.group()) for match in _CLOCK_LINE.finditer(text)]
    return len(hours) > 2 and hours == sorted(hours) and float(text[start:end]) in hours


def _is_length(text: str, shown: str, before: str, end: int) -> bool:
    """Whether a pair of figures is so many months or days."""
    if not _LENGTH.fullmatch(shown):
        return False
    if _LENGTH_BEFORE.search(before) or _LENGTH_AFTER.match(text, end):
        return True
    if shown.endswith("/12"):
        return _REVIEWED.search(before) is not None
    return shown.endswith("/7") and not _DAY_BEFORE.search(before) and _BRITISH_NOTE.search(text) is not None


def _is_pair(text: str, shown: str, before: str, end: int) -> bool:
    """Whether a pair of figures is what an eye reads, a score, a count, or a number of a list before an hour."""
    if _ACUITY.fullmatch(shown) and (_ACUITY_BEFORE.search(before) or _ACUITY_AFTER.match(text, end)):
        return True
    return bool(_SCORED.search(before) or _SCORED_AFTER.match(text, end) or _CLOCK_NEXT.match(text, end))


def _is_hour(text: str, shown: str, before: str, end: int) -> bool:
    """Whether four figures are an hour ("1912"), in a note that has others ("0830"), and no year is spoken of."""
    if shown in _OUR_YEARS or _YEAR_BEFORE.search(before):
        return False
    return _HOURS.search(text, max(0, end - _NEAR), end + _NEAR) is not None
