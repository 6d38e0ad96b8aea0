"""Numbers as orders write them: 1,000 and 0.5, one and half, 一 and 半."""

from __future__ import annotations

_WORDS = {
    "half": 0.5, "half a": 0.5, "a": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "seven": 7.0, "eight": 8.0, "ten": 10.0, "twelve": 12.0, "半": 0.5, "一": 1.0, "二": 2.0, "两": 2.0, "三": 3.0,
    "四": 4.0, "五": 5.0, "六": 6.0, "七": 7.0, "八": 8.0, "九": 9.0, "十": 10.0, "十二": 12.0, "½": 0.5,
}  # fmt: skip
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_SAID = sorted((rf"{word}(?![a-z])" if word.isascii() else word for word in _WORDS), key=len, reverse=True)
NUMBER = rf"(?:{DIGITS}|{'|'.join(_SAID)})"
"""A number in digits or one of the words above."""
RANGE = rf"(?:{NUMBER}\s*(?:-|–|—|~|～|to|or|至|到|或)\s*)?"
"""The lower end of a range with what joins it to the upper."""


def number(said: str) -> float:
    """What a number says.

    >>> number("1,000"), number("half"), number("两")
    (1000.0, 0.5, 2.0)
    """
    word = said.strip().casefold()
    return _WORDS[word] if word in _WORDS else float(word.replace(",", ""))
