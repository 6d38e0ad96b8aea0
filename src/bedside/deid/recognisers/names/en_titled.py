"""English names behind a title: Mr. Brown, Nurse Payne, "mrs close", and those joined to them by "and"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import Lexicon, group
from bedside.deid.lexicon.english_medical import PAIRS, is_medical
from bedside.deid.recognisers.names.en_cues import (
    AND_NEXT,
    PARTICLED,
    STAFF_TITLE,
    TITLE,
    WEAK_TITLE,
    first_word,
    is_candidate,
)
from bedside.deid.recognisers.names.en_cues_behind import CREDENTIAL
from bedside.deid.recognisers.names.en_person import COMMON_SURNAMES, NEVER_FIRST, STOP, read_name, shouts

LANGUAGES = group("languages")
UNTITLED = frozenset(
    ["best", "good", "east", "west", "north", "street", "house", "park", "church", "ward", "short", "small"]
)
"""Common surnames that follow "dr" and "mr" as words more often: "the dr good", "mr short axis"."""


def _addressed(text: str, title: str, at: int, dotted: bool, lex: Lexicon) -> bool:
    """Whether the word at `at` is someone's name after `title`, and not "doctor will" or "MS relapse"."""
    word = first_word(text, at)
    low = word.lower().rstrip(".").split("-")[0]
    if not word[:1].isupper() and not PARTICLED.match(text, at):
        return _addressed_small(title, low, dotted, lex)
    if title == "Miss" and text[max(0, at - 7) : at - 5].isalpha() and low not in NEVER_FIRST:
        return True
    if title == "MS" and not dotted:
        return lex.is_name(low) and not lex.is_ordinary(low)
    weak = title == "doctor" or (title.lower() in WEAK_TITLE and not dotted)
    return not weak or is_candidate(word, lex, shouts(text, at))


def _addressed_small(title: str, low: str, dotted: bool, lex: Lexicon) -> bool:
    """Whether a word in small letters is a name after a title in small letters: "mrs close", "dr mathai"."""
    if title == "mrs" or (title in ("ms", "mr") and dotted):
        return low not in STOP
    if title not in ("mr", "dr"):
        return lex.is_name(low) and low not in lex.words and title.lower() != "doctor"
    if low in COMMON_SURNAMES and low not in UNTITLED:
        return True
    return low not in lex.words and low not in STOP and len(low) > 2 and not is_medical(low, lex)


QUALIFIED = re.compile(rf"[ ][A-Z][a-z]{{2,}}(?=,?[ ]{CREDENTIAL}(?![\w-]))")
"""A surname that is a word, before a degree: "Dr. Srinivas Chary MD"."""


def _to_credentials(text: str, end: int) -> int:
    surname = QUALIFIED.match(text, end)
    return surname.end() if surname else end


SIZE_BEFORE = re.compile(r"\d[ -]?\Z")
"""Before "Fr" or "ms": a catheter's size or a time, not a priest or a lady."""
SHARED = ("drs", "dr", "messrs", "mr", "ms", "mrs")
"""Titles that several names can share."""
CREDENTIAL_TITLES = frozenset(["rn", "lpn", "cna", "crna", "cnm", "np", "nnp"])
"""With a full stop these end a sentence: "Holly Brandvold, CNM. Nuchal cord reduced"."""


def titled(text: str, lex: Lexicon) -> Iterator[Candidate]:
    """Mr., Dr., Nurse ... and the names joined to them by "and"."""
    for match in TITLE.finditer(text):
        title, at = match["title"].lower(), match.end()
        if _is_no_title(text, match, title, lex):
            continue
        word = first_word(text, at)
        end = read_name(text, at, lex, lower=word[:1].islower(), most=4)
        if end == at and word.islower():
            end = at + len(word.rstrip("."))
        if end == at:
            continue
        kind = "STAFF" if title in STAFF_TITLE else "NAME"
        end = _to_credentials(text, end)
        yield Candidate(at, end, kind, 0.95, "en_names.title")
        if title in SHARED:
            yield from _further(text, end, kind, title, lex)


def _is_no_title(text: str, match: re.Match[str], title: str, lex: Lexicon) -> bool:
    """Whether a title is a size, the end of a sentence, or before a word that is nobody's name."""
    at, dotted = match.end(), "." in match.group()
    if title in ("fr", "ms") and SIZE_BEFORE.search(text, max(0, match.start() - 4), match.start()):
        return True
    if dotted and (len(title) > 5 or title in CREDENTIAL_TITLES):
        return True
    word = first_word(text, at)
    if not _addressed(text, match["title"], at, dotted, lex):
        return True
    low = word.lower()
    return f"{title} {low}" in PAIRS or (low in LANGUAGES and title not in ("mr", "mrs", "ms", "dr"))


def _further(text: str, end: int, kind: str, title: str, lex: Lexicon) -> Iterator[Candidate]:
    """The names joined to a titled one: "Drs. Ames and Bell"."""
    while joined := AND_NEXT.match(text, end):
        begin = joined.end()
        if not is_candidate(first_word(text, begin), lex, shouts(text, begin)) and title != "drs":
            return
        end = read_name(text, begin, lex, most=3)
        if end == begin:
            return
        yield Candidate(begin, end, kind, 0.85, "en_names.title_joined")
