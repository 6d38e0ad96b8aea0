"""Key terms of a paper: runs of words that say something, weighed by C-value; English by words, Chinese by a segmenter.

Source: Frantzi, Ananiadou, Mima, "Automatic recognition of multi-word terms: the C-value/NC-value method", Int J Digit
Libr 2000;3:115-130. A term in the title counts twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log2
from typing import TYPE_CHECKING

from bedside.library._question.terms import singular
from bedside.literature._paper import Paper

if TYPE_CHECKING:
    from bedside.cleaning.segment import Segmenter

LONGEST = 4
_RUN = re.compile(r"[A-Za-z][\w'’/+-]*(?:\([A-Z0-9]{1,6}\))?|[\u4e00-\u9fff]+|\d[\d.,]*|[^\s\w]")
_WORD = re.compile(r"[A-Za-z][\w'’/+-]*")
_KINDS = ("n", "nd", "ns", "nb", "ne", "nm", "np", "nz", "vn", "eng", "nt", "an", "l", "i")
"""Parts of speech that Chinese terms are made of: nouns, and the medical ones of the segmenter."""


_NO_END = re.compile(
    r"^(?!hospital|animal|protocol|clinic|canal|signal|seed|antibiotic).*(?:[^n]al|ive|ous|ic|[ia]ble|ed|ly|ary|ing|ent|ern)$"
)
"""Words that no term ends with: adjectives and verbs."""
_OFTEN = 2
"""Times that a single English word must be there to be a term (a title counts twice)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A key term as first written, with its weight (C-value), how often it is there, and its first place in the text.

    `start` is -1 where it stands in the title alone.
    """

    text: str
    weight: float
    count: int
    start: int
    end: int


def terms_of(paper: Paper, most: int = 10) -> list[Term]:
    """The terms of most weight, the best first.

    >>> paper = Paper(id="1", title="Ice in acute gout", text="Acute gout hurts. Ice eased acute gout in many.")
    >>> [one.text for one in terms_of(paper)][:2]
    ['Acute gout', 'Ice']
    """
    counts: Counter[tuple[str, ...]] = Counter()
    shown: dict[tuple[str, ...], tuple[str, int, int]] = {}
    for where, text, weight in (("text", paper.text, 1), ("title", paper.title, 2)):
        if where == "title" and paper.title == paper.text:
            continue
        for words, start, end in _candidates(text):
            counts[words] += weight
            place = (text[start:end], start, end) if where == "text" else (text[start:end], -1, -1)
            shown.setdefault(words, place)
    weights = _c_values(counts)
    ranked = sorted(weights, key=lambda one: (-weights[one], one))
    kept: list[tuple[str, ...]] = []
    for words in ranked:
        if len(kept) == most:
            break
        if not any(_inside(words, other) and counts[other] * 2 > counts[words] for other in kept):
            kept.append(words)
    return [Term(shown[one][0], round(weights[one], 3), counts[one], *shown[one][1:]) for one in kept]


def key_of(term: str) -> str:
    """The name under which one term is counted in many papers.

    >>> key_of("Heart Attacks"), key_of("高血压")
    ('heart attack', '高血压')
    """
    return " ".join(singular(one.lower()) for one in term.split())


def _candidates(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Runs of up to `LONGEST` words and what lies within them."""
    run: list[tuple[str, int, int]] = []
    for word, start, end in _words(text):
        if word:
            run.append((word, start, end))
            continue
        yield from _within(run)
        run = []
    yield from _within(run)


def _within(run: list[tuple[str, int, int]]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    for first in range(len(run)):
        for last in range(first + 1, min(first + LONGEST, len(run)) + 1):
            part = run[first:last]
            words = tuple(word for word, _, _ in part)
            if not _NO_END.search(words[-1]) and (len(part) > 1 or _says(words[0])):
                yield words, part[0][1], part[-1][2]


def _says(word: str) -> bool:
    """Whether a word can be a term by itself."""
    return word not in _stop()["alone"] and len(word) > (2 if word.isascii() else 1) and not word.startswith("组")


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of terms in their singular, "" for what parts them."""
    at = 0
    for found in _RUN.finditer(text):
        said = found[0]
        if text[at : found.start()].strip() or "\n" in text[at : found.start()]:
            yield "", at, at
        if "\u4e00" <= said[0] <= "\u9fff":
            yield "", found.start(), found.start()
            yield from _chinese(said, found.start())
            yield "", found.end(), found.end()
        elif _WORD.fullmatch(said) and said.lower() not in _stop()["part"] and not re.fullmatch(r"[A-Za-z]", said):
            yield singular(said.lower()), found.start(), found.end()
        else:
            yield "", found.start(), found.end()
        at = found.end()


def _chinese(run: str, at: int) -> Iterator[tuple[str, int, int]]:
    place = at
    for word, tag in _segmenter().tagged(run):
        parts = (
            word in _stop()["part"] or not (tag in _KINDS or tag.startswith("n")) or (len(word) == 1 and tag != "nb")
        )
        yield ("" if parts else word), place, place + len(word)
        place += len(word)


def _c_values(counts: Counter[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
    """log2 of the length times how often a term stands by itself: what longer ones hold of it is taken off."""
    holders: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for words in counts:
        for size in range(1, len(words)):
            for first in range(len(words) - size + 1):
                holders.setdefault(words[first : first + size], []).append(words)
    values = {}
    for words, count in counts.items():
        longer = holders.get(words, [])
        own = count - sum(counts[one] for one in longer) / len(longer) if longer else float(count)
        once = 0.5 if count < _OFTEN or (len(words) == 1 and words[0].isascii() and count <= _OFTEN) else 1.0
        values[words] = log2(len(words) + 1) * max(0.0, own) * once
    return {words: value for words, value in values.items() if value > 0}


def _inside(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    size = len(words)
    return any(other[first : first + size] == words for first in range(len(other) - size + 1))


@cache
def _stop() -> dict[str, frozenset[str]]:
    lines = files("bedside.literature").joinpath("data/stop.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, set[str]] = {"part": set(), "alone": set()}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            kind, *words = line.split()
            found[kind].update(words)
    return {kind: frozenset(words) for kind, words in found.items()}


@cache
def _segmenter() -> Segmenter:
    from bedside.cleaning.segment import Segmenter

    return Segmenter()
