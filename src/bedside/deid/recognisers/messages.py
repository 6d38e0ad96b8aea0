"""Identity in the fields of an HL7 v2 message pasted into a text: "PID|1||4471902^^^MRN||HALVORSEN^GRETCHEN".

Fields by the tables of HL7 v2.5.1, chapters 2 to 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import lexicon
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.patterns.anchors import Anchored

_FIELDS = {
    "MSH": {3: "HOSPITAL", 5: "HOSPITAL", 6: "DATE", 9: "ID"},
    "EVN": {2: "DATE", 5: "doctor", 6: "DATE", 7: "HOSPITAL"},
    "PID": {2: "ID", 3: "ID", 4: "ID", 5: "NAME", 6: "NAME", 7: "DATE", 9: "NAME", 11: "ADDRESS", 13: "PHONE"}
    | {12: "ADDRESS", 14: "PHONE", 18: "ACCOUNT", 19: "ID", 20: "ID", 21: "ID", 23: "ADDRESS", 29: "DATE"},
    "NK1": {2: "NAME", 4: "ADDRESS", 5: "PHONE", 6: "PHONE", 12: "ID", 13: "ORG", 26: "NAME", 30: "NAME", 31: "PHONE"}
    | {32: "ADDRESS", 33: "ID"},
    "GT1": {2: "ID", 3: "NAME", 4: "NAME", 5: "ADDRESS", 6: "PHONE", 7: "PHONE", 8: "DATE", 12: "ID", 16: "NAME"}
    | {17: "ADDRESS", 18: "PHONE", 19: "ID", 21: "ORG"},
    "IN1": {3: "ID", 4: "ORG", 5: "ADDRESS", 6: "NAME", 7: "PHONE", 8: "ID", 9: "ORG", 11: "ORG", 16: "NAME"}
    | {18: "DATE", 19: "ADDRESS", 36: "ID", 44: "ADDRESS", 49: "ID"},
    "PV1": {3: "BED/ROOM", 7: "doctor", 8: "doctor", 9: "doctor", 17: "doctor", 19: "ID", 44: "DATE", 45: "DATE"}
    | {52: "doctor"},
    "PV2": {8: "DATE", 9: "DATE", 13: "doctor", 23: "HOSPITAL"},
    "ORC": {2: "ID", 3: "ID", 9: "DATE", 10: "doctor", 11: "doctor", 12: "doctor", 14: "PHONE", 15: "DATE"}
    | {19: "doctor", 21: "HOSPITAL", 22: "ADDRESS", 23: "PHONE", 24: "ADDRESS"},
    "OBR": {2: "ID", 3: "ID", 6: "DATE", 7: "DATE", 8: "DATE", 10: "doctor", 14: "DATE", 16: "doctor", 17: "PHONE"}
    | {22: "DATE", 28: "doctor", 32: "doctor", 33: "doctor", 34: "doctor", 35: "doctor", 36: "DATE"},
    "DG1": {5: "DATE", 16: "doctor", 19: "DATE"},
    "AL1": {6: "DATE"},
    "OBX": {14: "DATE", 16: "doctor", 19: "DATE", 23: "HOSPITAL", 24: "ADDRESS", 25: "doctor"},
}
"""By segment, what each field holds; MSH is counted from the sign behind it, which is its own first field."""
SEGMENT = Anchored(rf"^(?:{'|'.join(_FIELDS)})\|[^\n]*", re.M)
_VALUE = re.compile(r"[^~]+")
_DOCTOR = re.compile(r"(?P<number>\w*)[\^&](?P<name>[^\W\d_][^~^&|]*(?:[\^&][^\W\d_][^~^&|]*){0,2})")
"""A number and a name; of who reads or types a result, the parts of both have & between them."""
_PERSON = re.compile(r"[^\W\d_][^~^|]*(?:\^[^\W\d_][^~^|]*){0,2}")
_NUMBER = re.compile(r"[\w-]*\d[\w-]*")
_NAME_ALONE = re.compile(r"[A-Z][A-Za-z'-]+\^[A-Z][A-Za-z'-]+(?:\^[A-Z]\.?)?")
"""A name in whatever field it was put: "|HADDAD^RIMA|"."""
_SCORE = 0.97


def recognise(text: str) -> list[Candidate]:
    """What the fields of each segment hold by their place in it.

    >>> said = "PID|1||4471902^^^MRN||HALVORSEN^GRETCHEN||19571103|F"
    >>> [said[one.start : one.end] for one in recognise(said)]
    ['4471902', 'HALVORSEN^GRETCHEN', '19571103']
    """
    return [one for line in SEGMENT.finditer(text) for one in _in_segment(text, line)] if "|" in text else []


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return (SEGMENT,)


def _is_only_a_name(word: str) -> bool:
    lex = lexicon()
    return lex.is_name(word) and word not in lex.words and not is_medical(word, lex)


def _in_segment(text: str, line: re.Match[str]) -> Iterator[Candidate]:
    held, at = _FIELDS[line.group()[:3]], line.start()
    for place, field in enumerate(line.group().split("|")):
        if field and place in held:
            for value in _VALUE.finditer(text, at, at + len(field)):
                yield from _in_value(text, value, held[place])
        elif _NAME_ALONE.fullmatch(field) and any(map(_is_only_a_name, field.lower().split("^"))):
            yield Candidate(at, at + len(field), "STAFF", _SCORE, "en_messages.name")
        at += len(field) + 1


def _in_value(text: str, value: re.Match[str], kind: str) -> Iterator[Candidate]:
    if kind == "doctor":
        doctor = _DOCTOR.match(text, *value.span())
        if doctor:
            yield Candidate(*doctor.span("number"), "ID", _SCORE, "en_messages.number")
            yield Candidate(*doctor.span("name"), "STAFF", _SCORE, "en_messages.doctor")
        return
    if kind in ("ADDRESS", "BED/ROOM"):
        yield Candidate(*value.span(), kind, _SCORE, "en_messages.field")
        return
    found = (_NUMBER if kind in ("ID", "DATE", "ACCOUNT", "PHONE") else _PERSON).match(text, *value.span())
    if found:
        yield Candidate(*found.span(), kind, _SCORE, "en_messages.field")
