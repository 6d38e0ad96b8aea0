"""Finds what the chart itself says identifies the patient: names, numbers, addresses, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bedside.deid._recogniser import Candidate
from bedside.deid.actions.date_forms import MONTHS
from bedside.deid.mentions.of_names import mentions
from bedside.deid.mentions.ordinary import ENGLISH
from bedside.types import Identifier

SCORE = 0.99
MIN_DIGITS = 5
MIN_LETTERS = 3
"""Shorter values (bed 7) would hit every dose and count; they are left to the recognisers, which see the context."""

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def known_candidates(text: str, known: Iterable[Identifier]) -> list[Candidate]:
    """Every place where a known identifier stands: spaces, case, width, hyphens and accents do not hide it.

    Names also by surname, given name with care, turned round and as initials (see `_mentions`).
    """
    known = tuple(known)
    if not known or not text:
        return []
    people: dict[str, list[str]] = {}
    for person in known:
        if person.type in ("NAME", "STAFF"):
            people.setdefault(person.type, []).append(person.value)
    found = [
        Candidate(start, end, type, SCORE, "known name")
        for type, names in people.items()
        for start, end in mentions(text, names)
    ]
    if wanted := _wanted(known):
        found += _folded_hits(text, wanted)
    return found


@lru_cache(maxsize=8)
def _wanted(known: tuple[Identifier, ...]) -> tuple[tuple[str, str], ...]:
    """What is looked for of one patient; kept, since it is the same for every text of a chart."""
    every = ((folded, k.type) for k in known if not _by_mention(k) for folded in _keys(k) if _long_enough(folded))
    return tuple(dict.fromkeys(every))


def fold(text: str) -> tuple[str, Sequence[int]]:
    """The letters and digits of a text, compatibility-folded and lower-cased, and where each came from.

    >>> fold("Ａ-1 é")
    ('a1e', [0, 2, 4])
    """
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = _fold_char(char)
        if folded:
            letters.append(folded)
            places.extend([place] * len(folded))
    return "".join(letters), places


@lru_cache(maxsize=65_536)
def _fold_char(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char).casefold()
    return "".join(part for part in parts if part.isalnum())


def _keys(identifier: Identifier) -> Iterator[str]:
    """A value, folded, and its other common forms: a phone without its country code, a birth date in each order."""
    folded = fold(identifier.value)[0]
    yield folded
    if identifier.type == "PHONE" and len(folded) > 10:
        yield re.sub(r"\A(?:00)?(?:86(?=1)|1(?=[2-9]\d{9}\Z))", "", folded)
    if identifier.type == "DATE" and (date := _DATE.match(identifier.value)):
        year, month, day = date.group(1), int(date.group(2)), int(date.group(3))
        yield from {f"{year}{month:02}{day:02}", f"{month:02}{day:02}{year}", f"{day:02}{month:02}{year}"}
        yield from {f"{year}年{month}月{day}日", f"{year}年{month:02}月{day:02}日"}
        for name in (MONTHS[month - 1][:3], MONTHS[month - 1]) if 0 < month < 13 else ():
            yield from (f"{name}{day}{year}", f"{name}{day:02}{year}", f"{day}{name}{year}", f"{day:02}{name}{year}")


def _by_mention(identifier: Identifier) -> bool:
    """Single words that are also ordinary ones (Green, Reading), and short Chinese names, need their context."""
    value = identifier.value.strip()
    if identifier.type in ("NAME", "STAFF"):
        return len(value.split()) < 2 if value.isascii() else len(fold(value)[0]) < 3
    return value.casefold() in ENGLISH


def _long_enough(folded: str) -> bool:
    if folded.isascii():
        return len(folded) >= (MIN_DIGITS if folded.isdigit() else MIN_LETTERS)
    return len(folded) >= 2


def _folded_hits(text: str, wanted: Sequence[tuple[str, str]]) -> list[Candidate]:
    """Hits on the folded text, carried back to the text as it is; a short value must not be part of a longer one."""
    folded, places = fold(text)
    found = []
    for key, type in wanted:
        at = folded.find(key)
        while at >= 0:
            start, end = places[at], places[at + len(key) - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            if _stands_alone(text, start, end, key):
                found.append(Candidate(start, end, type, SCORE, "known identifier"))
            at = folded.find(key, at + 1)
    return found


def _stands_alone(text: str, start: int, end: int, key: str) -> bool:
    if key.isascii() and key.isalpha() and text[start].islower():
        return False
    if not key.isascii() or (key.isdigit() and len(key) >= 10):
        return True
    kind = _digit if key[0].isdigit() else _latin
    before = start > 0 and kind(text[start - 1])
    kind = _digit if key[-1].isdigit() else _latin
    return not before and not (end < len(text) and kind(text[end]))


def _digit(char: str) -> bool:
    return char.isdigit()


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
