"""Numbers as papers write them: 1,208 and 1 208, .05 and 0·05, −5.2, forty-four, 六十, 3.2 × 10−12."""

from __future__ import annotations

import re

_SPACE = " \u00a0\u2009\u202f"
MINUS = "-\u2212\u2013\u2010\u2011"
"""Marks that stand for a minus where no number stands before them."""

UNSIGNED = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?![\d.])|\d*[.·]\d+|\d+)"
NUMBER = rf"(?:(?<![\d\w.%％)])[{MINUS}]\s?)?(?<![\d.])(?<![A-Za-z]){UNSIGNED}(?![\d])"
SMALL = (
    rf"(?:\d+(?:[.·]\d+)?\s?[×x*]\s?10\s?\^?\s?[{MINUS}]\s?\d+|\d+(?:[.·]\d+)?[eE][{MINUS}]\d+"
    rf"|0,\d+|\d*[.·]\d+(?:[{_SPACE}]\d{{2,3}})*|[01])"
)
"""A p value."""

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UNITS = {word: number for number, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORD = "|".join(sorted([*_ONES[1:], *_TENS], key=len, reverse=True))
WORDS = rf"\b(?:(?:{_WORD})|a (?=hundred|thousand))(?:(?:[- ]| and )(?:{_WORD}|hundred|thousand))*\b"
"""A number in English words."""

_DIGITS = {one: number for number, one in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
HAN = "[零〇一二两三四五六七八九十百千万]+"


def value_of(said: str) -> float:
    """What a number says; ValueError where it is none.

    >>> [value_of(one) for one in ("1,208", "2 346", "0·05", ".5", "−5.2", "3.2 × 10−2")]
    [1208.0, 2346.0, 0.05, 0.5, -5.2, 0.032]
    """
    plain = re.sub(rf"[{_SPACE},]", "", said).replace("·", ".")
    if found := re.fullmatch(rf"(\d+(?:\.\d+)?)[×x*]10\^?[{MINUS}](\d+)", plain):
        return float(f"{found[1]}e-{found[2]}")
    return float(re.sub(rf"[{MINUS}]", "-", plain))


def decimals(said: str) -> int:
    """Digits after the point.

    >>> decimals("16.3"), decimals("0·050"), decimals("12")
    (1, 3, 0)
    """
    found = re.search(r"[.·](\d+)", said)
    return len(found[1]) if found else 0


def worded(said: str) -> int:
    """The number that words say, English or Chinese.

    >>> worded("Forty-four"), worded("two hundred and twelve"), worded("一百二十"), worded("十五")
    (44, 212, 120, 15)
    """
    if not said.isascii():
        return _han(said)
    total = current = 0
    for word in re.split(r"[\s-]+", said.lower()):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        elif word == "a":
            current = 1
        else:
            current += _UNITS.get(word, 0)
    return total + current


def _han(said: str) -> int:
    total = section = digit = 0
    for one in said:
        if one in _DIGITS:
            digit = _DIGITS[one]
        elif one == "万":
            total, section, digit = (total + section + digit) * 10000, 0, 0
        else:
            size = {"十": 10, "百": 100, "千": 1000}[one]
            section, digit = section + (digit or 1) * size, 0
    return total + section + digit
