"""Runs many patterns over one text at the price of a few: each is tried only where its first characters can stand.

A pattern such as `\\b(?:seen|signed)[ ]by` is tried by `re` at every place of a text. Here the text is surveyed once:
the first characters at each place (each beginning of a word, for patterns of words) say which patterns can begin there
at all, and the characters of the whole text which patterns can match anywhere. The others are never tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

from bedside.deid._needs import DIGIT, Clause, is_telling, needed_words, needs
from bedside.deid._starts import EDGE, OPEN, WORD_BEGINS, Path, Place, starts, tree_of

Said = TypeVar("Said")
_start = re.Match.start
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ASCII = tuple(map(chr, range(128)))
_BLANKS = tuple(filter(str.isspace, _ASCII))
_IN_WORDS = (*filter(re.compile(r"\w").match, _ASCII), "\u00e9", "\u7684")
_COMMON = tuple("的一是")
_NOT_ASCII = "\x80"
_ANYTHING = "\ufdd0"
"""Stands for what is behind a place when it is not looked at; no character of any text."""
_HAN = re.compile("[\u4e00-\u9fff]")
_MOST_KEYS = 60_000


class _Node:
    """A place in the tree of all paths: what may follow, and the patterns and needs for which nothing more is asked."""

    __slots__ = ("following", "known", "needs", "rules")

    def __init__(self) -> None:
        self.following: dict[Place, _Node] = {}
        self.known: dict[str, _Node] = {}
        self.rules: set[Anchored] = set()
        self.needs = 0

    def grow(self, place: Place) -> _Node:
        """The node behind a place, made when there is none."""
        if place.only:
            return self.known.setdefault(place.only, _Node())
        return self.following.setdefault(place, _Node())


_Begun = tuple[tuple["Anchored", ...], int]
"""The patterns that can begin with some characters, and the bits of the needs that these satisfy."""


class Index:
    """Which patterns can begin with which characters, and which texts can hold them; looked up once a text."""

    def __init__(self, key: int, *, words: bool) -> None:
        self.key = key
        self.words = words
        self.rules: list[Anchored] = []
        self.survey = lru_cache(maxsize=1)(self._survey)
        self._searched: list[Anchored] = []
        self._root = _Node()
        self._places: set[Place] = set()
        self._clauses: dict[Clause, int] = {}
        self._needed: dict[frozenset[Path], int] = {}
        self._admitting: dict[str, frozenset[Place]] = {}
        self._reached: dict[str, tuple[list[_Node], frozenset[_Node]]] = {}
        self._beginning: dict[str, _Begun] = {}
        self._satisfied: dict[str, int] = {}

    def add(self, rule: Anchored, paths: set[Path], clauses: Sequence[Clause], words: frozenset[Path]) -> int:
        """Files a pattern under its paths; the bits of the clauses, and of the word within a match, that it needs."""
        self.rules.append(rule)
        if not paths:
            self._searched.append(rule)
        for path in paths:
            self._filed(path).rules.add(rule)
        for known in (self._admitting, self._reached, self._beginning, self._satisfied):
            known.clear()
        self.survey.cache_clear()
        return sum(1 << self._bit(self._clauses, clause) for clause in set(clauses)) | self._need(words)

    def _filed(self, path: Path) -> _Node:
        node = self._root
        for place in self._whole(path):
            if place is OPEN:
                break
            if not place.only:
                self._places.add(place)
            node = node.grow(place)
        return node

    def _need(self, words: frozenset[Path]) -> int:
        if not words:
            return 0
        bit = 1 << self._bit(self._needed, words)
        for path in words:
            self._filed(path).needs |= bit
        return bit

    def _bit(self, numbered: dict[Any, int], one: object) -> int:
        return numbered.setdefault(one, len(self._clauses) + len(self._needed))

    def _whole(self, path: Path) -> Path:
        """The path from what is behind it on; what that is matters to patterns of characters only."""
        return path if path[0].behind and not self.words else (WORD_BEGINS, *path[path[0].behind :])

    def _survey(self, text: str) -> dict[Anchored, list[int]]:
        """The patterns that the text can hold, each with the places to try it; with none it is searched everywhere."""
        if len(self._beginning) > _MOST_KEYS:
            self._beginning.clear()
            self._reached.clear()
        held = self._held(text)
        begun = []
        for start, shown in self._word_starts(text) if self.words else self._starts(text):
            rules, needs = self._beginning.get(shown) or self._begin(shown)
            held |= needs
            if rules:
                begun.append((start, rules))
        missing = ~held
        places: dict[Anchored, list[int]] = {rule: [] for rule in self._searched if not rule.needs & missing}
        for start, rules in begun:
            for rule in rules:
                if rule in places:
                    places[rule].append(start)
                elif not rule.needs & missing:
                    places[rule] = [start]
        return places

    def _word_starts(self, text: str) -> Iterator[tuple[int, str]]:
        """Where words and marks begin, with their first characters."""
        reach = self.key
        for start in map(_start, _TOKEN.finditer(text)):
            yield start, text[start : start + reach]

    def _starts(self, text: str) -> Iterator[tuple[int, str]]:
        """Every place, with its first characters; before a letter or figure, what is behind counts.

        What stands behind a Chinese character rules little out and would make most keys new ones.
        """
        reach = self.key
        padded = EDGE + text + EDGE * reach
        for start, char in enumerate(text):
            yield start, padded[start + (char >= _NOT_ASCII) : start + reach + 1]

    def _begin(self, shown: str) -> _Begun:
        """What can begin with these characters; what is behind them comes first, if it is known."""
        if self.words:
            found = self._found(EDGE + _HAN.sub("的", shown))
        else:
            found = self._found(shown if len(shown) > self.key else _ANYTHING + shown)
        self._beginning[shown] = found
        return found

    def _held(self, text: str) -> int:
        """The clauses that the text's characters satisfy, as bits."""
        held, satisfied = 0, self._satisfied
        for char in set(text):
            bits = satisfied.get(char)
            if bits is None:
                bits = satisfied[char] = self._bits(char)
            held |= bits
        return held

    def _bits(self, char: str) -> int:
        digit = char.isdecimal()
        return sum(1 << bit for clause, bit in self._clauses.items() if char in clause or (digit and DIGIT in clause))

    def _found(self, shown: str) -> _Begun:
        """What can begin with these characters, of which the first is behind the match."""
        nodes, done = self._reach(shown)
        rules: set[Anchored] = set()
        needs = 0
        for node in done.union(nodes):
            rules |= node.rules
            needs |= node.needs
        return tuple(rules), needs

    def _reach(self, shown: str) -> tuple[list[_Node], frozenset[_Node]]:
        """Where in the tree these characters lead, and the nodes on the way that ask for nothing more."""
        if not shown:
            return [self._root], frozenset()
        known = self._reached.get(shown)
        if known is None:
            if shown == _ANYTHING:
                return [*self._root.known.values(), *self._root.following.values()], frozenset()
            before, done = self._reach(shown[:-1])
            done = done.union(node for node in before if node.rules or node.needs)
            known = self._reached[shown] = (self._after(before, shown[-1]), done)
        return known

    def _after(self, nodes: list[_Node], char: str) -> list[_Node]:
        """Where a character leads from some nodes."""
        admitting = self._admitting.get(char)
        if admitting is None:
            admitting = self._admitting[char] = frozenset(place for place in self._places if place.admits(char))
        found = [node.known[char] for node in nodes if char in node.known]
        return found + [after for node in nodes for place, after in node.following.items() if place in admitting]


