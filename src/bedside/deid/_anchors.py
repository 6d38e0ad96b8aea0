"""Runs many patterns over one text at the price of a few: each is tried only where its first characters can stand.

A pattern such as `\\b(?:seen|signed)[ ]by` is tried by `re` at every place of a text. Here the text is cut once into
words and marks, and the first three characters at each say which patterns can begin there at all; the others are never
tried. What the patterns can begin with is read off their syntax trees, so it never differs from the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # no public module has the tree
from typing import Any

Path = tuple[frozenset[str] | None, ...]
"""What may stand at each of the first places: sets of ASCII characters, `None` before them for "a word begins"."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ASCII = frozenset(map(chr, range(128)))
_WORD = frozenset(c for c in _ASCII if c.isalnum() or c == "_")
_SPACE = frozenset(c for c in _ASCII if c.isspace())
_KEY = 3
_MOST_PATHS = 2_000
_MOST_KEYS = 60_000
_CUT: frozenset[str] = frozenset()
"""In a path: from here on anything may follow."""


class Anchored:
    """A pattern that is tried only where its first characters stand; matches are those of `re.Pattern.finditer`.

    A pattern that may begin inside a word or with white space is searched the ordinary way.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.rule = re.compile(pattern, flags)
        self.paths = _starts(pattern, flags)
        if self.paths is not None:
            _ANCHORED.append(self)
            _ANCHORED_FROM.clear()
            _places.cache_clear()

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Matches from left to right, without overlaps."""
        if self.paths is None:
            return self.rule.finditer(text)
        places = _places(text).get(self)
        return self._at(text, places) if places else iter(())

    def _at(self, text: str, places: Sequence[int]) -> Iterator[re.Match[str]]:
        end = 0
        for place in places:
            if place >= end and (match := self.rule.match(text, place)):
                end = match.end()
                yield match


_ANCHORED: list[Anchored] = []
_ANCHORED_FROM: dict[str, tuple[Anchored, ...]] = {}
"""First characters of a word, and the patterns that can begin with them: filled as words are met."""


@lru_cache(maxsize=1)
def _places(text: str) -> dict[Anchored, list[int]]:
    """For each pattern the places in the text where it has to be tried."""
    places: dict[Anchored, list[int]] = {}
    if len(_ANCHORED_FROM) > _MOST_KEYS:
        _ANCHORED_FROM.clear()
    for token in _TOKEN.finditer(text):
        start = token.start()
        key = text[start : start + _KEY]
        rules = _ANCHORED_FROM.get(key)
        if rules is None:
            rules = _ANCHORED_FROM[key] = _beginning(key)
        for rule in rules:
            places.setdefault(rule, []).append(start)
    return places


def _beginning(key: str) -> tuple[Anchored, ...]:
    return tuple(one for one in _ANCHORED if any(_fits(key, path) for path in one.paths or ()))


def _fits(key: str, path: Sequence[frozenset[str] | None]) -> bool:
    """Whether a text that begins with `key` may go along the path; characters outside ASCII always may."""
    for char, allowed in zip(key, path, strict=False):
        if not allowed:
            return True
        if char not in allowed and char in _ASCII:
            return False
    return len(key) >= len(path) or not path[len(key)]


def _starts(pattern: str, flags: int) -> list[tuple[frozenset[str], ...]] | None:
    """What the pattern can begin with, or None when that is too much or need not begin a word."""
    tree = _parser.parse(pattern, flags)
    starts = set()
    for path in _paths(tree, bool(tree.state.flags & re.IGNORECASE)):
        bounded = bool(path) and path[0] is None
        sets = tuple(one for one in path if one is not None)
        if not sets or not sets[0] or sets[0] & _SPACE or (not bounded and sets[0] & _WORD):
            return None
        starts.add(sets)
    return list(starts) if len(starts) <= _MOST_PATHS else None


def _paths(tree: Any, fold: bool) -> set[Path]:
    """All ways through the first places of a sequence."""
    paths: set[Path] = {()}
    for operation, argument in tree:
        ready = {path for path in paths if _closed(path)}
        going = paths - ready
        if not going or len(paths) > _MOST_PATHS:
            break
        options = _options(str(operation), argument, fold)
        paths = ready | {_short(path + option) for path in going for option in options}
    return paths


def _closed(path: Path) -> bool:
    return _CUT in path or sum(one is not None for one in path) >= _KEY


def _short(path: Path) -> Path:
    kept: list[frozenset[str] | None] = []
    for one in path:
        if one is not None or not kept:
            kept.append(one)
        if one == _CUT or sum(piece is not None for piece in kept) >= _KEY:
            break
    return tuple(kept)


def _options(operation: str, argument: Any, fold: bool) -> set[Path]:
    """The ways through one element of a pattern."""
    if operation == "LITERAL":
        return {(_folded(frozenset([chr(argument)]), fold),)}
    if operation == "IN":
        return {(_folded(_class(argument), fold),)}
    if operation == "BRANCH":
        return {path for branch in argument[1] for path in _paths(branch, fold)}
    if operation == "SUBPATTERN":
        _, added, removed, tree = argument
        return _paths(tree, bool((fold or added & re.IGNORECASE) and not removed & re.IGNORECASE))
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, tree = argument
        once = _paths(tree, fold)
        again = once if most == 1 else {_short((*path, _CUT)) for path in once}
        return again | {()} if least == 0 else again
    if operation in ("AT", "ASSERT_NOT", "ASSERT"):
        return {(None,)} if _begins_word(operation, argument) else {()}
    return {(_CUT,)}


def _begins_word(operation: str, argument: Any) -> bool:
    """Whether a word (or a mark) must begin here: `\\b`, the beginning of a line, or no word character before."""
    if operation == "AT":
        return str(argument) in ("AT_BOUNDARY", "AT_BEGINNING", "AT_BEGINNING_STRING", "AT_BEGINNING_LINE")
    direction, tree = argument
    if operation == "ASSERT" or direction > 0 or len(tree) != 1:
        return False
    kind, members = tree[0]
    return str(kind) == "IN" and str(members[0][0]) != "NEGATE" and _class(members) >= _WORD


def _folded(chars: frozenset[str], fold: bool) -> frozenset[str]:
    """Never empty: a character outside ASCII is let through as any."""
    chars &= _ASCII
    if fold:
        chars |= {one for char in chars for one in (char.lower(), char.upper())}
    return chars or frozenset("\x00")


def _class(members: Sequence[tuple[Any, Any]]) -> frozenset[str]:
    """The ASCII characters of `[...]`."""
    found: set[str] = set()
    negated = False
    for kind, value in members:
        if str(kind) == "NEGATE":
            negated = True
        elif str(kind) == "LITERAL":
            found.add(chr(value))
        elif str(kind) == "RANGE":
            found.update(chr(code) for code in range(value[0], min(value[1], 127) + 1))
        else:
            found |= _category(str(value))
    return _ASCII - found if negated else frozenset(found)


def _category(name: str) -> frozenset[str]:
    chars = {"DIGIT": frozenset("0123456789"), "SPACE": _SPACE, "WORD": _WORD}[name.rsplit("_", 1)[1]]
    return _ASCII - chars if "_NOT_" in name else chars
