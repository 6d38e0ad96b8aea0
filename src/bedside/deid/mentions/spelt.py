"""A name that is spelt letter by letter goes whole: who finds its first letters has found the person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bedside.types import Span

_LETTER_LAST = re.compile(r"(?<![A-Za-z])[A-Z]$")
_MORE = re.compile(r"(?:[ \t]{1,2}[A-Z](?![\w'’.]))+")
LEAST = 4
"""Letters in a row; fewer may be initials with a blood group or a grade behind them."""


def spelt_whole(text: str, found: Sequence[Span]) -> Iterator[Span]:
    """The same spans in order, those of people reaching to the end of the letters that they begin.

    >>> text = "Mr J S M I T H was seen"
    >>> [text[one.start : one.end] for one in spelt_whole(text, [Span(3, 8, "NAME")])]
    ['J S M I T H']
    """
    for at, one in enumerate(found):
        limit = found[at + 1].start if at + 1 < len(found) else len(text)
        yield replace(one, end=_end(text, one, limit)) if one.type in ("NAME", "STAFF") else one


def _end(text: str, one: Span, limit: int) -> int:
    own = text[one.start : one.end]
    more = _MORE.match(text, one.end, limit) if _LETTER_LAST.search(own) else None
    if more is None:
        return one.end
    letters = len(re.findall(r"(?<![A-Za-z])[A-Z](?![A-Za-z])", own + more[0]))
    return more.end() if letters >= LEAST else one.end
