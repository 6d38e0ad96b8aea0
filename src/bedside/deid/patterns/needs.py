"""What a pattern cannot do without, read off its syntax tree: characters of the text, and a word within the match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from bedside.deid.patterns.starts import OPEN, WORD_BEGINS, Path, Place, Tree, behind, folds, paths_of, place_of

_WIDEST = 300
_MOST_CLAUSES = 4
_TELLING = 2
_MOST_WORDS = 400
DIGIT = r"\d"
"""In a clause: any decimal digit."""

Clause = frozenset[str]
"""Characters (or `DIGIT`) of which every text with a match holds at least one."""

Sequence_ = Sequence[tuple[Any, Any]]
"""The elements of a pattern, one after the other."""


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
        return _clauses(argument[3], folds(fold, argument))
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


def is_telling(paths: Iterable[Path]) -> bool:
    """Whether a pattern that begins so is tried at few places anyway."""
    return _weight(paths) > _TELLING


def needed_words(tree: Tree, reach: int) -> frozenset[Path]:
    """The ways the most telling word (or mark) within a match can begin; empty when there is no telling one.

    `[A-Z][a-z]+[ ](?:Hospital|Clinic)` may begin with any word, but only a text with `Hospi` or `Clini` has a match.
    """
    ways = _words(list(tree), bool(tree.state.flags & re.IGNORECASE), reach, bounded=False)
    return max(ways, key=_weight, default=frozenset())


def _words(sequence: Sequence_, fold: bool, reach: int, *, bounded: bool) -> list[frozenset[Path]]:
    """For each place of a sequence where a word or mark surely begins, the ways it can; only telling ones."""
    found = []
    for number, (operation, argument) in enumerate(sequence):
        free = _is_outside(sequence[:number], fold, bounded)
        if _may_tell(str(operation), argument, free):
            ways = _ways(sequence[number:], fold, reach, bounded=free)
            if _weight(ways) >= _TELLING:
                found.append(ways)
        found += _words_within(str(operation), argument, fold, reach, bounded=free)
    return found


def _may_tell(operation: str, argument: Any, free: bool) -> bool:
    """Whether to look at all: a way of reading the tree that spares most of the work."""
    if operation == "LITERAL":
        return not chr(argument).isspace() and (free or not _is_kind("WORD", chr(argument)))
    return free and operation in ("SUBPATTERN", "BRANCH")


def _words_within(operation: str, argument: Any, fold: bool, reach: int, *, bounded: bool) -> list[frozenset[Path]]:
    if operation == "SUBPATTERN":
        return _words(list(argument[3]), folds(fold, argument), reach, bounded=bounded)
    if operation in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] > 0:
        body = list(argument[2])
        return _words(body * min(argument[0], 2), fold, reach, bounded=bounded)
    if operation == "ASSERT" and argument[0] > 0:
        return _words(list(argument[1]), fold, reach, bounded=bounded)
    if operation == "BRANCH":
        branches = [_words(list(branch), fold, reach, bounded=bounded) for branch in argument[1]]
        if all(branches):
            together = frozenset().union(*(max(ways, key=_weight) for ways in branches))
            return [together] if len(together) <= _MOST_WORDS else []
    return []


def _ways(sequence: Sequence_, fold: bool, reach: int, *, bounded: bool) -> frozenset[Path]:
    """The ways a sequence can begin, if each is met where a word or mark begins."""
    ways = set()
    for path in paths_of(sequence, fold, reach):
        free = bounded or (bool(path) and path[0] is WORD_BEGINS)
        rest = path[1:] if path and path[0].behind else path
        if not rest or rest[0] is OPEN or _may_be(rest[0], "SPACE") or not (free or not _may_be(rest[0], "WORD")):
            return frozenset()
        ways.add(rest)
    return frozenset(ways) if len(ways) <= _MOST_WORDS else frozenset()


def _is_outside(sequence: Sequence_, fold: bool, bounded: bool) -> bool:
    """Whether a sequence surely ends with a blank, a mark or a word's edge: what follows begins a word or mark."""
    for number in range(len(sequence) - 1, -1, -1):
        operation, argument = str(sequence[number][0]), sequence[number][1]
        if operation in ("AT", "ASSERT", "ASSERT_NOT"):
            if str(argument) == "AT_BOUNDARY" or "BEGINNING" in str(argument) or _bars_words(operation, argument, fold):
                return True
            continue
        if operation in ("LITERAL", "IN"):
            members = [("LITERAL", argument)] if operation == "LITERAL" else argument
            return not _may_be(place_of(members, fold), "WORD")
        before = _is_outside(sequence[:number], fold, bounded)
        if operation == "SUBPATTERN":
            return _is_outside(list(argument[3]), folds(fold, argument), before)
        if operation in ("MAX_REPEAT", "MIN_REPEAT"):
            return _is_outside(list(argument[2]), fold, before) and (before or argument[0] > 0)
        return operation == "BRANCH" and all(_is_outside(list(branch), fold, before) for branch in argument[1])
    return bounded


def _bars_words(operation: str, argument: Any, fold: bool) -> bool:
    """Whether an assertion lets no letter or figure stand before this place."""
    return any(path and not _may_be(path[0], "WORD") for path in behind(operation, argument, fold))


@cache
def _may_be(place: Place, kind: str) -> bool:
    """Whether a blank (`SPACE`) or a letter, figure or low line (`WORD`) may stand at a place; if in doubt, it may."""
    if place.negated:
        return f"CATEGORY_{kind}" not in place.kinds and f"CATEGORY_UNI_{kind}" not in place.kinds
    if any(_is_kind(kind, char) for char in place.chars):
        return True
    if any(
        high - low > _WIDEST or any(_is_kind(kind, chr(c)) for c in range(low, high + 1)) for low, high in place.ranges
    ):
        return True
    never = {"SPACE": ("_DIGIT", "_WORD"), "WORD": ("_SPACE",)}[kind]
    return not all(one.endswith(never) and "NOT" not in one for one in place.kinds)


def _is_kind(kind: str, char: str) -> bool:
    return char.isspace() if kind == "SPACE" else char.isalnum() or char == "_"


def _weight(ways: Iterable[Path]) -> float:
    """How telling the commonest of some ways is: one for each letter or mark, half for a blank or a small class."""
    return min((sum(map(_place_weight, path)) for path in ways), default=0)


@cache
def _place_weight(place: Place) -> float:
    if place.behind or place.negated or place.kinds - {"CATEGORY_DIGIT"}:  # `OPEN` is negated
        return 0
    return 1 if len(place.chars) <= 2 and not place.ranges and not place.kinds and " " not in place.chars else 0.5
