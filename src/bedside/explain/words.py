"""Words of a text, or of two: where they stand, how texts read without some of them, and what tokens hand to them.

How a text reads without a word depends on what is asked of it: a word, or a sentence, is left out (`word`, `sentence`);
or it is blanked out, letter by letter (`blank`), where the answer stands at a place of the text and has to keep it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\u3400-\u9fff]+(?:[.'’-][^\W\u3400-\u9fff]+)*|[\u3400-\u9fff]+|[^\w\s]")


_STOP = re.compile(r"[。！？；\n]+|[.!?;]+(?=\s|$)")
_LETTER = re.compile(r"[^\W\d_\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")
_HAN = re.compile(r"[\u3400-\u9fff]")


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


def sentences_of(text: str) -> list[Word]:
    """Sentences with their places, without the spaces around them; a decimal point ends none.

    >>> text = "BP 120/80, temp 38.5 today. 无咳嗽。发热三天"
    >>> [text[w.start : w.end] for w in sentences_of(text)]
    ['BP 120/80, temp 38.5 today.', '无咳嗽。', '发热三天']
    """
    found: list[Word] = []
    start = 0
    for match in _STOP.finditer(text):
        found.append(Word(start, match.end()))
        start = match.end()
    found.append(Word(start, len(text)))
    kept = []
    for one in found:
        said = text[one.start : one.end]
        lead = len(said) - len(said.lstrip())
        if said.strip():
            kept.append(Word(one.start + lead, one.start + lead + len(said.strip())))
    return kept


def parts_of(texts: Sequence[str], how: str) -> list[Word]:
    """The words of both texts; or the sentences, where there are several."""
    whole = sentences_of(texts[0]) if how == "sentence" else []
    return whole if len(whole) > 1 else words_of_both(texts)


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


def blanked(text: str, words: Sequence[Word]) -> str:
    """The text with some words blanked out, every other one where it was.

    >>> blanked("no T38 胸痛", [Word(3, 6), Word(7, 9)])
    'no x00 某某'
    """
    letters = list(text)
    for word in words:
        for at in range(word.start, word.end):
            letters[at] = _blank(text[at])
    return "".join(letters)


def both_without(texts: Sequence[str], words: Sequence[Word], how: str = "word") -> tuple[str, ...]:
    """Both texts with some words left out, or blanked out."""
    taken = blanked if how == "blank" else without
    return tuple(taken(text, [word for word in words if word.part == part]) for part, text in enumerate(texts))


def _blank(letter: str) -> str:
    """What stands for a letter, a digit, a Chinese character (某 is "some") or a mark that is blanked out."""
    if _HAN.match(letter):
        return "某"
    return "x" if _LETTER.match(letter) else "0" if _DIGIT.match(letter) else " "


def to_words(shares: Array, spans: Sequence[tuple[int, int]], words: Sequence[Word]) -> Array:
    """Tokens' shares handed to the words they overlap, by the code points they have in common."""
    scores = np.zeros(len(words))
    for share, (start, end) in zip(shares, spans, strict=True):
        common = np.array([max(0, min(end, word.end) - max(start, word.start)) for word in words], dtype=float)
        if common.sum() > 0:
            scores += share * common / common.sum()
    return scores
