"""Names in a text: the longest that begins at each word, in both languages; short capitals only as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from bedside.phenotypes._match_en import singular

_TOKEN = re.compile(r"[A-Za-zÀ-ɏα-ωΑ-Ω]+|\d+(?:\.\d+)?|[\u4e00-\u9fff]|[,.;:，。；：、\n!?！？+%#]")
_STOPS = frozenset(".;:，。；：、\n!?！？#")
_SHORT = re.compile(r"[A-Z][A-Z0-9+]{1,5}")
_ROMAN = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"}


class Token(NamedTuple):
    """A word, a number or a Chinese character: as compared, as written, and where."""

    key: str
    said: str
    start: int
    end: int


class Hit(NamedTuple):
    """A name in a text and what it may stand for."""

    keys: tuple[int, ...]
    start: int
    end: int


class Names:
    """Names to look for, each with the number of what it stands for.

    >>> names = Names()
    >>> names.add("type 2 diabetes", 1)
    >>> names.add("diabetes", 2)
    >>> names.add("MI", 3)
    >>> [hit.keys for hit in names.find("Diabetes type 2; Type-2 diabetes; mi; MI")]
    [(2,), (1,), (3,)]
    """

    def __init__(self) -> None:
        self._tree: dict[str, dict[int, dict[tuple[str, ...], tuple[int, ...]]]] = {}

    def add(self, name: str, key: int) -> None:
        """Look for this name too; one without letters is passed over."""
        words = words_of(name)
        if not words or not any(char.isalpha() for word in words for char in word):
            return
        ends = self._tree.setdefault(words[0], {}).setdefault(len(words), {})
        known = ends.get(words, ())
        if key not in known:
            ends[words] = (*known, key)

    def exactly(self, name: str) -> tuple[int, ...]:
        """What a whole name stands for."""
        words = words_of(name)
        return self._tree.get(words[0], {}).get(len(words), {}).get(words, ()) if words else ()

    def ending(self, name: str) -> tuple[int, ...]:
        """What the longest proper ending of a name stands for: of "severe hypertension", hypertension."""
        words = words_of(name)
        for at in range(1, len(words)):
            if found := self._tree.get(words[at], {}).get(len(words) - at, {}).get(words[at:], ()):
                return found
        return ()

    def find(self, text: str) -> list[Hit]:
        """The names in the order of the text, none inside another."""
        tokens = tokens_of(text)
        found: list[Hit] = []
        at = 0
        while at < len(tokens):
            size, keys = self._at(tokens, at)
            if size:
                found.append(Hit(keys, tokens[at].start, tokens[at + size - 1].end))
            at += size or 1
        return found

    def _at(self, tokens: list[Token], at: int) -> tuple[int, tuple[int, ...]]:
        lengths: dict[int, dict[tuple[str, ...], tuple[int, ...]]] = {}
        for key in _forms(tokens[at]):
            for length, ends in self._tree.get(key, {}).items():
                lengths[length] = {**lengths.get(length, {}), **ends} if length in lengths else ends
        for length in sorted(lengths, reverse=True):
            run = tokens[at : at + length]
            if len(run) == length:
                keys = lengths[length].get(tuple(one.key for one in run))
                if keys is None and length == 1:
                    keys = next((k for form in _forms(run[0]) if (k := lengths[1].get((form,)))), None)
                if keys:
                    return length, keys
        return 0, ()


def tokens_of(text: str) -> list[Token]:
    """The words of a text; joints and brackets are none."""
    return [Token(_key(m[0]), m[0], m.start(), m.end()) for m in _TOKEN.finditer(_plain(text))]


@lru_cache(maxsize=1 << 16)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared; a short name in capitals stays as it is written.

    >>> words_of("Haemoglobins"), words_of("2型糖尿病"), words_of("MI")
    (('hemoglobin',), ('2', '型', '糖', '尿', '病'), ('=MI',))
    """
    tokens = tokens_of(name)
    if len(tokens) == 1 and _SHORT.fullmatch(tokens[0].said):
        return ("=" + tokens[0].said,)
    return tuple(token.key for token in tokens)


def _forms(token: Token) -> Iterable[str]:
    yield token.key
    if _SHORT.fullmatch(token.said):
        yield "=" + token.said
    elif token.said.endswith("s") and _SHORT.fullmatch(token.said[:-1]):  # ARBs, NSAIDs
        yield "=" + token.said[:-1]


@lru_cache(maxsize=1 << 15)
def _key(word: str) -> str:
    return word if not word.isascii() or word in _STOPS or word[0].isdigit() else singular(word.lower())


def _plain(text: str) -> str:
    for sign, letters in _ROMAN.items():
        if sign in text:
            text = text.replace(sign, letters) if len(letters) == 1 else _same_length(text, sign)
    return text


def _same_length(text: str, sign: str) -> str:
    """Ⅱ is one character and so must what stands for it be: 2."""
    return text.replace(sign, str({"Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}.get(sign, 0) or 1))
