"""Which recognisers a text needs: one whose patterns can all match nowhere in it is not run."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from itertools import repeat
from operator import or_
from typing import Generic, TypeVar

from bedside.deid.patterns.anchors import WORDS, Anchored

Read = TypeVar("Read")


class Readers(Generic[Read]):
    """Recognisers, each with the patterns of words of which it needs at least one; with none given it is always run.

    >>> WORDS.file()
    >>> readers = Readers([("doses", [Anchored(r"\\b[0-9]+ mg")]), ("all", []), ("teeth", [Anchored(r"\\btooth")])])
    >>> readers.of("12 mg"), readers.of("tooth 12")
    (('doses', 'all'), ('all', 'teeth'))
    """

    def __init__(self, rows: Iterable[tuple[Read, Iterable[Anchored]]]) -> None:
        self._reads: list[tuple[Read, int]] = []
        self._wanting: dict[Anchored, int] = {}
        for number, (read, patterns) in enumerate(rows):
            wanted = list(patterns)
            self._reads.append((read, 1 << number if wanted else ~0))
            for pattern in wanted:
                self._wanting[pattern] = self._wanting.get(pattern, 0) | 1 << number
        self._chosen = lru_cache(maxsize=4096)(self._choose)

    @property
    def patterns(self) -> frozenset[Anchored]:
        """All patterns that are given."""
        return frozenset(self._wanting)

    def of(self, text: str) -> tuple[Read, ...]:
        """Those that a text needs, in order."""
        wanted = map(self._wanting.get, WORDS.survey(text), repeat(0))
        return self._chosen(reduce(or_, wanted, 1 << len(self._reads)))

    def _choose(self, wanted: int) -> tuple[Read, ...]:
        return tuple(read for read, bit in self._reads if wanted & bit)
