"""Names in a text by one walk: letters of any case and width, blanks for hyphens, the longest name from each place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

_END = ""
"""The key behind which a node keeps what ends there; no character."""


class Hit(NamedTuple):
    """A name as it stands in a text, and what it was filed under."""

    name: str
    start: int
    end: int


class Trie:
    """Names filed character by character; Latin ones begin and end where a word does."""

    def __init__(self, names: Iterable[str]) -> None:
        self._root: dict[str, Any] = {}
        for name in names:
            node = self._root
            for char in folded(name):
                node = node.setdefault(char, {})
            node[_END] = name

    def find(self, text: str) -> Iterator[Hit]:
        """The longest name at each place, from the left, none within another."""
        said = folded(text)
        at = 0
        while at < len(said):
            hit = self._longest(said, at) if said[at] in self._root and not _inside(said, at) else None
            if hit is None:
                at += 1
            else:
                yield hit
                at = hit.end

    def _longest(self, said: str, start: int) -> Hit | None:
        node: dict[str, Any] | None = self._root
        found, at = None, start
        while at < len(said):
            node = node.get(said[at]) if node is not None else None
            if node is None:
                break
            at += 1
            if _END in node and (end := _word_end(said, at)) is not None:
                found = Hit(node[_END], start, end)
        return found


def folded(text: str) -> str:
    """The text in lower case and half width, every dash and blank a blank; as long as it was."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=65536)
def _folded(char: str) -> str:
    if char.isspace() or unicodedata.category(char) == "Pd":
        return " "
    said = unicodedata.normalize("NFKC", char).casefold()
    return {"’": "'", "β": "β"}.get(said, said) if len(said) == 1 else char


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _inside(said: str, at: int) -> bool:
    """Whether a place is within a word or a number."""
    return at > 0 and _latin(said[at]) and _latin(said[at - 1])


def _word_end(said: str, at: int) -> int | None:
    """Where the word of a name ends that ends here, a plural's s with it; none within a word."""
    if not _latin(said[at - 1]):
        return at
    for plural in ("", "s", "es"):
        end = at + len(plural)
        if said.startswith(plural, at) and not (end < len(said) and _latin(said[end])):
            return end
    return None
