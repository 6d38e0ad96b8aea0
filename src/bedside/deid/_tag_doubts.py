"""What the tagger is too unsure of: unlisted names, letters of a list, codes of procedures, fields of a message."""

from __future__ import annotations

import re

from bedside.deid._en_lexicon import group, lexicon
from bedside.deid._en_medical import PAIRS
from bedside.deid._en_person import CREDENTIAL_WORD
from bedside.deid._recogniser import Candidate

UNSURE = 0.6
"""Below this a lone person must be of a listed name: of 20 others in notes not learnt from, two were persons."""
UNSURE_HOUSE = 0.5
"""Below this a lone house or firm is none."""

_PEOPLE = ("NAME", "STAFF")
_WORDED = (*_PEOPLE, "HOSPITAL", "ORG")
_HOUSES = ("HOSPITAL", "ORG")
_PLACED = (*_WORDED, "ADDRESS")
_FIGURED = ("ID", "PHONE", "ACCOUNT", "AGE_OVER_89", "BED/ROOM", "ADDRESS")
_DAY_CUT = re.compile(r"\d{1,2}\.|(?:\d{1,2})?(?:st|nd|rd|th)")
"""The first figures of a result, and the number of a dose: "INR 2.6", "| 3rd, Normal"."""
_IN_TABLE = re.compile(r"\| ?\Z")
_REST = re.compile(r"\d[.,]\Z")
_SPELLED_BEFORE = re.compile(r"(?i:\b(?:over|hundred|point|at|nineteen|percent)) \Z")
_SPELLED_AFTER = re.compile(
    r"[ -]?(?:percent|%|over|milli|mg|degrees|units|pounds|point|beats|out of|and \w+ degrees|\w+ty\b)"
)
_YOUNGER = re.compile(
    r"(?i:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty)"
    r"\b)|[1-8]\d(?!\d)"
)
_VITAL_BEFORE = re.compile(r"\b(?:HR|BP|RR|P|pulse|sats?|SpO2|O2|weight|wt) ?:? ?\Z")
_BILLED = re.compile(r"\(\d{5}\)|\n\d{5} [A-Z]{2,4} [a-z]")
_NUMBERED = ("ID", "LICENSE_PLATE", "ACCOUNT")
_SERVICES = (
    group("services") | frozenset(["women", "men", "children", "district", "community", "radiation", "short"])
) - {"general"}
_DISCIPLINE = re.compile(r"\w{3,}(?:ology|iatry|iatrics?|nursing|surgery|surgical|medicine)\Z")
_COUNTRIES = group("countries") - lexicon().given
_BRANDS = group("brands") | group("languages") | _COUNTRIES
"""No place, house or person on the tagger's word alone: cars, drinks and games, languages, countries."""
_NO_NAMES = group("stop")
_LISTED_BEFORE = re.compile(r"[,\n]\s*\Z")
_LETTER = re.compile(r"[a-z] \d+\Z")
CAPITALISED = re.compile(r"(?:^|(?<=[.:!?]\s)|(?<=\n))[A-Z][a-z]")
"""Words that begin a sentence."""
_INITIALS = re.compile(r"(?:[A-Z]\.[ ]?)+\Z|[A-Z][a-z]?\Z")
_PROCEDURE = re.compile(r"(?<![\w-])[A-EGHJ-MP-TV]\d{4}(?![\w-])")
"""A code of HCPCS level II, or of CDT (D): one letter, four figures, e.g. J1100, D2740 (CMS; American Dental Association)."""
_LOT_BEFORE = re.compile(r"\b(?i:lot|batch|kit|form|sop|model|ref\.?)[ .:#]{0,3}[A-Z]{0,2}\Z")
_LAST_WORD = re.compile(r"([A-Za-z.]+)[ ]\Z")
_NO_BED = re.compile(r"\b(?:[Dd]ay|[Bb]ike|[Ll]evel|[Gg]rade|[Ss]tage)\b")
_MESSAGE = re.compile(r"(?:MSH|EVN|PID|PV[12]|ORC|OBR|IN1|NK1|GT1|AL1|DG1|OBX\|\d*\|(?:NM|SN|CE|CWE))\|")
"""Segments of a message whose fields are known by their place (`_en_messages.py`)."""
_TITLE_BEFORE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Nurse|Sister|Sr|Pt|Patient)\.? \Z")
_SIGNED_BEFORE = re.compile(r"(?:\A|\n|[-–—~/|] ?)\Z")
_LINE_ENDS = re.compile(r"[ \t.]*(?:\n|\Z)")
_SURNAME_BEFORE = re.compile(r"[A-Za-z]{2},\Z|& \Z")
_JOINED = re.compile(r"\.?[\w'’-]")


