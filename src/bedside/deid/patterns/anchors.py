"""Runs many patterns over one text at the price of a few: each is tried only where its first characters can stand.

A pattern such as `\\b(?:seen|signed)[ ]by` is tried by `re` at every place of a text. Here the text is surveyed once:
the first characters at each place (each beginning of a word, for patterns of words) say which patterns can begin there
at all, and the characters of the whole text which patterns can match anywhere. The others are never tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TypeVar

from bedside.deid.patterns.needs import is_telling, needed_words, needs
from bedside.deid.patterns.starts import OPEN, WORD_BEGINS, Path, Place, begins_lines, starts, tree_of
from bedside.deid.patterns.survey import Filing, Index

Said = TypeVar("Said")
_ASCII = tuple(map(chr, range(128)))
_BLANKS = tuple(filter(str.isspace, _ASCII))
_IN_WORDS = (*filter(re.compile(r"\w").match, _ASCII), "\u00e9", "\u7684")
_COMMON = tuple("的一是")
_HAN = re.compile("[\u4e00-\u9fff]")

WORDS: Index[Anchored] = Index(5, words=True)
"""Patterns that begin where a word or a mark begins."""
CHARACTERS: Index[Anchored] = Index(2, words=False)
"""Patterns that may begin anywhere: Chinese has no blanks between words."""


class Anchored:
    """A pattern that is tried only where its first characters stand; matches are those of `re.Pattern.finditer`.

    With the index of `WORDS`, a pattern that may begin inside a word or with white space is searched the ordinary way.
    """

    def __init__(self, pattern: str, flags: int = 0, index: Index[Anchored] = WORDS) -> None:
        if index.words and _HAN.search(pattern):
            raise ValueError("a pattern of words must name no Chinese character")
        self._written = (pattern, flags)
        self._index = index
        self.survey = index.survey
        self.needs = 0
        index.add(self)

    def read(self) -> Filing:
        """What the survey files it under."""
        tree = tree_of(*self._written)
        found = starts(tree, self._index.key)
        paths = None if found is None or not all(_fits(path, self._index) for path in found) else found
        rare = not self._index.words or (paths and is_telling(paths))
        words: frozenset[Path] = frozenset() if rare else needed_words(tree, self._index.key)
        return Filing(paths, needs(tree), words, begins_lines(tree))

    @cached_property
    def rule(self) -> re.Pattern[str]:
        """The pattern, compiled when a text first gives it a place: one text needs a third of them."""
        return re.compile(*self._written)

    @property
    def groupindex(self) -> Mapping[str, int]:
        """Its named groups, as in `re.Pattern`."""
        return self.rule.groupindex

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """Matches from left to right, without overlaps."""
        places = self.survey(text).get(self)
        return () if places is None else self.matches(text, places)

    def matches(self, text: str, places: Sequence[int]) -> Iterable[re.Match[str]]:
        """Those at the places that the survey gives, which are none when the text must be searched.

        A list, for most have nothing in it, and to begin a generator costs more than that.
        """
        if not places:
            return self.rule.finditer(text)
        end, match, found = 0, self.rule.match, []
        for place in places:
            if place >= end and (one := match(text, place)):
                end = one.end()
                found.append(one)
        return found


def matching(text: str, rows: Iterable[tuple[Anchored, Said]]) -> Iterator[tuple[re.Match[str], Said]]:
    """The matches of many patterns of words, each with what is said of its pattern.

    Patterns that cannot match in this text cost a look into the survey, not a call.

    >>> [(match[0], said) for match, said in matching("12 mg", [(Anchored("[a-z]+"), "word"), (Anchored("[0-9]+"), 1)])]
    [('mg', 'word'), ('12', 1)]
    """
    held = WORDS.survey(text)
    for rule, said in rows:
        places = held.get(rule)
        if places is not None:
            for match in rule.matches(text, places):
                yield match, said


def anywhere(pattern: str, flags: int = 0) -> Anchored:
    """A pattern of Chinese text.

    >>> [match.group() for match in anywhere("[0-9]+床").finditer("12床，卧床3天")]
    ['12床']
    """
    return Anchored(pattern, flags, CHARACTERS)


def _fits(path: Path, index: Index[Anchored]) -> bool:
    """Whether every match that begins so is met by the survey: it has a first character, at the beginning of a word."""
    behind, first = (path[0], path[1:2]) if path and path[0].behind else (None, path[:1])
    if not first or first[0] is OPEN:
        return False
    if not index.words:
        return not all(_admits_any(place, _COMMON) for place in path if place is not OPEN)
    marks = first[0].chars and not (first[0].ranges or first[0].kinds or first[0].negated)
    inside = not marks or any(char.isalnum() or char == "_" for char in first[0].chars)
    bounded = behind is WORD_BEGINS or (behind is not None and not _admits_any(behind, _IN_WORDS))
    return not _admits_any(first[0], _BLANKS) and (bounded or not inside)


@cache
def _admits_any(place: Place, chars: tuple[str, ...]) -> bool:
    """Asked of the same places by path after path, hence remembered: a process pays for this before its first text."""
    return any(map(place.admits, chars))
