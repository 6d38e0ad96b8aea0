"""Which words the tagger's word is not enough for: unlisted names, letters of a list, brands, countries, services."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import group, lexicon
from bedside.deid.lexicon.english_medical import PAIRS, is_finding
from bedside.deid.recognisers.names.en_person import CREDENTIAL_WORD

UNSURE = 0.6
"""Below this a lone person must be of a listed name: of 20 others in notes not learnt from, two were persons."""
UNSURE_HOUSE = 0.5
"""Below this a lone house or firm is none."""

_PEOPLE = ("NAME", "STAFF")
_HOUSES = ("HOSPITAL", "ORG")
_PLACED = (*_PEOPLE, *_HOUSES, "ADDRESS")
_SERVICES = group("services") - {"general"} | {
    "women",
    "men",
    "children",
    "district",
    "community",
    "radiation",
    "short",
}
_DISCIPLINE = re.compile(r"\w{3,}(?:ology|iatry|iatrics?|nursing|surgery|surgical|medicine)\Z")
_NO_NAMES = group("stop")
_LISTED_BEFORE = re.compile(r"[,\n]\s*\Z")
_CAPITALISED = re.compile(r"(?:^|(?<=[.:!?]\s)|(?<=\n))[A-Z][a-z]")
"""Words that begin a sentence."""
_INITIALS = re.compile(r"(?:[A-Z]\.[ ]?)+\Z|[A-Z][a-z]?\Z")
_LAST_WORD = re.compile(r"([A-Za-z.]+)[ ]\Z")
_TITLE_BEFORE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Nurse|Sister|Sr|Pt|Patient)\.? \Z")
_SIGNED_BEFORE = re.compile(r"(?:\A|\n|[-–—~/|] ?)\Z")
_LINE_ENDS = re.compile(r"[ \t.]*(?:\n|\Z)")
_SURNAME_BEFORE = re.compile(r"[A-Za-z]{2},\Z|& \Z")
_JOINED = re.compile(r"\.?[\w'’-]")


@cache
def _countries() -> frozenset[str]:
    return group("countries") - lexicon().given


@cache
def _common() -> frozenset[str]:
    """No place, house or person on the tagger's word alone: cars, drinks and games, languages, countries."""
    return group("brands") | group("languages") | _countries()


def is_doubtful(text: str, run: Candidate, *, alone: bool) -> bool:
    """Whether a person, house or place needs more than the tagger's word for it; `alone`: no other find touches it.

    >>> said = "Drives a Subaru"
    >>> one = Candidate(9, 15, "ORG", 0.8, "")
    >>> [is_doubtful(said, one, alone=alone) for alone in (True, False)]
    [True, False]
    """
    if run.type not in _PLACED:
        return False
    shown = text[run.start : run.end]
    if not alone:
        return shown.isascii() and _follows_credential(text, run)
    if _is_everyday(text, run):
        return True
    if run.type == "ADDRESS" or not shown.isascii():
        return False
    if _follows_credential(text, run):
        return True
    if run.type in _HOUSES:
        return run.score < UNSURE_HOUSE or _is_service(shown.lower().split())
    return _is_no_person(text, run, shown)


def _is_no_person(text: str, run: Candidate, shown: str) -> bool:
    if len(shown) == 1 and not _is_initial(text, run):
        return True
    if shown.isupper() and len(shown) < 5 and shown.lower() in _NO_NAMES:
        return True
    return run.score < UNSURE and (not _is_listed(shown) or is_finding(text, run.start, run.end))


def _is_everyday(text: str, run: Candidate) -> bool:
    """Whether a find is a brand, a language or a country (but for the last line of an address), or an everyday word.

    Everyday words in small letters count where sentences have capitals: "a guy called Rico".
    """
    shown, lex = text[run.start : run.end], lexicon()
    words = [word for word in (part.strip(",.&").lower() for part in shown.split()) if word]
    if " ".join(words[-2:]) in PAIRS:
        return True
    common = [word for word in words if word in _common() and not (run.type in _PEOPLE and lex.is_name(word))]
    if common and all(word in common or (word in shown and lex.is_ordinary(word)) for word in words):
        last = run.type == "ADDRESS" and _LISTED_BEFORE.search(text, max(0, run.start - 3), run.start)
        return not (last and words[0] in _countries())
    if run.type not in _PEOPLE or not (shown.islower() and shown in lex.words):
        return False
    return has_capitals(text, run)


def has_capitals(text: str, run: Candidate) -> bool:
    """Whether sentences near a find begin with a capital, so that small letters mean something."""
    return len(_CAPITALISED.findall(text, max(0, run.start - 150), run.end + 150)) > 1


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
    """Whether initials, or one word is in the lists of names; in small letters only a given name that is no word."""
    if _INITIALS.match(shown):
        return True
    lex = lexicon()
    words = [(word.lower(), word.istitle()) for word in shown.split()]
    return any(
        lex.is_name(word) and not lex.is_ordinary(word) if titled else word in lex.given and word not in lex.words
        for word, titled in words
    )