def is_doubtful(text: str, run: Candidate, *, alone: bool) -> bool:
    """Whether a find needs more than the tagger's word for it.

    >>> said = "Crown D2740, chart D-2740"
    >>> [is_doubtful(said, Candidate(at, end, "ID", 0.8, ""), alone=True) for at, end in ((6, 11), (19, 25))]
    [True, False]
    """
    shown = text[run.start : run.end]
    if run.type == "BED/ROOM" and (_NO_BED.search(shown) or text.startswith("/", run.end)):
        return True
    if run.type == "BED/ROOM" and shown.isdecimal() and _IN_TABLE.search(text, max(0, run.start - 2), run.start):
        return True
    if run.type in _NUMBERED and (
        _is_procedure(text, run) or _LOT_BEFORE.search(text, max(0, run.start - 12), run.start)
    ):
        return True
    if _MESSAGE.match(text, text.rfind("\n", 0, run.start) + 1):
        return True
    if run.type == "DATE" and _DAY_CUT.fullmatch(shown) and not text.endswith("the ", 0, run.start):
        return True
    if run.type in _FIGURED and _is_rest(text, run):
        return True
    if alone and run.type in _PLACED and _is_common(text, run):
        return True
    if run.type not in _WORDED or not shown.isascii():
        return False
    if run.type in _PEOPLE and len(shown) == 1 and alone and not _is_initial(text, run):
        return True
    if _follows_credential(text, run) or (alone and shown.isupper() and len(shown) < 5 and shown.lower() in _NO_NAMES):
        return True
    if not alone:
        return False
    words = shown.lower().split()
    if run.type in _HOUSES and _is_service(words):
        return True
    if run.type in _HOUSES:
        return run.score < UNSURE_HOUSE
    return run.score < UNSURE and not _is_listed(shown)


def _is_common(text: str, run: Candidate) -> bool:
    """Whether a find is a brand, a language or a country (but for the last line of an address), or an everyday word.

    Everyday words in small letters count where sentences have capitals: "a guy called Rico".
    """
    shown, lex = text[run.start : run.end], lexicon()
    words = [word for word in map(_bare, shown.split()) if word]
    if " ".join(words[-2:]).lower() in PAIRS:
        return True
    brands = [
        word for word in words if word.lower() in _BRANDS and not (run.type in _PEOPLE and lex.is_name(word.lower()))
    ]
    if brands and all(word in brands or lex.is_ordinary(word) for word in words):
        last = run.type == "ADDRESS" and _LISTED_BEFORE.search(text, max(0, run.start - 3), run.start)
        return not (last and words[0].lower() in _COUNTRIES)
    if run.type not in _PEOPLE or not (shown.islower() and shown in lex.words):
        return False
    return len(CAPITALISED.findall(text, max(0, run.start - 150), run.end + 150)) > 1


def _bare(word: str) -> str:
    return word.strip(",.&")


def _is_rest(text: str, run: Candidate) -> bool:
    """Whether figures are the rest of a number, of a pressure or dose told in words, or a billed service."""
    start, end = run.start, run.end
    if run.type == "ID" and _LETTER.match(text[start:end]):
        return True
    if _REST.search(text, max(0, start - 2), start) and text[start].isdecimal():
        return True
    if run.type == "AGE_OVER_89":
        if _YOUNGER.match(text, start) or _VITAL_BEFORE.search(text, max(0, start - 8), start):
            return True
        return bool(_SPELLED_BEFORE.search(text, max(0, start - 10), start) or _SPELLED_AFTER.match(text, end))
    return run.type == "PHONE" and _BILLED.match(text, max(0, start - 1)) is not None


def _is_procedure(text: str, run: Candidate) -> bool:
    codes = _PROCEDURE.finditer(text, max(0, run.start - 1), run.end + 1)
    return any(code.start() <= run.start and run.end <= code.end() for code in codes)


def _is_service(words: list[str]) -> bool:
    """Whether a house has no name but what it does: "Radiation Oncology", "District Nursing"; "County General" has."""
    plain = [word.partition("'")[0] for word in words]
    return all(word in _SERVICES or _DISCIPLINE.match(word) for word in plain)


def _is_initial(text: str, run: Candidate) -> bool:
    """Whether one letter stands for a person: behind a title, joined to a name, or signing a line."""
    if _TITLE_BEFORE.search(text, max(0, run.start - 9), run.start) or _JOINED.match(text, run.end):
        return True
    if _SURNAME_BEFORE.search(text, max(0, run.start - 3), run.start):
        return True
    return bool(_SIGNED_BEFORE.search(text, max(0, run.start - 2), run.start) and _LINE_ENDS.match(text, run.end))


def _follows_credential(text: str, run: Candidate) -> bool:
    """Whether a degree stands behind another: "MBChB FRCR"."""
    if not CREDENTIAL_WORD.match(text[run.start : run.end].replace(".", "")):
        return False
    before = _LAST_WORD.search(text, max(0, run.start - 12), run.start)
    return before is not None and CREDENTIAL_WORD.match(before[1].replace(".", "")) is not None


def _is_listed(shown: str) -> bool:
    lex = lexicon()
    if _INITIALS.match(shown):
        return True
    words = [(word.lower(), word.istitle()) for word in shown.split()]
    return any(
        lex.is_name(word) and not lex.is_ordinary(word) if titled else word in lex.given and word not in lex.words
        for word, titled in words
    )
