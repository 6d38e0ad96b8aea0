"""Which numbers a text licenses, in every form in which they may be written, and whether one is being written.

A number stands in a text in digits of any width, or in words ("seventy six", 三十). It may be written anew with or
without separators of thousands, a leading zero, a decimal nought: 12,000 for 12000, 0.5 for .5, 5 for 5.0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bedside.deid.actions.numerals import read_number

DIGITS, WIDE = "0123456789", "０１２３４５６７８９"
RUN = re.compile(r"\d(?:[.,]?\d)*")
"""Digits, and points or commas between them."""
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
HAN = re.compile(r"[〇零一二三四五六七八九十廿卅]+")
ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
UNIT = {word: number for number, word in enumerate([*ONES, *TEENS])} | {word: 10 * n for n, word in enumerate(TENS, 2)}
SCALE = {"hundred": 100, "thousand": 1000}
WORD = "|".join([*UNIT, *SCALE])
WORDS = re.compile(rf"\b(?:{WORD})(?:(?:[\s-]+|\s+and\s+)(?:{WORD}))*\b", re.IGNORECASE)


@lru_cache(maxsize=65536)
def plain(char: str) -> str:
    """A character as its digits are read: ３ as 3, ² as 2, ½ as 1⁄2."""
    return unicodedata.normalize("NFKC", char)


def plainly(text: str) -> str:
    """A text with all its digits so."""
    return "".join(map(plain, text))


@dataclass(frozen=True)
class Numbers:
    """The forms that may be written, and every beginning of one.

    >>> numbers = numbers_of("BP 120/80, aspirin .5 g, WBC 12,000; seventy six years")
    >>> [numbers.licenses(one) for one in ("120", "12", "0.5", "12000", "76", "7")]
    [True, False, True, True, True, False]
    """

    forms: frozenset[str]
    begun: frozenset[str]

    def licenses(self, number: str) -> bool:
        """Whether a whole number may be written."""
        return number in self.forms

    def after(self, run: str, text: str) -> str | None:
        """The number being written once more of a text has come (""), or None where it may not come.

        >>> numbers_of("120").after("12", "0 mmHg"), numbers_of("120").after("12", " mmHg")
        ('', None)
        """
        for char in plainly(text):
            if char.isdecimal():
                run += char
                if run not in self.begun:
                    return None
            elif char in ".," and run[-1:].isdecimal():
                if run not in self.forms and run + char not in self.begun:
                    return None
                run += char
            elif not self.may_end(run):
                return None
            else:
                run = ""
        return run

    def may_begin(self, run: str, half: bytes) -> bool:
        """Whether a character that begins with these bytes may come: any behind a whole number, else a wide digit."""
        return self.may_end(run) or any(
            run + digit in self.begun and wide.encode().startswith(half)
            for digit, wide in zip(DIGITS, WIDE, strict=True)
        )

    def may_end(self, run: str) -> bool:
        """Whether the number being written may be left as it is; a point or comma behind it is the sentence's."""
        number = run.rstrip(".,")
        return not number or number in self.forms


def numbers_of(text: str) -> Numbers:
    """The numbers that a text licenses."""
    forms = frozenset(form for number in _numbers(plainly(text)) for form in _forms(number))
    return Numbers(forms, frozenset(form[:end] for form in forms for end in range(1, len(form) + 1)))


def written_numbers(text: str) -> list[str]:
    """The numbers that stand in a text in digits.

    >>> written_numbers("take 2, then 12,000 on day 3.")
    ['2', '12,000', '3']
    """
    return RUN.findall(plainly(text))


def _numbers(text: str) -> Iterator[str]:
    """Every number of a text, in digits; of 3,4 or 2024.01.05 the whole and its parts."""
    for run in RUN.findall(text):
        yield run
        if not GROUPED.fullmatch(run) and not re.fullmatch(r"\d+\.\d+", run):
            yield from re.findall(r"\d+", run)
    yield from ("0" + found for found in re.findall(r"(?<![\d.])\.\d+", text))
    yield from (str(_worded(found)) for found in WORDS.findall(text))
    for found in HAN.findall(text):
        value = read_number(found)
        if value is not None:
            yield str(value)


def _worded(said: str) -> int:
    """The value of a number in English words.

    >>> _worded("one hundred and twenty"), _worded("seventy-six")
    (120, 76)
    """
    total = part = 0
    for word in re.findall(r"[a-z]+", said.lower()):
        if word in UNIT:
            part += UNIT[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word == "thousand":
            total, part = total + (part or 1) * 1000, 0
    return total + part


def _forms(number: str) -> Iterator[str]:
    """A number as it stands, and as else it may be written."""
    yield number
    if number.count(".") > 1 or ("," in number and not GROUPED.fullmatch(number)):
        return
    whole, _, part = number.replace(",", "").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    for written in {whole, f"{int(whole):,}"}:
        yield f"{written}.{part}" if part else written
    if not part:
        yield f"{whole}.0"
    if not part and len(whole) == 1:
        yield f"0{whole}"
