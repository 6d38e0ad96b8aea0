"""How patients are found without a readable name in the store: keyed digests of the beginnings of words."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable

from bedside.types import RawChart

LONGEST = 12
"""A word is found by its first letters, up to so many; what is typed beyond them is not looked at."""
FOUND_BY = ("NAME", "ID", "PHONE")
_WORD = re.compile(r"\w+")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


def words_of(chart: RawChart) -> set[str]:
    """The words a patient is found by: those of names and numbers, each part of a Chinese name, the date of birth.

    >>> sorted(words_of(RawChart(patient="MRN-7", birth_date="1950-03-02")))
    ['1950-03-02', '7', 'mrn', 'mrn-7']
    """
    said = [known.value for known in chart.identifiers if known.type in FOUND_BY] + [chart.patient]
    plain = [_plain(text) for text in said]
    words = {word for text in plain for word in _WORD.findall(text)} | {word for text in plain for word in split(text)}
    words |= {run[start:] for text in plain for run in _CHINESE.findall(text) for start in range(1, len(run))}
    return words | ({chart.birth_date} if chart.birth_date else set())


def split(text: str) -> list[str]:
    """The words of a query.

    >>> split("O'Brien, Mary  1950-03-02")
    ["o'brien", 'mary', '1950-03-02']
    """
    return [word for part in _plain(text).split() if (word := part.strip(",.;，。；、"))]


def terms(key: bytes, words: Iterable[str]) -> set[str]:
    """The digests to store: of every beginning of every word."""
    return {term(key, word[:length]) for word in words for length in range(1, min(len(word), LONGEST) + 1)}


def term(key: bytes, beginning: str) -> str:
    """One digest, the same for the same beginning under the same key."""
    return hmac.digest(key, b"term " + beginning[:LONGEST].encode("utf-8", "replace"), "sha256").hex()[:32]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
