"""What the tagger sees of a text: tokens, and of each token the spelling, the dictionaries and the word around it."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from bedside.deid.lexicon.chinese import HAN, read_table
from bedside.deid.lexicon.english import lexicon
from bedside.deid.recognisers.names.zh_model import listed_odds
from bedside.deid.recognisers.names.zh_shapes import surnames
from bedside.types import Span

TOKEN = re.compile(rf"([{HAN}]|[A-Za-z\u00c0-\u024f]+|\d+|\n|\S)")
"""A Chinese character, a word, a number, a line's end, or one other sign."""

_ASCII_TOKEN = re.compile(r"([A-Za-z]+|\d+|\n|\S)")
"""The same in ASCII text, which most English is: a shorter look at each character."""

ROWS = 1 << 14
"""Rows of the table that features are hashed into; row 0 stands for no feature."""

FEATURES = 9
_RUN = re.compile(f"[{HAN}]+")
_NO_WORD = ("", 0)
_YEARS = range(1900, 2031)
_LISTS = ("given", "surnames", "words", "first", "eponyms", "products", "cities", "states")


Key = tuple[str, str, int]
"""What a token's features depend on: itself, the Chinese word it is part of, its place in that."""


@dataclass(slots=True)
class Tokens:
    """The tokens of a text in order: where each begins, and its key."""

    starts: list[int]
    keys: list[Key]

    def __len__(self) -> int:
        return len(self.keys)

    def end(self, number: int) -> int:
        """Where a token ends."""
        return self.starts[number] + len(self.keys[number][0])

    def within(self, span: Span) -> slice:
        """The tokens that a span touches."""
        first = bisect_left(self.starts, span.start)
        if first and self.end(first - 1) > span.start:
            first -= 1
        return slice(first, bisect_left(self.starts, span.end, first))


def tokens(text: str) -> Tokens:
    """The tokens of a text.

    >>> [shown for shown, word, place in tokens("患者T 36.5").keys]
    ['患', '者', 'T', '36', '.', '5']
    """
    plain = text.isascii()
    pieces = (_ASCII_TOKEN if plain else TOKEN).split(text)  # blanks, token, blanks, token ... blanks
    shown, starts = pieces[1::2], list(accumulate(map(len, pieces)))[:-1:2]
    words = {} if plain else _words(text)
    if not words:
        return Tokens(starts, [(one, "", 0) for one in shown])
    return Tokens(starts, [(one, *words.get(start, _NO_WORD)) for one, start in zip(shown, starts, strict=True)])


def feature_rows(key: Key) -> list[int]:
    """The rows of a token's features, `FEATURES` of them; the first is the token itself."""
    shown, word, at = key
    named = list(_han_features(shown, word, at) if word else _plain_features(shown))
    rows = [1 + zlib.crc32(name.encode("utf-8", "surrogatepass")) % (ROWS - 1) for name in named]
    return rows + [0] * (FEATURES - len(rows))


def vector_words(key: Key) -> tuple[str, str]:
    """The words whose meaning is looked up: the token in small letters, and the Chinese word it is part of."""
    shown, word, _ = key
    return shown.lower(), word if len(word) > 1 else ""


def _words(text: str) -> dict[int, tuple[str, int]]:
    """For each Chinese character its word by the dictionary, and its place in it (0 to 3)."""
    runs = list(_RUN.finditer(text))
    if not runs:
        return {}
    import rjieba

    words = {}
    for run in runs:
        at = run.start()
        for word in rjieba.cut(run[0], False):
            for place in range(len(word)):
                words[at + place] = (word, min(place, 3))
            at += len(word)
    return words


def _plain_features(shown: str) -> Iterator[str]:
    lower, shape = shown.lower(), _shape(shown)
    yield f"w\t{lower}" if not shown.isdecimal() else f"w\t{shape}{shown if len(shown) <= 2 else ''}"
    yield f"s\t{shape}"
    if not shown.isalpha():
        return
    known = lexicon()
    lists = "".join("01"[lower in getattr(known, name)] for name in _LISTS)
    yield f"p3\t{lower[:3]}"
    yield f"s3\t{lower[-3:]}"
    yield f"s2\t{lower[-2:]}"
    yield f"g\t{lists}"
    yield f"gs\t{lists}{shape[0]}{len(shown) > 2}"
    yield f"len\t{min(len(shown), 8)}"


def _han_features(shown: str, word: str, at: int) -> Iterator[str]:
    kind = surnames().get(shown, "-")
    odds = max(-4, min(6, listed_odds(shown, 7)))
    size = min(len(word), 5)
    yield f"w\t{shown}"
    yield f"sn\t{kind}"
    yield f"od\t{odds}"
    yield f"wp\t{size}{at}"
    yield f"word\t{word}"
    yield f"wlast\t{word[-1]}{len(word) > 1}"
    yield f"snod\t{kind}{odds}{at}{min(size, 3)}"
    yield f"pl\t{word in _places()}{word[:2] in _places()}{at}"
    yield f"cp\t{shown}{at}{min(size, 3)}"


@cache
def _places() -> frozenset[str]:
    return frozenset(place for line in read_table("zh_places.tsv").values() for place in line.split())


def _shape(shown: str) -> str:
    if shown.isdecimal():
        return f"d{min(len(shown), 12)}{_reading(shown)}"
    if not shown.isalpha():
        return shown
    if shown.isupper():
        case = "X"
    elif shown.islower():
        case = "x"
    else:
        case = "Xx" if shown[0].isupper() and shown[1:].islower() else "xX"
    return f"{case}{min(len(shown), 4)}"


def _reading(digits: str) -> str:
    """What a number may be: a year, a month, a day, or an age of the very old."""
    size = len(digits)
    value = int(digits) if size < 9 else 0
    if size == 4 and value in _YEARS:
        return "y"
    if size <= 2 and value <= 31:
        return "m" if 1 <= value <= 12 else "d"
    return "o" if 90 <= value <= 115 else ""
