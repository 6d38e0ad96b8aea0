"""Words of a text, or of two: where they stand, how texts read without some of them, and what tokens hand to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\u3400-\u9fff]+(?:[.'’-][^\W\u3400-\u9fff]+)*|[\u3400-\u9fff]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word's place in the text, or second text (`part` 1), in code points, end exclusive; and its share."""

    start: int
    end: int
    score: float = 0.0
    part: int = 0


def words_of(text: str) -> list[Word]:
    """Words and marks with their places; Chinese is segmented.

    >>> [(w.start, w.end) for w in words_of("no chest-pain.")]
    [(0, 2), (3, 13), (13, 14)]
    """
    found = []
    for match in _WORD.finditer(text):
        if _CHINESE.fullmatch(match[0]):
            import rjieba

            at = match.start()
            found += [Word(at + start, at + end) for _, start, end in rjieba.tokenize(match[0])]
        else:
            found.append(Word(match.start(), match.end()))
    return found


def words_of_both(texts: Sequence[str]) -> list[Word]:
    """The words of a text, then those of the second.

    >>> [(word.part, word.start) for word in words_of_both(["cough", "no cough"])]
    [(0, 0), (1, 0), (1, 3)]
    """
    return [replace(word, part=part) for part, text in enumerate(texts) for word in words_of(text)]


def without(text: str, words: Sequence[Word]) -> str:
    """The text with some words left out.

    >>> without("no chest pain", [Word(0, 2)])
    'chest pain'
    """
    kept, at = [], 0
    for word in sorted(words, key=lambda word: word.start):
        kept.append(text[at : word.start])
        at = word.end
    return " ".join("".join([*kept, text[at:]]).split(" ")).strip()


def both_without(texts: Sequence[str], words: Sequence[Word]) -> tuple[str, ...]:
    """Both texts with some words left out."""
    return tuple(without(text, [word for word in words if word.part == part]) for part, text in enumerate(texts))


def to_words(shares: Array, spans: Sequence[tuple[int, int]], words: Sequence[Word]) -> Array:
    """Tokens' shares handed to the words they overlap, by the code points they have in common."""
    scores = np.zeros(len(words))
    for share, (start, end) in zip(shares, spans, strict=True):
        common = np.array([max(0, min(end, word.end) - max(start, word.start)) for word in words], dtype=float)
        if common.sum() > 0:
            scores += share * common / common.sum()
    return scores
