"""What was taken for a person's name and is a long row of single letters: answers of a test, an alphabet."""

from __future__ import annotations

import re

from bedside.types import Span

_ROW = re.compile(r"(?:[A-Za-z][.,]?\s+){20,}[A-Za-z]?[.,]?")
"""Longer than any name that is spelt out."""


def is_row_of_letters(text: str, found: Span) -> bool:
    """Whether a name is nothing but more than twenty single letters.

    >>> is_row_of_letters("A B C " * 9, Span(0, 53, "NAME")), is_row_of_letters("S M I T H", Span(0, 9, "NAME"))
    (True, False)
    """
    return found.type in ("NAME", "STAFF") and _ROW.fullmatch(text, found.start, found.end) is not None
