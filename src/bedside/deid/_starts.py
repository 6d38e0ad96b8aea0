"""What a pattern can begin with and what it cannot do without, read off its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from re import _parser  # type: ignore[attr-defined]  # no public module has the tree
from typing import Any

_MOST_PATHS = 2_000
_WIDEST = 300
_MOST_CLAUSES = 4
DIGIT = r"\d"
"""In a clause: any decimal digit."""

EDGE = "\0"
"""Stands for what is before the first character of a text."""

Clause = frozenset[str]
"""Characters (or `DIGIT`) of which every text with a match holds at least one."""


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

Path = tuple[Place, ...]
"""What may stand at each of the first places, with that behind a match at the head if it matters."""


Tree = Any
"""A pattern's syntax tree; which groups have names is in `tree.state.groupdict`."""


def tree_of(pattern: str, flags: int) -> Tree:
    """Read once a pattern: `starts` and `needs` both look at it. Raises re.error when it is none."""
    return _parser.parse(pattern, flags)


def starts(tree: Tree, longest: int) -> set[Path] | None:
    """The ways a match can begin, as far as `longest` characters; None when there are too many of them."""
    for reach in range(longest, 0, -1):
        paths = _paths(tree, bool(tree.state.flags & re.IGNORECASE), reach)
        if len(paths) <= _MOST_PATHS:
            return paths
    return None


def _paths(tree: Any, fold: bool, reach: int) -> set[Path]:
    """All ways through the first places of a sequence."""
    paths: set[Path] = {()}
    for operation, argument in tree:
        ready = {path for path in paths if _closed(path, reach)}
        going = paths - ready
        if not going or len(paths) > _MOST_PATHS:
            break
        options = _options(str(operation), argument, fold, reach)
        paths = ready | {_short(path + option, reach) for path in going for option in options}
    return paths


def _closed(path: Path, reach: int) -> bool:
    return OPEN in path or len(path) - (bool(path) and path[0].behind) >= reach


def _short(path: Path, reach: int) -> Path:
    kept: list[Place] = []
    length = 0
    for one in path:
        if one.behind and kept:
            continue
        kept.append(one)
        length += not one.behind
        if one is OPEN or length >= reach:
            break
    return tuple(kept)


def _options(operation: str, argument: Any, fold: bool, reach: int) -> set[Path]:
    """The ways through one element of a pattern."""
    if operation == "LITERAL":
        return {(_class([("LITERAL", argument)], fold),)}
    if operation == "IN":
        return {(_class(argument, fold),)}
    if operation == "BRANCH":
        return {path for branch in argument[1] for path in _paths(branch, fold, reach)}
    if operation == "SUBPATTERN":
        return _paths(argument[3], _folds(fold, argument), reach)
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return _repeated(argument, fold, reach)
    if operation in ("AT", "ASSERT_NOT", "ASSERT"):
        return _behind(operation, argument, fold)
    return {(OPEN,)}


def _repeated(argument: Any, fold: bool, reach: int) -> set[Path]:
    least, most, tree = argument
    once = _paths(tree, fold, reach)
    whole: set[Path] = {()}
    for _ in range(min(least, reach)):
        if len(whole) * len(once) > _MOST_PATHS:
            return {_short((*path, OPEN), reach) for path in whole}
        whole = {_short(path + more, reach) for path in whole for more in once}
    if most == least:
        return whole
    if least == 0:
        return whole | (once if most == 1 else {_short((*path, OPEN), reach) for path in once})
    return whole | {_short((*path, OPEN), reach) for path in whole}


def _folds(fold: bool, subpattern: Any) -> bool:
    _, added, removed, _ = subpattern
    return bool((fold or added & re.IGNORECASE) and not removed & re.IGNORECASE)


def _behind(operation: str, argument: Any, fold: bool) -> set[Path]:
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
    return {(_class([(kind, value)] if str(kind) == "LITERAL" else value, fold, behind=operation),)}


def _class(members: Sequence[tuple[Any, Any]], fold: bool, behind: str = "") -> Place:
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


def needs(tree: Tree) -> tuple[Clause, ...]:
    """What a text must hold for the pattern to match anywhere in it: the few most telling clauses."""
    clauses = set(_clauses(tree, bool(tree.state.flags & re.IGNORECASE)))
    return tuple(sorted(clauses, key=_commonness)[:_MOST_CLAUSES])


def _clauses(tree: Any, fold: bool) -> list[Clause]:
    return [clause for operation, argument in tree for clause in _clauses_of(str(operation), argument, fold)]


def _clauses_of(operation: str, argument: Any, fold: bool) -> list[Clause]:
    """What one element of a pattern cannot do without."""
    if operation == "LITERAL":
        return _clause([("LITERAL", argument)], fold)
    if operation == "IN":
        return _clause(argument, fold)
    if operation == "SUBPATTERN":
        return _clauses(argument[3], _folds(fold, argument))
    if operation in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] > 0:
        return _clauses(argument[2], fold)
    if operation == "ASSERT":
        return _clauses(argument[1], fold)
    if operation == "BRANCH":
        ways = [_clauses(branch, fold) for branch in argument[1]]
        return [frozenset().union(*(min(way, key=_commonness) for way in ways))] if all(ways) else []
    return []


_FOLDED_TO = {"k": "\u212a", "s": "\u017f", "i": "\u0130\u0131"}
"""Characters outside ASCII that `re.IGNORECASE` takes for letters of it."""


def _clause(members: Sequence[tuple[Any, Any]], fold: bool) -> list[Clause]:
    """The one clause of `[...]`, none when it is negated or holds too much to be telling."""
    found: set[str] = set()
    for kind, value in members:
        if str(kind) == "LITERAL":
            found.add(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < _WIDEST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        elif str(value) in ("CATEGORY_DIGIT", "CATEGORY_UNI_DIGIT"):
            found.add(DIGIT)
        else:
            return []
    if fold:
        if not all(map(str.isascii, found)):
            return []
        letters = {char for char in found if char.isalpha()}
        found |= {form for char in letters for form in (char.lower(), char.upper(), *_FOLDED_TO.get(char.lower(), ""))}
    return [frozenset(found)]


def _commonness(clause: Clause) -> tuple[int, int, list[str]]:
    """How likely a text is to hold one of the characters, roughly: blanks, then small letters, figures and the rest."""
    weight = sum(100 if char.isspace() else 20 if char.islower() else 10 if char == DIGIT else 3 for char in clause)
    return weight, len(clause), sorted(clause)
