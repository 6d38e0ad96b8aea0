"""What a pattern can begin with, read off its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from re import _parser  # type: ignore[attr-defined]  # no public module has the tree
from typing import Any

_MOST_PATHS = 2_000
_MOST_COUNTED = 4
_MOST_WAYS = 60
EDGE = "\0"
"""Stands for what is before the first character of a text."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What may stand at one place of a text: characters, ranges and kinds of them; equal ones are the same object.

    `behind` is the place before a match begins; `EDGE` stands there at the beginning of the text.
    """

    chars: frozenset[str]
    ranges: frozenset[tuple[int, int]]
    kinds: frozenset[str]
    negated: bool
    fold: bool
    behind: bool = False

    def admits(self, char: str) -> bool:
        """Whether the character may stand here; without case, characters outside ASCII always may."""
        if char == EDGE and self.behind and self.negated:
            return True
        if not self.fold:
            return self._holds(char) != self.negated
        if not char.isascii():
            return True
        return (self._holds(char.lower()) or self._holds(char.upper())) != self.negated

    @property
    def only(self) -> str:
        """The one character that may stand here; empty when there are more."""
        alone = len(self.chars) == 1 and not (self.ranges or self.kinds or self.negated or self.fold)
        return next(iter(self.chars)) if alone else ""

    def _holds(self, char: str) -> bool:
        if char in self.chars or any(low <= ord(char) <= high for low, high in self.ranges):
            return True
        return any(_is(kind, char) for kind in self.kinds)


def _is(kind: str, char: str) -> bool:
    base = kind.rsplit("_", 1)[1]
    if base == "DIGIT":
        holds = char.isdecimal()
    elif base == "SPACE":
        holds = char.isspace()
    else:
        holds = char.isalnum() or char == "_"
    return holds != ("_NOT_" in kind)


_place = cache(Place)
_NOTHING: frozenset[Any] = frozenset()
WORD_BEGINS = Place(_NOTHING, _NOTHING, _NOTHING, negated=True, fold=False, behind=True)
"""At the head of a path: a word (or a mark) must begin here."""
OPEN = Place(_NOTHING, _NOTHING, _NOTHING, negated=True, fold=False)
"""In a path: from here on anything may follow, the end of the text too."""

_ANY = (OPEN,)

Path = tuple[Place, ...]
"""What may stand at each of the first places, with that behind a match at the head if it matters."""


Tree = Any
"""A pattern's syntax tree; which groups have names is in `tree.state.groupdict`."""


def tree_of(pattern: str, flags: int) -> Tree:
    """Read once a pattern: `starts` and `_needs` both look at it. Raises re.error when it is none."""
    return _parser.parse(pattern, flags)


def begins_lines(tree: Tree) -> bool:
    """Whether every match begins where a line does: the pattern's first element is `^`."""
    return len(tree) > 0 and tuple(map(str, tree[0])) == ("AT", "AT_BEGINNING")


def starts(tree: Tree, longest: int) -> set[Path] | None:
    """The ways a match can begin, as far as `longest` characters; None when there are too many of them."""
    for reach in range(longest, 0, -1):
        paths = paths_of(tree, bool(tree.state.flags & re.IGNORECASE), reach)
        if len(paths) <= _MOST_PATHS:
            return paths
    return None


def paths_of(tree: Any, fold: bool, reach: int) -> set[Path]:
    """All ways through the first places of a sequence."""
    paths: set[Path] = {()}
    for operation, argument in tree:
        ready = {path for path in paths if _closed(path, reach)}
        going = paths - ready
        if not going or len(paths) > _MOST_PATHS:
            break
        options = _options(str(operation), argument, fold, reach)
        paths = ready | {_joined(path, option, reach) for path in going for option in options}
    return paths


def _closed(path: Path, reach: int) -> bool:
    return OPEN in path or len(path) - (bool(path) and path[0].behind) >= reach


def _joined(path: Path, more: Path, reach: int) -> Path:
    """One path after another, as far as it matters; what is behind a match can stand at the head only."""
    if _closed(path, reach):
        return path
    whole = path + more[1:] if path and more and more[0].behind else path + more
    return whole[: reach + (bool(whole) and whole[0].behind)]


def _options(operation: str, argument: Any, fold: bool, reach: int) -> set[Path]:
    """The ways through one element of a pattern."""
    if operation == "LITERAL":
        return {(place_of([("LITERAL", argument)], fold),)}
    if operation == "IN":
        return {(place_of(argument, fold),)}
    if operation == "BRANCH":
        return {path for branch in argument[1] for path in paths_of(branch, fold, reach)}
    if operation == "SUBPATTERN":
        return paths_of(argument[3], folds(fold, argument), reach)
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return _repeated(argument, fold, reach)
    if operation in ("AT", "ASSERT_NOT", "ASSERT"):
        return behind(operation, argument, fold)
    return {(OPEN,)}


def _repeated(argument: Any, fold: bool, reach: int) -> set[Path]:
    least, most, tree = argument
    once = paths_of(tree, fold, reach)
    whole: set[Path] = {()}
    for _ in range(min(least, reach)):
        if len(whole) * len(once) > _MOST_PATHS:
            return {_joined(path, _ANY, reach) for path in whole}
        whole = {_joined(path, more, reach) for path in whole for more in once}
    if most == least:
        return whole
    if most - least <= _MOST_COUNTED and len(whole) * len(once) ** (most - least) <= _MOST_WAYS:
        ways = set(whole)
        for _ in range(most - least):
            whole = {_joined(path, more, reach) for path in whole for more in once}
            ways |= whole
        return ways
    if least == 0:
        return whole | (once if most == 1 else {_joined(path, _ANY, reach) for path in once})
    return whole | {_joined(path, _ANY, reach) for path in whole}


def folds(fold: bool, subpattern: Any) -> bool:
    _, added, removed, _ = subpattern
    return bool((fold or added & re.IGNORECASE) and not removed & re.IGNORECASE)


def behind(operation: str, argument: Any, fold: bool) -> set[Path]:
    """What must stand behind: nothing of a word for `\\b`, the end of a line for `^`, one place of a look behind."""
    if operation == "AT":
        if str(argument) == "AT_BOUNDARY":
            return {(WORD_BEGINS,)}
        line = str(argument).startswith("AT_BEGINNING")
        return {(_place(frozenset([EDGE, "\n"]), _NOTHING, _NOTHING, False, False, True),)} if line else {()}
    direction, tree = argument
    if direction > 0 or not len(tree) or (operation == "ASSERT_NOT" and len(tree) > 1):
        return {()}
    kind, value = tree[-1]
    if str(kind) not in ("IN", "LITERAL"):
        return {()}
    return {(place_of([(kind, value)] if str(kind) == "LITERAL" else value, fold, behind=operation),)}


def place_of(members: Sequence[tuple[Any, Any]], fold: bool, behind: str = "") -> Place:
    """`[...]` as a place, or what a look behind wants or bars there."""
    by_kind: dict[str, set[Any]] = {"LITERAL": set(), "RANGE": set(), "CATEGORY": set(), "NEGATE": set()}
    for kind, value in members:
        by_kind[str(kind)].add(value)
    cased = bool(by_kind["RANGE"]) or any(chr(code).isalpha() for code in by_kind["LITERAL"])
    return _place(
        frozenset(map(chr, by_kind["LITERAL"])),
        frozenset(by_kind["RANGE"]),
        frozenset(map(str, by_kind["CATEGORY"])),
        bool(by_kind["NEGATE"]) != (behind == "ASSERT_NOT"),
        fold and cased,
        bool(behind),
    )
