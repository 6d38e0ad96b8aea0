"""Finds the words of a text in two languages, and which of its pieces begin a word, so that words are masked whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bedside.cleaning.language import HAN
from bedside.cleaning.segment import Segmenter

CONTINUES, BEGINS, MARK, LAST = range(4)
"""What a piece is: inside a word, its first; a blank or a mark, never masked; the mark that closes a document."""

WORD = re.compile(rf"{HAN.pattern}+|[^\W_{HAN.pattern[1:-1]}]+|\S")
SENTENCE_END = re.compile(r"[。！？；!?;\n]|\.(?=\s|$)")
Flags = NDArray[np.uint8]
Offsets = Sequence[tuple[int, int]]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each word and sign, code points; Chinese is segmented by a dictionary of medical terms.

    >>> [text[a:b] for text in ["患者高血压病史, on amlodipine"] for a, b in word_spans(text)]
    ['患者', '高血压病', '史', ',', 'on', 'amlodipine']
    """
    found = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if not HAN.match(match[0]):
            found.append((start, end))
            continue
        for word in _segmenter().words(match[0]):
            found.append((start, start + len(word)))
            start += len(word)
    return found


def piece_flags(text: str, offsets: Offsets) -> Flags:
    """`BEGINS`, `CONTINUES` or `MARK` (a blank) for each piece; a piece over several words makes them one.

    >>> piece_flags("chest pain", [(0, 3), (3, 5), (5, 6), (6, 10)]).tolist()
    [1, 0, 2, 1]
    """
    word_at = np.full(len(text) + 1, -1, np.int64)
    for number, (start, end) in enumerate(word_spans(text)):
        word_at[start:end] = number
    flags: Flags = np.empty(len(offsets), np.uint8)
    reached = -1
    for place, (start, end) in enumerate(offsets):
        touched = word_at[start:end]
        touched = touched[touched >= 0]
        if not len(touched):
            flags[place] = MARK
            continue
        flags[place] = BEGINS if touched[0] > reached else CONTINUES
        reached = max(reached, int(touched[-1]))
    return flags


def sentence_cuts(text: str, offsets: Offsets, flags: Flags) -> NDArray[np.int64]:
    """Numbers of pieces after which a document may be cut: at the end of a sentence, never inside a word.

    >>> sentence_cuts("No fever. Cough.", [(0, 2), (3, 8), (8, 9), (10, 15), (15, 16)], np.ones(5, np.uint8)).tolist()
    [3, 5]
    """
    ends = np.asarray([end for _, end in offsets], np.int64)
    after = [match.end() for match in SENTENCE_END.finditer(text)]
    cuts = np.unique(np.searchsorted(ends, after, side="right"))
    cuts = cuts[(cuts > 0) & (cuts <= len(offsets))]
    inside = np.append(flags == CONTINUES, False)
    return cuts[~inside[cuts]]


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
