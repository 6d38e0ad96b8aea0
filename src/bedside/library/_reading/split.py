"""Cuts an item's text into passages along its structure: blocks, then paragraphs, then sentences, up to a bound.

A passage never crosses a block, and `text[start:end]` is its text, to the character. Length is counted in units, which
need no model's vocabulary: a Chinese character, up to 12 letters of a word, up to 4 marks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.library._base import Block

BOUND = 200
"""Units of a passage at most: about 150 English words, which encoders read whole."""
VERSION = 1
"""Raised when texts are cut otherwise, so that items are cut anew at the next update."""

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_UNIT = re.compile(rf"[{_HAN}]|(?:(?![{_HAN}])\w){{1,12}}|[^\w\s]{{1,4}}")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")
_SENTENCE = re.compile(r"(?<=[。！？；])\s*|(?<=[.!?])[\"'”’)]*\s+(?=[^a-z\s])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage's place in its item's text, and the heading it stands under."""

    start: int
    end: int
    heading: str = ""


def split(text: str, blocks: Sequence[Block] = (), bound: int = BOUND) -> list[Piece]:
    """The passages of a text in order; all that is not white space is in one of them, if it is in a block.

    >>> [(one.start, one.end) for one in split("Rest. Drink.\\n\\nSee a doctor.", bound=4)]
    [(0, 12), (14, 27)]
    """
    pieces = []
    for block in blocks or (Block(0, len(text)),):
        for start, end in _packed(text, block.start, block.end, bound):
            pieces.append(Piece(start, end, block.heading))
    return pieces


def units(text: str) -> int:
    """The length of a text.

    >>> units("高血压 160/95 mmHg")
    7
    """
    return sum(1 for _ in _UNIT.finditer(text))


def ids_of(texts: Sequence[tuple[str, str, str]]) -> list[str]:
    """A name for each passage of an item by what it says (title, heading, text); a repeated one gets its own."""
    seen: dict[str, int] = {}
    found = []
    for parts in texts:
        said = "\0".join(parts)
        seen[said] = seen.get(said, 0) + 1
        again = f"\0{seen[said]}" if seen[said] > 1 else ""
        found.append(hashlib.sha256((said + again).encode("utf-8", "surrogatepass")).hexdigest()[:12])
    return found


def _packed(text: str, start: int, end: int, bound: int) -> Iterator[tuple[int, int]]:
    """Neighbouring parts put together while they fit."""
    first, last, size = start, start, 0
    for one, two, length in _parts(text, start, end, bound, (_PARAGRAPH, _LINE, _SENTENCE)):
        if size and size + length > bound:
            yield _trimmed(text, first, last)
            first, size = one, 0
        last, size = two, size + length
    if size:
        yield _trimmed(text, first, last)


def _parts(
    text: str, start: int, end: int, bound: int, cuts: tuple[re.Pattern[str], ...]
) -> Iterator[tuple[int, int, int]]:
    """Parts of at most `bound` units with their length, cut as coarsely as that allows."""
    length = units(text[start:end])
    if length <= bound:
        if length:
            yield start, end, length
        return
    if not cuts:
        places = [start + one.start() for one in _UNIT.finditer(text[start:end])][bound::bound]
    else:
        places = [start + one.end() for one in cuts[0].finditer(text[start:end])]
    at = start
    for place in [*places, end]:
        if place > at:
            yield from _parts(text, at, place, bound, cuts[1:])
            at = place


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), start + len(said.rstrip())
