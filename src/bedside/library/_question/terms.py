"""The terms of a text for the lexical index: English words without their plural, Chinese in words, pairs, characters.

A Chinese text is cut into the words of a medical dictionary (of three characters or more), into overlapping pairs of
characters, which find what the dictionary cuts otherwise in the question than in the passage, and into characters,
which find what is worded otherwise: without them nDCG on cmedir was .08 lower (docs/design/009-library.md).
Sources: Harman 1991, "How effective is suffixing?" (the plural); Nie et al. 2000, "On the use of words and n-grams for
Chinese information retrieval".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from bedside.cleaning.normalize import normalize
from bedside.cleaning.segment import Segmenter

VERSION = 2
"""Raised when terms are cut otherwise: items count as changed then, but passages that stay are not indexed again."""

_RUN = re.compile(
    r"(?P<zh>[\u3400-\u9fff\uf900-\ufaff]+)|(?:(?![\u3400-\u9fff\uf900-\ufaff])[^\W_])+(?:['’][a-z]{1,2}\b)?"
)


def terms_of(text: str) -> list[str]:
    """The terms of a text, as often as they occur.

    >>> terms_of("Kidneys' diseases"), terms_of("糖尿病肾病")
    (['kidney', 'disease'], ['糖尿病肾病', '糖', '尿', '病', '肾', '病', '糖尿', '尿病', '病肾', '肾病'])
    >>> terms_of("B超检查")
    ['b', '超', '检', '查', '超检', '检查']
    """
    return [term for term, _, _ in placed_terms(normalize(text))]


def placed_terms(text: str) -> Iterator[tuple[str, int, int]]:
    """Each term with where it stands in the text: code points, end exclusive."""
    for run in _RUN.finditer(text):
        if run["zh"]:
            yield from _chinese(run.group(), run.start())
        else:
            for piece in _latin(run.group()):
                yield piece, run.start(), run.end()


def key_of(term: str) -> int:
    """A term as the index knows it: 64 bits of its hash."""
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=200_000)
def _latin(word: str) -> tuple[str, ...]:
    """One word, as the term it is."""
    return (singular(re.sub(r"['’][a-z]{1,2}$", "", word.lower())),)


def singular(word: str) -> str:
    """An English word without its plural; short ones and those in -us, -ss and -is as they are.

    >>> [singular(one) for one in ("biopsies", "diseases", "virus", "gas", "metastasis")]
    ['biopsy', 'disease', 'virus', 'gas', 'metastasis']
    """
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ies") and not word.endswith(("aies", "eies")):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("us", "ss", "is")):
        return word[:-1]
    return word


def _chinese(run: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Words of three characters or more, then all characters, then all pairs."""
    if len(run) > 2:
        place = at
        for word in _segmenter().words(run):
            if len(word) > 2:
                yield word, place, place + len(word)
            place += len(word)
    for place, one in enumerate(run, at):
        yield one, place, place + 1
    for place, (one, two) in enumerate(pairwise(run), at):
        yield one + two, place, place + 2


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
