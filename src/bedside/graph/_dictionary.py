"""Names of concepts in a text: words in order whose inflections are a name's; Chinese names to the character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from bedside.cleaning.language import HAN
from bedside.graph._keys import key

K = TypeVar("K", bound=Hashable)
_WORD = re.compile(r"[A-Za-zÀ-ɏ]+|\d+|[α-ω]")
_GAP = re.compile(r"[\s'’/(),-]{0,2}(?:(?:of|the|an?)\s+)*\Z", re.IGNORECASE)
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9-]{1,11}\Z")
LONGEST, SHORTEST = 12, 4
"""Words of a name at most; letters of a name of one word at least."""
_COMMON = """
about after age all another attack baby blood body bone brain care cell change child children condition day death
diet disease disorder drug effect eye family fever finding food gene group growth hand health heart help home infection
injury life lung male female man men mass medicine mother mouth other pain patient people person problem risk sign
skin sleep stress support surgery symptom syndrome test treatment type virus water weight woman women work year
"""
_EVERYDAY = frozenset(_COMMON.split())
"""Words that as a name of their own would be found in every text."""


class Mention(NamedTuple):
    """Where concepts are named: several where one name is theirs all."""

    start: int
    end: int
    concepts: tuple[int, ...]


class Dictionary:
    """Names to find; abbreviations and genes only as they are written."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        self._words: dict[str, dict[tuple[str, ...], list[int]]] = {}
        self._short: dict[str, list[int]] = {}
        self._han: dict[str, dict[str, list[int]]] = {}
        for name, concept in names:
            self._add(name.strip(), concept)

    def find(self, text: str) -> list[Mention]:
        """Every name, those within longer ones too."""
        found = [*self._english(text), *self._abbreviations(text)]
        if HAN.search(text) and self._han:
            found += self._chinese(text)
        return found

    def _add(self, name: str, concept: int) -> None:
        if HAN.search(name):
            said = unicodedata.normalize("NFKC", name).casefold()
            if len(said) >= 2:
                put(self._han.setdefault(said[:2], {}), said, concept)
        elif _ABBREVIATION.match(name):
            if len(name) > 2:
                put(self._short, name, concept)
        else:
            words = tuple(key(name).split())
            if 0 < len(words) <= LONGEST and (len(words) > 1 or self._stands(words[0])):
                put(self._words.setdefault(words[0], {}), words, concept)

    @staticmethod
    def _stands(word: str) -> bool:
        return len(word) >= SHORTEST and word not in _EVERYDAY and not word.isdigit()

    def _english(self, text: str) -> Iterator[Mention]:
        words = [(key(match[0]), *match.span()) for match in _WORD.finditer(text)]
        words = [one for one in words if one[0]]
        for first, (word, start, _) in enumerate(words):
            known = self._words.get(word)
            if known is None:
                continue
            longest = max(map(len, known))
            run: list[str] = []
            for place in range(first, min(first + longest, len(words))):
                if place > first and not _GAP.match(text[words[place - 1][2] : words[place][1]]):
                    break
                run.append(words[place][0])
                if concepts := known.get(tuple(run)):
                    yield Mention(start, words[place][2], tuple(concepts))

    def _abbreviations(self, text: str) -> Iterator[Mention]:
        for match in re.finditer(r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9-]{2,11}(?![A-Za-z0-9])", text):
            if concepts := self._short.get(match[0]):
                yield Mention(match.start(), match.end(), tuple(concepts))

    def _chinese(self, text: str) -> Iterator[Mention]:
        said = "".join(_narrow(char) for char in text)
        for at in range(len(said) - 1):
            for name, concepts in self._han.get(said[at : at + 2], {}).items():
                if said.startswith(name, at):
                    yield Mention(at, at + len(name), tuple(concepts))


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Those kept where some overlap: the longest, then the first; of one place all concepts."""
    places: dict[tuple[int, int], list[int]] = {}
    for one in mentions:
        known = places.setdefault((one.start, one.end), [])
        known += [concept for concept in one.concepts if concept not in known]
    kept: list[Mention] = []
    taken: set[int] = set()
    for (start, end), concepts in sorted(places.items(), key=lambda one: (one[0][0] - one[0][1], one[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append(Mention(start, end, tuple(concepts)))
    return sorted(kept)


def put(table: dict[K, list[int]], name: K, concept: int) -> None:
    """One more concept under a name, once."""
    known = table.setdefault(name, [])
    if concept not in known:
        known.append(concept)


def _narrow(char: str) -> str:
    said = unicodedata.normalize("NFKC", char).casefold()
    return said if len(said) == 1 else char
