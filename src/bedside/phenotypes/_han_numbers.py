"""Numbers in Chinese characters as people say them: 一万八 is 18000, 一百六七 about 160, 三十九点二 39.2."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
DIGITS = "[零〇一二两三四五六七八九]"
TENS = rf"{DIGITS}?十{DIGITS}?"
"""A number below a hundred, such as an age."""
NUMBER = rf"(?={DIGITS}*[十百千万])(?:{DIGITS}|[十百千万]){{2,8}}(?:点{DIGITS}{{1,2}})?|{DIGITS}点{DIGITS}{{1,2}}"
"""A number of two characters at least, one of which is a unit or the point."""


def han_number(text: str) -> float:
    """The value; a digit after a unit is of the next lower one, and of two ("六七": six or seven) the first counts.

    >>> han_number("一万八"), han_number("一百六七"), han_number("三十九点二"), han_number("一百零五")
    (18000.0, 160.0, 39.2, 105.0)
    """
    whole, _, part = text.partition("点")
    total, digit, unit = 0, None, 10
    for char in whole:
        if char in _DIGITS:
            unit = 10 if char in "零〇" else unit
            digit = _DIGITS[char] if digit is None or digit == 0 else digit
        else:
            unit = _UNITS[char]
            total = (
                (total + (digit or 0)) * unit
                if unit == _UNITS["万"]
                else total + (1 if digit is None else digit) * unit
            )
            digit = None
    decimals = "".join(str(_DIGITS[char]) for char in part)
    return float(f"{total + (digit or 0) * (unit // 10 if total else 1)}.{decimals or 0}")
