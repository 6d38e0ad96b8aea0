"""What every Chinese recogniser leans on: one-to-one folding of text, word knowledge, and the lists in `data/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The inside of a character class: Chinese characters."""

NUMERAL = "〇零○Ｏ一二三四五六七八九十"

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x09: 0x20}


def fold(text: str) -> str:
    """Full-width letters, digits and punctuation as ASCII, odd blanks as spaces, the traditional characters of labels,
    surnames and places as simplified; as long as before, so offsets hold.

    >>> fold("电话：１３８")
    '电话:138'
    """
    return text.translate(_folding())


@cache
def _folding() -> dict[int, int]:
    pairs = zip(words("text traditional"), words("text simplified"), strict=True)
    return _FOLD | {ord(old): ord(new) for old, new in pairs}


def read_lines(name: str) -> Iterator[str]:
    """The lines of a list in `data/`, without comments and blanks."""
    for line in (files("bedside.deid") / "data" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@cache
def read_table(name: str) -> dict[str, str]:
    """A two-column list of `data/`: kind to everything listed under it, joined by spaces."""
    table: dict[str, str] = {}
    for line in read_lines(name):
        kind, _, rest = line.partition("\t")
        table[kind] = f"{table[kind]} {rest}" if kind in table else rest
    return table


@lru_cache(maxsize=65536)
def is_word(word: str) -> bool:
    """Whether a stretch is an ordinary Chinese word, and not one that the dictionary knows as a proper name."""
    if is_listed_word(word):
        return True
    import rjieba

    if not rjieba.has_word(word):
        return False
    tags = rjieba.tag(word)
    return len(tags) == 1 and not tags[0][1].startswith(("nr", "ns", "nz"))


def is_listed_word(word: str) -> bool:
    """Whether a word is on our own list of words that look like names."""
    return word in _extra_words()


@cache
def _extra_words() -> frozenset[str]:
    return frozenset(word for line in read_lines("zh_words.txt") for word in line.split())


def any_of(words: str) -> str:
    """An alternation of the words given, longest first."""
    return "|".join(sorted(map(re.escape, set(words.split())), key=lambda word: (-len(word), word)))


def spaced(words: str) -> str:
    """An alternation of labels, longest first, the short ones also with blanks inside (`籍  贯`)."""
    parts = sorted(set(words.split()), key=lambda word: (-len(word), word))
    return "|".join(" {0,4}".join(map(re.escape, word)) if len(word) < 5 else re.escape(word) for word in parts)


def ending_with(mark: str, rule: re.Pattern[str], text: str, reach: int = 24) -> Iterator[re.Match[str]]:
    """The matches of a rule that all end with one mark: tried only before each, and one character beyond it seen.

    >>> [m.group() for m in ending_with("床", re.compile(r"\\d+床"), "12床，术后3天")]
    ['12床']
    """
    at = text.find(mark)
    low = 0
    while at >= 0:
        for match in rule.finditer(text, max(low, at - reach), at + 2):
            low = match.end()
            yield match
        at = text.find(mark, max(at + 1, low))


def words(rule: str) -> str:
    """The words listed for a rule in `data/zh_labels.tsv`."""
    return read_table("zh_labels.tsv")[rule]
