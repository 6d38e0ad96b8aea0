"""Which restricted names a text licenses, and whether one that it does not is being written.

What a name is, is for whoever brings the names to say: `find` gives their places in a text and what they stand for, so
that a brand licenses its substance. One is refused at its last piece; and, where no ordinary word and no licensed name
goes on like it, at the piece that makes it recognisable: no stump of a name is left standing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice, takewhile

from bedside.deid.lexicon.english import lexicon

TAIL = 64
"""Characters behind which no name is still being written."""
SHORTEST = 4
"""Letters from which on a beginning can be recognisable."""
LAST_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+\Z")
LETTERS = re.compile(r"[a-z]+")

Place = tuple[str, int, int]
"""What a name stands for, and where: start and end, exclusive, in code points."""


@dataclass(frozen=True)
class Restricted:
    """Names that may not be written unless licensed; `concepts` is all that the names in a text stand for."""

    names: Sequence[str] = field(repr=False)
    find: Callable[[str], Iterable[Place]]
    concepts: Callable[[str], Iterable[str]]

    def licensed_by(self, text: str) -> Names:
        """What may be written where a text is all there is."""
        allowed = frozenset(self.concepts(text))
        own = {name.casefold() for name in self.names if self._licensed(name, allowed)}
        return Names(self, allowed, _sorted({*own, *LETTERS.findall(text.casefold())}))

    def _licensed(self, name: str, allowed: frozenset[str]) -> bool:
        return bool(allowed) and all(kind in allowed for kind, _, _ in _found(self, name))

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True)
class Names:
    """What one text licenses of restricted names; `goes_on` are the words that a beginning may still become."""

    of: Restricted
    allowed: frozenset[str] = field(repr=False)
    goes_on: list[str] = field(repr=False)

    def fits(self, tail: str, text: str) -> bool:
        """Whether a text may come behind a tail of what was written: no unlicensed name ends or can be told in it."""
        said = tail + text
        before = set(_seen(self.of, tail))
        for kind, start, end in self.of.find(said):
            old = (kind, start, end) in before and end < len(tail)  # what stands behind a name can make it one
            if kind in self.allowed or old:
                continue
            if end < len(said) or not _begins(self.goes_on, said[start:].casefold()):
                return False
        return not self._recognisable(said)

    def may_begin(self, tail: str, half: bytes) -> bool:
        """Whether a character that begins with these bytes may come: behind half a licensed name, only its own."""
        own = [tail[start:].casefold() for kind, start, end in _seen(self.of, tail)
               if kind not in self.allowed and end == len(tail)]  # fmt: skip
        return all(
            any(word[len(begun) :].encode().startswith(half) for word in _beginning(self.goes_on, begun))
            for begun in own
        )

    def may_end(self, tail: str) -> bool:
        """Whether the text may end behind this tail."""
        return all(kind in self.allowed for kind, _, end in _seen(self.of, tail) if end == len(tail))

    def accepts(self, text: str) -> bool:
        """Whether a whole text names nothing that is not licensed."""
        return all(kind in self.allowed for kind, _, _ in self.of.find(text))

    def _recognisable(self, said: str) -> bool:
        """Whether the word being written can only become a name that is not licensed."""
        match = LAST_WORD.search(said)
        word = match[0].casefold() if match else ""
        if len(word) < SHORTEST or not _begins(_latin(self.of), word):
            return False
        return not _begins(self.goes_on, word) and not _begins(_ordinary(self.of), word)


def listed(names: Sequence[tuple[str, str]]) -> Restricted:
    """Names and what each stands for, found as whole words of any case; Chinese ones anywhere.

    >>> drugs = listed([("aspirin", "asa"), ("ASA", "asa"), ("阿司匹林", "asa"), ("warfarin", "warfarin")])
    >>> given = drugs.licensed_by("takes ASA daily")
    >>> [given.fits("", one) for one in ("aspirin 100 mg", "warfarin", "warfare", "阿司匹林")]
    [True, False, True, True]
    """
    kinds = {name.casefold(): kind for name, kind in names}
    ways = (_edged(name) for name in sorted(kinds, key=len, reverse=True))
    pattern = re.compile("|".join(ways), re.IGNORECASE) if kinds else re.compile(r"(?!)")

    def find(text: str) -> list[Place]:
        return [(kinds[match[0].casefold()], match.start(), match.end()) for match in pattern.finditer(text)]

    return Restricted([name for name, _ in names], find, lambda text: {kind for kind, _, _ in find(text)})


def _edged(name: str) -> str:
    """A pattern of a name; a Latin letter or digit at its edge is at a word's."""
    before = r"(?<![A-Za-z0-9])" if name[:1].isascii() and name[:1].isalnum() else ""
    behind = r"(?![A-Za-z0-9])" if name[-1:].isascii() and name[-1:].isalnum() else ""
    return before + re.escape(name) + behind


@cache
def _found(of: Restricted, name: str) -> tuple[Place, ...]:
    return tuple(of.find(name))


@lru_cache(maxsize=4096)
def _seen(of: Restricted, tail: str) -> tuple[Place, ...]:
    return tuple(of.find(tail))


@cache
def _latin(of: Restricted) -> list[str]:
    return _sorted(name.casefold() for name in of.names if name.isascii())


@cache
def _ordinary(of: Restricted) -> list[str]:
    """Ordinary English words that are no restricted names."""
    names = set(_latin(of))
    return _sorted(word for word in lexicon().words if word not in names and word.removesuffix("s") not in names)


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted(set(words))


def _beginning(words: list[str], beginning: str) -> Iterator[str]:
    """Those of the sorted words that begin so."""
    return takewhile(lambda word: word.startswith(beginning), islice(words, bisect_left(words, beginning), None))


def _begins(words: list[str], beginning: str) -> bool:
    """Whether there is one."""
    return any(True for _ in _beginning(words, beginning))
