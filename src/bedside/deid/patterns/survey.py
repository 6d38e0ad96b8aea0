"""Surveys a text for many patterns at once: where each can begin, and which can match in the text at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from threading import Lock
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from bedside.deid.patterns.automaton import ANYTHING, Automaton, Rule, State
from bedside.deid.patterns.needs import DIGIT, Clause
from bedside.deid.patterns.starts import EDGE, WORD_BEGINS, Path


class Filing(NamedTuple):
    """What a pattern is filed under: paths of first places (None: searched), clauses, and a word within a match.

    `lined`: every match begins where a line does.
    """

    paths: set[Path] | None
    clauses: Sequence[Clause]
    words: frozenset[Path]
    lined: bool


class Fileable(Rule, Protocol):
    """A pattern that can be filed."""

    def read(self) -> Filing:
        """What it is filed under."""
        ...


Patterned = TypeVar("Patterned", bound=Fileable)
_TOKEN = re.compile(r"(\w+|[^\w\s])")
_HAN = re.compile("[\u4e00-\u9fff]")
_LINE_END = re.compile("\n")
_NOT_ASCII = "\x80"
_MOST_KEYS = 60_000
FILED_AFTER = 10_000
"""Characters read before patterns are filed. Filing takes half a second, more than it saves on one short text."""


class Index(Generic[Patterned]):
    """Which patterns can begin with which characters, and which texts can hold them; looked up once a text."""

    def __init__(self, key: int, *, words: bool) -> None:
        self.key = key
        self.words = words
        self.rules: list[Patterned] = []
        self._unfiled: list[Patterned] = []
        self._filing = Lock()
        self._read = 0
        self.survey = lru_cache(maxsize=1)(self._survey)
        self._searched: list[Patterned] = []
        self._searched_by_line: list[Patterned] = []
        self._automaton = Automaton()
        self._lines = Automaton()
        self._clauses: dict[Clause, int] = {}
        self._needed: dict[frozenset[Path], int] = {}
        self._beginning: dict[str, State] = {}
        self._beginning_line: dict[str, State] = {}
        self._satisfied: dict[str, int] = {}

    def add(self, rule: Patterned) -> None:
        """Take a pattern in; it is searched everywhere until enough was read to be worth filing it."""
        self.rules.append(rule)
        self._unfiled.append(rule)
        self.survey.cache_clear()

    def file(self) -> None:
        """File every pattern before the next text, however little was read; found is the same."""
        self._read = FILED_AFTER

    def _file_all(self) -> None:
        with self._filing:
            for rule in self._unfiled:
                self._file(rule)
            if self._unfiled:
                self._forget()
                self._satisfied.clear()
            self._unfiled.clear()

    def _file(self, rule: Patterned) -> None:
        """File a pattern under its paths, with the bits of the clauses, and of a word within, that it needs."""
        paths, clauses, words, lined = rule.read()
        if not paths:
            (self._searched_by_line if lined else self._searched).append(rule)
        for path in paths or ():
            (self._lines if lined else self._automaton).file(self._whole(path), rule=rule)
        rule.needs = sum(1 << self._bit(self._clauses, clause) for clause in set(clauses)) | self._need(words)

    def _forget(self) -> None:
        self._beginning.clear()
        self._beginning_line.clear()
        self._automaton.forget()
        self._lines.forget()

    def _need(self, words: frozenset[Path]) -> int:
        if not words:
            return 0
        bit = 1 << self._bit(self._needed, words)
        for path in words:
            self._automaton.file(self._whole(path), needs=bit)
        return bit

    def _bit(self, numbered: dict[Any, int], one: object) -> int:
        return numbered.setdefault(one, len(self._clauses) + len(self._needed))

    def _whole(self, path: Path) -> Path:
        """The path from what is behind it on; what that is matters to patterns of characters only."""
        return path if path[0].behind and not self.words else (WORD_BEGINS, *path[path[0].behind :])

    def _survey(self, text: str) -> dict[Patterned, list[int]]:
        """The patterns that the text can hold, each with the places to try it; with none it is searched everywhere."""
        self._read += len(text)  # filed from the text that reaches the bound: a long one is worth it by itself
        if self._read < FILED_AFTER:
            return {rule: [] for rule in self.rules}
        if self._unfiled:
            self._file_all()
        if max(len(self._beginning), len(self._beginning_line)) > _MOST_KEYS:
            self._forget()
        starts, shown = self._words(text) if self.words else self._characters(text)
        known = self._beginning
        begun = [known.get(key) or self._begin(key) for key in shown]
        held, states = self._held(text), set(begun)
        for state in states:
            held |= state.needs
        missing = ~held
        possible = {state: state.possible(missing) for state in states}
        searched: dict[Rule, list[int]] = {rule: [] for rule in self._searched if not rule.needs & missing}
        places: defaultdict[Rule, list[int]] = defaultdict(list, searched)
        for start, state in zip(starts, begun, strict=True):
            for rule in possible[state]:
                places[rule].append(start)
        lines = _line_starts(text)
        for start in lines:
            begins = self._begin_line(text[start : start + self.key])
            for rule in begins.possible(missing) if begins.rules else ():
                places[rule].append(start)
        places.update((rule, lines) for rule in self._searched_by_line if not rule.needs & missing)
        return cast("dict[Patterned, list[int]]", places)

    def _words(self, text: str) -> tuple[Sequence[int], list[str]]:
        """Where words and marks begin, and their first characters."""
        reach = self.key
        starts = list(accumulate(map(len, _TOKEN.split(text))))[:-1:2]  # it splits into blanks, token, ... blanks
        return starts, [text[start : start + reach] for start in starts]

    def _characters(self, text: str) -> tuple[Sequence[int], list[str]]:
        """Every place, and its first characters; before a letter or figure, what is behind counts.

        What stands behind a Chinese character rules little out and would make most keys new ones.
        """
        reach = self.key
        padded = EDGE + text + EDGE * reach
        shown = [padded[at + (char >= _NOT_ASCII) : at + reach + 1] for at, char in enumerate(text)]
        return range(len(text)), shown

    def _begin(self, shown: str) -> State:
        """What can begin with these characters; what is behind them comes first, if it is known."""
        if self.words:
            found = self._automaton.read(EDGE + _HAN.sub("的", shown))
        else:
            found = self._automaton.read(shown if len(shown) > self.key else ANYTHING + shown)
        self._beginning[shown] = found
        return found

    def _begin_line(self, shown: str) -> State:
        """What can begin with these characters at the beginning of a line and nowhere else."""
        found = self._beginning_line.get(shown)
        if found is None:
            first = _HAN.sub("的", shown) if self.words else shown
            found = self._beginning_line[shown] = self._lines.read(EDGE + first)
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


def _line_starts(text: str) -> list[int]:
    return [0, *(at.end() for at in _LINE_END.finditer(text))]
