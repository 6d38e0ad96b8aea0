"""Which language a note is in, by its letters: Chinese, English (or another Latin script), both, other, or none."""

from __future__ import annotations

import re
from typing import Literal

from bedside.lang import Lang

Language = Literal["zh", "en", "mixed", "other", "none"]
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
_LETTER = re.compile(r"[^\W\d_]")
MIXED = 0.2
"""From this share of the smaller of the two on, a note is in both."""
_LETTERS_A_CHARACTER = 3
"""Latin letters that say as much as one Chinese character."""


def language_of(text: str) -> Language:
    """The language of a note. Abbreviations and units in a Chinese note (CT, mmol/L) do not make it English.

    >>> language_of("患者行CT检查"), language_of("CT of the chest"), language_of("12.5")
    ('zh', 'en', 'none')
    """
    han = len(HAN.findall(text))
    latin = sum(map(len, _LATIN_WORD.findall(text))) / _LETTERS_A_CHARACTER
    letters = len(_LETTER.findall(text))
    if not letters:
        return "none"
    if han + latin * _LETTERS_A_CHARACTER < letters / 2:
        return "other"
    if min(han, latin) >= MIXED * (han + latin) and min(han, latin) >= 5:
        return "mixed"
    return "zh" if han > latin * MIXED else "en"


def spoken(text: str) -> Lang:
    """Which of our two languages a text is in: Chinese where it is written in it, also with English words within.

    >>> spoken("能吃 ibuprofen 和 paracetamol 吗"), spoken("12.5 mg")
    ('zh', 'en')
    """
    return "zh" if language_of(text) in ("zh", "mixed") and HAN.search(text) else "en"
