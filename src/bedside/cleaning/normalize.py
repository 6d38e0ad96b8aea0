"""One form for characters that mean the same: full width, squared units, radicals, invisible marks.

Unicode's own NFKC would turn 10⁹ into 109, ½ into 1⁄2 and m² into m2. So only what is listed here is rewritten, and no
meaning changes: superscripts, subscripts, fractions and circled numbers stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

CHINESE_PUNCTUATION = "，。；：？！（）、“”‘’《》【】"
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF])
_SPACES = dict.fromkeys([0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_LINES = {0x2028: "\n", 0x2029: "\n", 0x0085: "\n"}
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_NARROW = {code: to for code, to in _FULL_WIDTH.items() if chr(code) not in CHINESE_PUNCTUATION}
_SUPERSCRIPT = str.maketrans("23", "²³")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _compatible() -> dict[int, str]:
    """Characters that are another's look-alike in a fixed box: ㎎ mg, ㎡ m², ℃ °C, Ⅲ III, ﬁ fi, ⼼ 心, µ μ."""
    blocks = [range(0x2160, 0x2180), range(0x2F00, 0x2FD6), range(0xFB00, 0xFB07), range(0x3380, 0x33E0)]
    table = {code: unicodedata.normalize("NFKC", chr(code)) for block in blocks for code in block}
    for code in range(0x3380, 0x33E0):
        if table[code][-1] in "23":
            table[code] = table[code].translate(_SUPERSCRIPT)
    return {**table, 0x2103: "°C", 0x2109: "°F", 0x00B5: "μ", 0x212B: "Å", 0x2126: "Ω"}


_TABLE: dict[int, str | None] = {**_compatible(), **_INVISIBLE, **_SPACES, **_LINES, **_FULL_WIDTH}
_KEEPING_PUNCTUATION = {code: to for code, to in _TABLE.items() if chr(code) not in CHINESE_PUNCTUATION}


def normalize(text: str, *, keep_punctuation: bool = True) -> str:
    """The text in one form; without `keep_punctuation` full-width Chinese marks become ASCII where they can.

    >>> normalize("ＷＢＣ　１２．５×10⁹／Ｌ，㎎")
    'WBC 12.5×10⁹/L，mg'
    """
    table = _KEEPING_PUNCTUATION if keep_punctuation else _TABLE
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(table)
    return _CONTROL.sub(" ", plain)


def narrow(text: str) -> str:
    """The text with full-width letters, figures and signs in their usual form, at the same places; Chinese marks stay.

    >>> narrow("体温３９．２℃，ＷＢＣ（高）")
    '体温39.2℃，WBC（高）'
    """
    return text.translate(_NARROW)
