"""A criterion's text as it is read: one wording of signs and letters, of the same length, so that places stay true."""

from __future__ import annotations

import re

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[a-z]{3}")
JOIN = re.compile(r"[\s、/,或和及与]*(?:\bor\b|\band\b|以及|和/或)?\s*")
"""What may stand between two members of a list."""
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SAME = str.maketrans(
    {
        **{chr(code): plain for code, plain in _WIDE.items()},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500～〜∼", "-"),
        "~": "-",
        "\u3000": " ",
        "\xa0": " ",
        "\t": " ",
        **dict.fromkeys("≧⩾≥", "≥"),
        **dict.fromkeys("≦⩽≤", "≤"),
        **dict.fromkeys("﹥〉", ">"),
        **dict.fromkeys("﹤〈", "<"),
        **dict.fromkeys("µμ", "u"),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("【〔", "("),
        **dict.fromkeys("】〕", ")"),
        "÷": "/",
        "∕": "/",
        "／": "/",
        "×": "x",
        "✕": "x",
        "☓": "x",
        "╳": "x",
        "²": "2",
        "³": "3",
        "⁹": "9",
        "。": ";",
        "﹣": "-",
        "後": "后",
        "與": "与",
    }
)


def cased(text: str) -> str:
    """Signs made one, letters as they are: `18～75 岁` is `18-75 岁`."""
    return text.translate(_SAME)


def lowered(text: str) -> str:
    """The same in small letters.

    >>> lowered("ECOG 0～1，BMI＞18.5")
    'ecog 0-1,bmi>18.5'
    """
    said = cased(text)
    low = said.lower()
    return low if len(low) == len(said) else "".join(one.lower() if len(one.lower()) == 1 else one for one in said)
