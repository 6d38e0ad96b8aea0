"""Finding words in a chart's documents: excerpts around each place, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bedside.server.workbench.entries import Line

AROUND = 90
"""Characters before and after a place."""
MOST = 50
"""Places that are shown."""
A_DOCUMENT = 3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where words stand in a document: what is before them, they themselves, what comes after; `at` is its number."""

    line: Line
    at: int
    before: str
    words: str
    after: str


def find(documents: Sequence[Line], words: str) -> tuple[list[Excerpt], int]:
    """The first places, a few a document, and how many there are in all; case and widths of spaces do not matter.

    >>> found, count = find([Line("k", "documents", "2026", "No  chest pain today.", "Note")], "Chest Pain")
    >>> found[0].before, found[0].words, count
    ('No  ', 'chest pain', 1)
    """
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    found, count = list[Excerpt](), 0
    for at, line in enumerate(documents):
        for number, match in enumerate(pattern.finditer(line.text)):
            count += 1
            if number < A_DOCUMENT and len(found) < MOST:
                found.append(_excerpt(line, at, match.start(), match.end()))
    return found, count


def _excerpt(line: Line, at: int, start: int, end: int) -> Excerpt:
    text, first, last = line.text, max(0, start - AROUND), end + AROUND
    before = ("…" if first else "") + text[first:start]
    return Excerpt(line, at, before, text[start:end], text[end:last] + ("…" if last < len(text) else ""))
