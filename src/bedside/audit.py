"""A log that shows when a line was changed, taken out or added: each line's mark covers it and the mark before it.

What the chain cannot show is that its last lines were cut off, or that all of it was written anew by someone who has
the key (or, without a key, by anyone): keep the end that `walk` gives in another place, and compare.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

START = "0" * 64
"""The mark before the first line."""


class End(NamedTuple):
    """How many lines a chain has, and the mark of the last."""

    lines: int
    mark: str

    def __str__(self) -> str:
        return f"{self.lines}:{self.mark}"


class Broken(Exception):
    """The chain does not hold at this line, counted from 1; whoever reads the log says which log it is."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def mark(before: str, line: Mapping[str, Any], key: bytes = b"") -> str:
    """The mark of a line, 64 hexadecimal digits: HMAC-SHA-256 over the mark before it and the line as JSON.

    >>> mark(START, {"n": 1, "who": "ann"})[:8]
    '33679993'
    """
    message = before + json.dumps(line, ensure_ascii=True, sort_keys=True)
    return hmac.digest(key, message.encode(), "sha256").hex()


def walk(lines: Iterable[Mapping[str, Any]], key: bytes = b"") -> End:
    """The end of a chain whose lines hold; each has its number `n`, from 1, and its `mark`. Raises Broken.

    >>> first = {"n": 1, "who": "ann"}
    >>> walk([{**first, "mark": mark(START, first)}]).lines
    1
    """
    end = End(0, START)
    try:
        for line in lines:
            rest = dict(line)
            found = rest.pop("mark")
            if rest["n"] != end.lines + 1 or not hmac.compare_digest(found, mark(end.mark, rest, key)):
                raise Broken(end.lines + 1)
            end = End(end.lines + 1, found)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Broken(end.lines + 1) from None
    return end