WORDS = Index(5, words=True)
"""Patterns that begin where a word or a mark begins."""
CHARACTERS = Index(2, words=False)
"""Patterns that may begin anywhere: Chinese has no blanks between words."""


class Anchored:
    """A pattern that is tried only where its first characters stand; matches are those of `re.Pattern.finditer`.

    With the index of `WORDS`, a pattern that may begin inside a word or with white space is searched the ordinary way.
    """

    def __init__(self, pattern: str, flags: int = 0, index: Index = WORDS) -> None:
        if index.words and _HAN.search(pattern):
            raise ValueError("a pattern of words must name no Chinese character")
        self._written = (pattern, flags)
        tree = tree_of(pattern, flags)
        self.groupindex: Mapping[str, int] = tree.state.groupdict
        found = starts(tree, index.key)
        self.paths = None if found is None or not all(_fits(path, index) for path in found) else found
        self.survey = index.survey
        rare = not index.words or (self.paths and is_telling(self.paths))
        words: frozenset[Path] = frozenset() if rare else needed_words(tree, index.key)
        self.needs = index.add(self, self.paths or set(), needs(tree), words)

    @cached_property
    def rule(self) -> re.Pattern[str]:
        """The pattern, compiled when a text first gives it a place: one text needs a third of them."""
        return re.compile(*self._written)

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """Matches from left to right, without overlaps."""
        places = self.survey(text).get(self)
        if places is None:
            return ()
        return self._at(text, places) if places else self.rule.finditer(text)

    def _at(self, text: str, places: Sequence[int]) -> Iterator[re.Match[str]]:
        end = 0
        match = self.rule.match
        for place in places:
            if place >= end and (found := match(text, place)):
                end = found.end()
                yield found


def matching(text: str, rows: Iterable[tuple[Anchored, Said]]) -> Iterator[tuple[re.Match[str], Said]]:
    """The matches of many patterns of words, each with what is said of its pattern.

    Patterns that cannot match in this text cost a look into the survey, not a call.

    >>> [(match[0], said) for match, said in matching("12 mg", [(Anchored("[a-z]+"), "word"), (Anchored("[0-9]+"), 1)])]
    [('mg', 'word'), ('12', 1)]
    """
    held = WORDS.survey(text)
    for rule, said in rows:
        if rule in held:
            for match in rule.finditer(text):
                yield match, said


def anywhere(pattern: str, flags: int = 0) -> Anchored:
    """A pattern of Chinese text.

    >>> [match.group() for match in anywhere("[0-9]+床").finditer("12床，卧床3天")]
    ['12床']
    """
    return Anchored(pattern, flags, CHARACTERS)


def _fits(path: Path, index: Index) -> bool:
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
