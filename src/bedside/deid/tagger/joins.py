"""Which neighbouring finds of the tagger are one: Chinese characters of different kinds, and what it half sees.

Of 简爱民 it takes 简 and 民 for a patient and 爱 for staff; of 阳光家园洗车坊 it is not sure of the last characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bedside.deid.lexicon.chinese import is_word
from bedside.deid.recognisers.names.zh_shapes import surnames
from bedside.deid.tagger.checks import no_names
from bedside.deid.tagger.tokens import Tokens
from bedside.types import IDENTITY_TYPES

CLEAR = 0.4
"""Persons that touch are one from here on, whatever words are in the name."""

LIKELY = 0.1
"""A character beside a find belongs to it from here on: a name ends seldom where the tagger begins to waver."""

Run = tuple[int, int, int]
"""The first and the last token of a find, and its kind."""

_HAN = ("\u3400", "\u9fff")
_NAMED = tuple(map(IDENTITY_TYPES.index, ("NAME", "STAFF", "HOSPITAL", "ORG", "ADDRESS")))
_PEOPLE = _NAMED[:2]
_LONGEST_NAME = 4


def joined(text: str, found: Tokens, sure: Sequence[float], runs: Sequence[Run]) -> Iterator[Run]:
    """Runs with the likely characters beside them, and as one where two that touch are one name."""
    last: Run | None = None
    for run in _stretched(text, found, sure, runs):
        if last and _are_one(text, found, sure, last, run):
            last = (last[0], run[1], last[2] if last[1] - last[0] >= run[1] - run[0] else run[2])
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def _are_one(text: str, found: Tokens, sure: Sequence[float], one: Run, other: Run) -> bool:
    """Whether two finds touch in Chinese characters, and are persons, or one of them is a single character."""
    if other[0] != one[1] + 1 or not (one[2] in _NAMED and other[2] in _NAMED) or not _touch(text, found, other[0]):
        return False
    if one[2] in _PEOPLE and other[2] in _PEOPLE:
        whole = sure[one[0] : other[1] + 1]
        return min(whole) > CLEAR or _may_be_person(text[found.starts[one[0]] : found.end(other[1])])
    return one[0] == one[1] or other[0] == other[1]


def _may_be_person(shown: str) -> bool:
    """Whether no everyday word begins a name, or stands in one without a surname: 简爱民, but not 嫩玉米 or 劳逸和."""
    if len(shown) > _LONGEST_NAME or (len(shown) > 2 and is_word(shown[:2])):
        return False
    return shown[0] in surnames() or not any(is_word(shown[at : at + 2]) for at in range(1, len(shown) - 1))


def _stretched(text: str, found: Tokens, sure: Sequence[float], runs: Sequence[Run]) -> Iterator[Run]:
    """Runs of named things with the likely characters in front and behind."""
    floor = 0
    for number, (first, last, kind) in enumerate(runs):
        ceiling = runs[number + 1][0] if number + 1 < len(runs) else len(found)
        if kind in _PEOPLE and last + 1 < ceiling and sure[last + 1] > LIKELY and _touch(text, found, last + 1):
            last += _may_be_person(text[found.starts[first] : found.end(last + 1)])
        elif kind in _NAMED[2:] and last > first and text[found.starts[first] : found.end(last)] not in no_names():
            while first > floor and sure[first - 1] > LIKELY and _touch(text, found, first):
                first -= 1
            while last + 1 < ceiling and sure[last + 1] > LIKELY and _touch(text, found, last + 1):
                last += 1
        floor = last + 1
        yield first, last, kind


def _touch(text: str, found: Tokens, token: int) -> bool:
    """Whether a token and the one before it are Chinese characters with nothing between."""
    at = found.starts[token]
    return found.end(token - 1) == at and all(_HAN[0] <= sign <= _HAN[1] for sign in text[at - 1 : at + 1])
