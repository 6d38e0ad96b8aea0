"""A text as a pretrained encoder reads it: pieces of words and where they stand, cut into windows that overlap.

The encoder's tokenizer takes a line's end for a blank. Notes say much by lines (a list of patients, a letter's head),
so each line is cut into pieces by itself and the encoder's own mark for the end of a sentence is put between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

WINDOW = 190
"""Pieces that the encoder reads at once: a note of two paragraphs; attention over more costs more than it tells."""

LAP = 40
"""Pieces that two windows share at least, so that each piece has neighbours on both sides in one of them."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text: their ids, and where each begins and ends in it (code points)."""

    ids: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, id: int, start: int, end: int) -> None:
        """One more piece at the end."""
        self.ids.append(id)
        self.starts.append(start)
        self.ends.append(end)


def pieces(texts: Sequence[str], tokenizer: Any, line_end: int) -> list[Pieces]:
    """The pieces of each text by a `tokenizers.Tokenizer`, `line_end` between its lines."""
    lines = [text.split("\n") for text in texts]
    read = iter(tokenizer.encode_batch([line for own in lines for line in own], add_special_tokens=False))
    return [_joined(own, read, line_end) for own in lines]


def _joined(lines: Sequence[str], read: Any, line_end: int) -> Pieces:
    found = Pieces()
    at = 0
    for number, line in enumerate(lines):
        if number:
            found.add(line_end, at - 1, at)
        encoded = next(read)
        for id, (start, end) in zip(encoded.ids, encoded.offsets, strict=True):
            found.add(id, at + start, at + end)
        at += len(line) + 1
    return found


def windows(size: int) -> list[slice]:
    """Windows over `size` pieces, evenly laid; one window when all fit into it.

    >>> windows(3), windows(300)
    ([slice(0, 3, None)], [slice(0, 190, None), slice(110, 300, None)])
    """
    if size <= WINDOW:
        return [slice(0, size)] if size else []
    count = ceil((size - LAP) / (WINDOW - LAP))
    step = ceil((size - WINDOW) / (count - 1))
    starts = [min(number * step, size - WINDOW) for number in range(count)]
    return [slice(start, start + WINDOW) for start in starts]


def depth(window: slice, size: int) -> list[int]:
    """How far each piece of a window is from where the window cuts the text off: the larger, the more of it is seen.

    >>> depth(slice(0, 3), 3) == [3, 3, 3], depth(slice(2, 5), 9)
    (True, [0, 1, 0])
    """
    last = window.stop - 1
    return [
        min(size if window.start == 0 else at - window.start, size if window.stop == size else last - at)
        for at in range(window.start, window.stop)
    ]
