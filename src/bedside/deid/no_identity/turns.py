"""What a speaker says first in a transcript ("Patient: Well, I ...", "Doctor: Great!") is speech and nobody's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import lexicon
from bedside.deid.recognisers.names.en_person import CONTRACTED

_TURN = re.compile(
    r"^[ \t]*(?:\[?\d\d?:\d\d(?::\d\d)?\]?[ ])?(?:doctor|dr|doc|md|patient|pt|nurse|rn|clinician|provider|physician|"
    r"therapist|counsell?or|pharmacist|guest[_ ]\w+|mother|mom|mum|father|dad|parent|wife|husband|son|daughter|"
    r"caregiver|caller|interviewer|interpreter|client)[ ]?:[ \t]*(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE = re.compile(r"\S+[ ][^\n]*?(?<![\w])[a-z]+[ ][^\n]*?(?<![\w])[a-z]+")
"""Some words, of which two in small letters."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAID = "ah aha aw maam sir dang eh er erm hm hmm huh mhm mm nah ok oh uh uhm um wow yup i a"
_INTERJECTIONS = frozenset(_SAID.split())
_PEOPLE = ("NAME", "STAFF")


def without_speech(text: str, found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates without people made of a turn's first everyday words; a text without turns is left as it is.

    >>> said = "Doctor: How are you?\\nPatient: Well, it hurts a lot."
    >>> without_speech(said, [Candidate(30, 34, "NAME", 0.9, ""), Candidate(36, 38, "DATE", 0.9, "")])
    [Candidate(start=36, end=38, type='DATE', score=0.9, by='')]
    """
    kept = list(found)
    if not any(one.type in _PEOPLE and _follows_colon(text, one.start) for one in kept):
        return kept
    starts = _turns(text)
    return [one for one in kept if not (one.type in _PEOPLE and one.start in starts and _is_speech(text, one))]


def _follows_colon(text: str, start: int) -> bool:
    return text[max(0, start - 4) : start].rstrip(" \t").endswith(":")


def _turns(text: str) -> frozenset[int]:
    """Where what is said begins, in a text with two turns or more of which one is a sentence."""
    ends = [match.end() for match in _TURN.finditer(text)]
    if len(ends) < 2 or not any(_SENTENCE.match(text, end) for end in ends):
        return frozenset()
    return frozenset(ends)


def _is_speech(text: str, found: Candidate) -> bool:
    words = _WORD.findall(text[found.start : found.end].lower())
    return all(word in _INTERJECTIONS or lexicon().is_ordinary(word) or CONTRACTED.match(word) for word in words)
