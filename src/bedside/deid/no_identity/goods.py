"""What identifies goods and nobody: models of machines, makers and brands, protocols of trials."""

from __future__ import annotations

import re
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import any_of, read_lines, words
from bedside.deid.recognisers.names.zh_cues import cue_before

_NAMED = ("NAME", "STAFF", "ORG", "HOSPITAL")
_REACH = 24
_BETWEEN = r"(?:\([^()\n]{1,6}\))?[ \u3000]?[:：]?[ \u3000]{0,2}\Z"
_MODEL = r"(?:[A-Za-z]{1,6}[- ]?\d{1,5}[A-Za-z]{0,3}|\d{2,5}[A-Za-z]{0,3})"
_PARTED = (":", "：", " ", "\u3000")
"""Between the label of a maker and its name."""
_WHOLE_MODEL = re.compile(_MODEL)


def is_goods(text: str, found: Candidate) -> bool:
    """Whether a number is a model's (`迈瑞BC-7500`) or a trial's, or a name a maker's or a brand.

    Lots and serial numbers can lead to who got the piece, so they stay identity.

    >>> said = "型号FH7281，住院号FH7281"
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
    if text[start - 1 : start] in _PARTED and _after("goods makers").search(text, low, start):
        return True
    guessed = found.by == "tagger" and cue_before(text, start) != "person"
    branded = _brands().finditer(text, max(0, start - 4), end + 4) if guessed else ()
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
