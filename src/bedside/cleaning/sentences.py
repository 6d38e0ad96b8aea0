"""Sentences of a text with their places: a decimal point, an abbreviation or a mark within brackets ends none."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"[。！？!?；]+[”’\"）)】\]]*|\n+|\.+[”’\"\])]*(?=\s|$|[A-Z][a-z])")
_SHORT = re.compile(
    r"(?:\b(?:vs|v|e\.?g|i\.?e|cf|al|approx|ca|resp|Fig|Figs|No|Nos|Dr|Mr|Mrs|Ms|Prof|St|Ref|Refs|Eq|vol|pp|spp|sp|subsp|"
    r"Inc|Ltd|Co|Jr|Sr|max|min|wk|mo|yr|incl|excl|adj|95% C\.I|U\.S|C\.I|i\.v|p\.o|b\.i\.d)|\b[A-Z])\.$"
)
LONGEST = 1000
"""Characters of a sentence at most."""
_OPEN, _CLOSE = "([（【〔", ")]）】〕"


def spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The sentences of a stretch of text: code points, end exclusive, without the white space around them.

    >>> text = "Mortality fell (5.2% vs. 8%; P = .03). 两组无差异。"
    >>> [text[one:two] for one, two in spans(text)]
    ['Mortality fell (5.2% vs. 8%; P = .03).', '两组无差异。']
    """
    end = len(text) if end is None else end
    at = start
    for found in _END.finditer(text, start, end):
        if found.start() < at or not _ends(text, at, found):
            continue
        yield from _bounded(text, at, found.end())
        at = found.end()
    yield from _bounded(text, at, end)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, cut at white space where it is none: tables run into text, or what was made to take long."""
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in " ，,")
        cut = cut + 1 if cut > 0 else start + LONGEST
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _ends(text: str, start: int, found: re.Match[str]) -> bool:
    said = found[0]
    if "\n" in said:
        return True
    before = text[start : found.end()]
    if (
        _depth(before) > 0
        and found.end() - start < 600
        and any(one in text[found.end() : found.end() + 200] for one in _CLOSE)
    ):
        return False
    if not said.startswith("."):
        return True
    if _SHORT.search(before[: len(before) - len(said) + 1]):
        return False
    after = text[found.end() : found.end() + 40].lstrip()
    return not after[:1].islower() or after.startswith(("mTOR", "pH", "mRNA", "miR"))


def _depth(text: str) -> int:
    return sum(text.count(one) for one in _OPEN) - sum(text.count(one) for one in _CLOSE)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = text[start:end]
    one, two = start + len(said) - len(said.lstrip()), start + len(said.rstrip())
    if two > one and any(letter.isalnum() for letter in text[one:two]):
        yield one, two
