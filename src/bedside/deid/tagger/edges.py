"""Where a find of the tagger's begins and ends: without titles and verbs, with initials and the surname behind."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import lexicon
from bedside.deid.lexicon.english_medical import is_medical
from bedside.deid.recognisers.names.en_person import SMALL

_PEOPLE = ("NAME", "STAFF")
_HOUSES = ("HOSPITAL", "ORG")
_TITLE = re.compile(
    r"(?i:mr|mrs|ms|dr|prof|mme|mlle|mev|rabbi|imam|pastor|rev|fr|lt|sgt|cpl|pfc|capt|maj|col|det|trooper|officer)\b"
    r"\.?[ ]*"
)
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.[ ]?){1,3}\Z")
_WHEN = re.compile(r"(?:since|on|in|by|from|until|till?|at|for|to|of|w/c|w/e)[ ]")
_LAST = re.compile(r"[ ]([a-z]+)\Z")
_FIRST = re.compile(r"(?:[a-z]{3,}[ ])+(?=[A-Z])")
_LINKS = frozenset(["on", "at", "in", "and", "for", "to", "with", "by", "from", "near", "or", "is", "was"])
"""Words that no firm's name ends with."""
_GROUPS_NEXT = re.compile(r"(?:[ ]\d{3})+(?![\w/.]|[ ](?:mg|ml|mcg)\b)")
_DATE_NEXT = re.compile(r"/\d{1,2}(?:/(?:\d{4}|\d\d))?(?![\w/])")
_INITIAL_NEXT = re.compile(r"[ ][A-HJ-Z](?=[;,|)\n]|\Z| onset\b| \d{1,3} ?(?:y|yo|yr|yrs|mo)\b)")
_SHOUTED_NEXT = re.compile(r"[ ]([A-Z]{4,})(?![\w'’-])")
_SHOUTED = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})*\Z")


def untitled(text: str, run: Candidate) -> Candidate:
    """A find without the title before a name and the small words behind it; nothing is left of a title alone.

    >>> said = "Mr Ames agrees"
    >>> one = untitled(said, Candidate(0, 14, "NAME", 0.8, ""))
    >>> said[one.start : one.end]
    'Ames'
    """
    if run.type == "DATE":
        before = _WHEN.match(text, run.start, run.end)
        return run._replace(start=before.end()) if before else run
    if run.type not in (*_PEOPLE, *_HOUSES):
        return run
    title = _TITLE.match(text, run.start, run.end) if run.type in _PEOPLE else None
    start = title.end() if title else run.start
    end = run.end
    led = _FIRST.match(text, start, end) if run.type in _PEOPLE else None
    if led and all(_sticks_out(word, run) for word in led.group().split()):
        start = led.end()
    while text[start : start + 1].isupper() and (last := _LAST.search(text, start, end)) and _sticks_out(last[1], run):
        end = last.start()
    return run._replace(start=start, end=end)


def _sticks_out(word: str, run: Candidate) -> bool:
    """Whether a word in small letters is what somebody does or where, and no part of the name."""
    if run.type in _HOUSES:
        return word in _LINKS
    return word not in SMALL and lexicon().is_ordinary(word)


def bounded(text: str, run: Candidate) -> Candidate:
    """A person with the initials beside and the surname in capitals behind, a number with all its groups."""
    if run.type == "DATE" and (rest := _DATE_NEXT.match(text, run.end)) and text[run.end - 1].isdecimal():
        return run._replace(end=rest.end())
    if run.type == "ID":
        groups = _GROUPS_NEXT.match(text, run.end)
        return run._replace(end=groups.end()) if groups and text[run.end - 1].isdecimal() else run
    if run.type not in _PEOPLE:
        return run
    initials = _INITIALS.search(text, max(0, run.start - 9), run.start)
    following = _SHOUTED_NEXT.match(text, run.end) if _SHOUTED.match(text, run.start, run.end) else None
    if following is None or not _is_surname(following[1].lower()):
        following = _INITIAL_NEXT.match(text, run.end)
    return run._replace(
        start=initials.start() if initials else run.start, end=following.end() if following else run.end
    )


def _is_surname(word: str) -> bool:
    lex = lexicon()
    return word not in lex.words and not is_medical(word, lex) and (word in lex.surnames or len(word) > 5)
