"""What identifies goods and nobody: lots of medicines, models of machines, their makers and brands."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid._zh_text import any_of, read_lines, words

_NAMED = ("NAME", "STAFF", "ORG", "HOSPITAL")
_REACH = 24
_BETWEEN = r"(?:\([^()\n]{1,6}\))?[ \u3000]?[:：]?[ \u3000]{0,2}\Z"
_MODEL = r"(?:[A-Za-z]{1,6}[- ]?\d{1,5}[A-Za-z]{0,3}|\d{2,5}[A-Za-z]{0,3})"
_WHOLE_MODEL = re.compile(_MODEL)


def is_goods(text: str, found: Candidate) -> bool:
    """Whether a number is a lot's (`批号 FH7281`) or a model's (`迈瑞BC-7500`), or a name a maker's or a brand.

    >>> said = "批号FH7281，住院号FH7281"
    >>> [is_goods(said, Candidate(at, at + 6, "ID", 0.8, "")) for at in (2, 12)]
    [True, False]
    """
    start, end = found.start, found.end
    low = max(0, start - _REACH)
    if found.type == "ID":
        if _after("goods numbers").search(text, low, start):
            return True
        return _WHOLE_MODEL.fullmatch(text, start, end) is not None and _made().search(text, low, end) is not None
    if found.type not in (*_NAMED, "ADDRESS"):
        return False
    if _after("goods makers").search(text, low, start):
        return True
    branded = _brands().finditer(text, max(0, start - 4), end + 4) if found.by == "tagger" else ()
    return any(brand.start() <= start and end <= brand.end() for brand in branded)


@cache
def _after(rule: str) -> re.Pattern[str]:
    """A label of goods just before."""
    return re.compile(rf"(?:{any_of(words(rule))}){_BETWEEN}")


@cache
def _brands() -> re.Pattern[str]:
    return re.compile(any_of(" ".join(read_lines("zh_products.txt"))))


@cache
def _made() -> re.Pattern[str]:
    """A maker and the model, perhaps with a word of Latin letters between them: `西门子 Sensation 64`."""
    return re.compile(rf"(?:{_brands().pattern})(?:公司)?[ \u3000]?(?:[A-Za-z]+[- ]?)?{_MODEL}\Z")
