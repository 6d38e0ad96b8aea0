"""Reads and writes the numbers that dates are made of: Arabic, full width, and Chinese numerals in both manners."""

from __future__ import annotations

ZH_DIGITS = "〇零○一二三四五六七八九"
_VALUE = {"〇": 0, "零": 0, "○": 0} | {char: number for number, char in enumerate("一二三四五六七八九", 1)}
_DIGITS = "一二三四五六七八九"


def read_number(text: str, *, as_year: bool = False) -> int | None:
    """A number below 100, or a year; None when it is not written as one.

    >>> read_number("二十三"), read_number("二〇二三", as_year=True), read_number("１２")
    (23, 2023, 12)
    """
    if text.isdecimal():
        return int(text)
    if as_year or (len(text) == 1 and text in _VALUE):
        digits = [_VALUE.get(char) for char in text]
        return None if None in digits else int("".join(map(str, digits)))
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten or len(tens) > 1 or len(ones) > 1 or any(char not in _DIGITS for char in tens + ones):
        return None
    return (_VALUE[tens] if tens else 1) * 10 + (_VALUE[ones] if ones else 0)


def write_like(old: str, number: int, *, padded: bool = False) -> str:
    """`number` written as `old` was: full width, Chinese digits or tens; a year as long as the old one.

    >>> write_like("05", 7, padded=True), write_like("二〇二三", 2022), write_like("三", 11), write_like("98", 2003)
    ('07', '二〇二二', '十一', '03')
    """
    if old.isdecimal():
        written = str(number)[-len(old) :] if number > 99 else str(number).zfill(2 if padded else 1)
        return written if old.isascii() else "".join(chr(ord("０") + int(digit)) for digit in written)
    if number > 99:
        zero = next((char for char in old if char in "〇零○"), "〇")
        return "".join(zero if digit == "0" else _DIGITS[int(digit) - 1] for digit in str(number)[-len(old) :])
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens - 1] + "十")
    return head + (_DIGITS[ones - 1] if ones else "")
