"""A text as the recognisers read it: accents joined, wide letters narrow, nothing invisible; and the way back.

A name may be written with wide letters (Ｊｏｈｎ), with accents as marks of their own (macOS writes them so), with
invisible characters inside, beside a picture, or with a blank after each character. None of that may hide it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bedside.types import Span

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f"
_PICTURE = "\u2600-\u260f\u2614-\u2712\u2719-\u2775\u2b00-\u2bff\U0001f000-\U0001faff\u20e3"
"""Boxes and ticks of forms (\u2611 \u2713 \u2717) are none: they stand for an answer."""
_WIDE = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_MARK = "\u0300-\u036f"
_HAN = "[\u4e00-\u9fff]"
_SPREAD = rf"(?<!{_HAN}){_HAN}(?P<gap> {{1,2}}){_HAN}(?:(?P=gap){_HAN}){{2,}}(?!{_HAN})"
"""Four Chinese characters and more that a scanner set apart: 东 明 县 人 民 医 院."""
_ANY = re.compile(f"[{_INVISIBLE}{_PICTURE}{_WIDE}{_MARK}]|{_SPREAD}")
_UNUSUAL = re.compile(
    rf"(?P<picture>\s{{0,9}}[{_PICTURE}](?:[{_PICTURE}{_INVISIBLE}]|\s{{1,9}}(?=[{_PICTURE}]))*\s{{0,9}})|(?P<invisible>[{_INVISIBLE}]+)"
    rf"|(?P<wide>[{_WIDE}](?:[{_WIDE}．＠＿－\u3000]*[{_WIDE}．])?)|(?P<marked>\w[{_MARK}]+)|(?P<spread>{_SPREAD})"
)


_TAG = re.compile(
    r"</?(?:p|b|i|u|br|td|tr|th|div|span|li|ul|ol|h[1-6]|strong|em|table|tbody|thead|font|pre|paragraph|content|item|list|"
    r"text|caption)(?:\s[^<>\n]{0,80})?/?>",
    re.IGNORECASE,
)
"""A tag of HTML or C-CDA parts words as blanks do: `MRN <b>00914477</b>`."""
_MISREAD = re.compile(r"\d[OolI]|O\d\d|O\d/|(?<![A-Za-z])l\d|(?<!\d)0[a-z]{2}|[A-Z]0[A-Z]{3}")
_MAY_BE_MISREAD = re.compile(r"\d(?:[OIa-z]|(?<=[A-Zl]\d))")
"""A figure beside a letter, which each way of `_MISREAD` has: what begins with a class is quick."""
_FIGURES = re.compile(
    r"(?<![A-Za-z\d])(?:l(?=\d ?(?:日|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))|"
    r"[\dOolI]{2,}(?![A-Za-z\d]))"
)
_LETTER = re.compile(r"(?P<first>(?<![\w.,-])0(?=[a-z]{4}))|(?<=[A-Za-z])0(?=[a-z]{2})|(?<=[A-Z])0(?=[A-Z]{3})")
_MONTH_NEXT = re.compile(r"/[\dOol]{1,2}/")
_YEAR_NEXT = re.compile(r"/[\dOol]{2,4}\b")
_NEXT_FIGURES = re.compile(r"[-/]\d")
_AS_FIGURES = str.maketrans("OolI", "0011")


@dataclass(frozen=True)
class Plain:
    """A text made plain; `starts[i]` and `ends[i]` are where its character i begins and ends in the text as given."""

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def back(self, span: Span) -> Span:
        """The span in the text as given; marks and invisible characters inside it are part of it."""
        if not self.starts or span.start >= span.end:
            return span
        return Span(self.starts[span.start], self.ends[span.end - 1], span.type)


def plain(text: str) -> Plain:
    """The text as the recognisers read it; most texts are plain already.

    >>> found = plain("Ｍｒ．　Ｊｏｈｎ")
    >>> found.text, found.back(Span(4, 8, "NAME")) == Span(4, 8, "NAME")
    ('Mr. John', True)
    """
    text = _reread(text) if _MAY_BE_MISREAD.search(text) and _MISREAD.search(text) else text
    if "</" in text or "/>" in text:
        text = _TAG.sub(lambda tag: " " * len(tag.group()), text)
    if text.isascii() or not _ANY.search(text):
        return Plain(text)
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(shown: str, start: int, end: int) -> None:
        """Characters that stand one for one, or all for the same stretch."""
        one_for_one = len(shown) == end - start
        for number, char in enumerate(shown):
            letters.append(char)
            starts.append(start + number if one_for_one else start)
            ends.append(start + number + 1 if one_for_one else end)

    done = 0
    for match in _UNUSUAL.finditer(text):
        put(text[done : match.start()], done, match.start())
        if match["spread"]:
            for at in range(match.start(), match.end(), 1 + len(match["gap"])):
                put(text[at], at, at + 1)
        else:
            put(_shown(match), *match.span())
        done = match.end()
    put(text[done:], done, len(text))
    return Plain("".join(letters), tuple(starts), tuple(ends))


def _reread(text: str) -> str:
    """Figures that a scanner read as letters, and the other way round, one for one: `2O25`, `l8 Feb`, `0lusegun`.

    `O2`, `I50`, `O157` and `500l` stay.
    """

    def figures(match: re.Match[str]) -> str:
        shown = match.group()
        count = sum(map(str.isdecimal, shown))
        followed = _NEXT_FIGURES.match(text, match.end()) is not None
        if len(shown) == 1:
            return "1"
        slashed = text[match.start() - 1 : match.start()] == "/" and _YEAR_NEXT.match(text, match.end())
        if count and (slashed or _MONTH_NEXT.match(text, match.end())):  # O3/l7/1962
            return shown.translate(_AS_FIGURES)
        as_written = (
            not count
            or shown[0] == "I"
            or (shown[0] == "l" and len(shown) < 4)
            or (shown[0] in "Oo" and shown[1:].isdecimal())
            or ((shown[-1] in "lI" or len(shown) == 2) and not followed)
        )
        return shown if as_written else shown.translate(_AS_FIGURES)

    return _LETTER.sub(
        lambda match: "O" if match["first"] or text[match.end()].isupper() else "o", _FIGURES.sub(figures, text)
    )


def _shown(match: re.Match[str]) -> str:
    """What the recognisers see in place of unusual characters: a picture parts words as a blank does."""
    kind, found = match.lastgroup, match.group()
    if kind == "invisible":
        return ""
    if kind == "picture":
        return "\n" if "\n" in found else " "
    return unicodedata.normalize("NFKC" if kind == "wide" else "NFC", found)
