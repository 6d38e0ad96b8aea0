"""Grammars that a text is followed by, a character at a time: what may still come, and whether it may end.

A grammar's derivative by a character is the grammar of what may follow it. Nodes are built by the functions below,
which keep them small, and are compared by value, so that derivatives are computed once. A rule is opened only when
its turn comes, and so may use itself, though not as its own beginning.

Source: Brzozowski 1964, "Derivatives of Regular Expressions"; Owens et al. 2009 for sets of characters; Might et al.
2011, "Parsing with Derivatives", for rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
"""Code points from - to, ends included, in order."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set; the empty set matches nothing at all."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Then:
    """Parts one behind the other; none: the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    ways: frozenset[Node]


@dataclass(frozen=True, slots=True)
class Times:
    """A part `low` to `high` times (None: any number)."""

    part: Node
    low: int
    high: int | None


class Rule:
    """A named grammar, which is the same as itself alone; `body` is there once all rules have been read."""

    __slots__ = ("body", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.body: Node | None = None

    def open(self) -> Node:
        """What it stands for."""
        assert self.body is not None
        return self.body


Node = Chars | Then | Either | Times | Rule
NOTHING = Chars(())
EMPTY = Then(())


def text(value: str) -> Node:
    """Exactly this text."""
    return then(*(Chars(((ord(one), ord(one)),)) for one in value))


def chars(*ranges: tuple[int, int]) -> Node:
    """One character of these ranges, which may overlap."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        elif low <= high:
            joined.append((low, high))
    return Chars(tuple(joined))


def other_than(ranges: Ranges) -> Node:
    """One character that is in none of them."""
    found, at = [], 0
    for low, high in sorted(ranges):
        if at < low:
            found.append((at, low - 1))
        at = max(at, high + 1)
    return chars(*found, *([(at, LAST)] if at <= LAST else []))


def then(*parts: Node) -> Node:
    """Parts one behind the other."""
    flat: list[Node] = []
    for part in parts:
        if part == NOTHING:
            return NOTHING
        flat += part.parts if isinstance(part, Then) else [part]
    return flat[0] if len(flat) == 1 else Then(tuple(flat))


def either(*ways: Node) -> Node:
    """One of several."""
    flat: set[Node] = set()
    for way in ways:
        flat |= way.ways if isinstance(way, Either) else {way}
    flat.discard(NOTHING)
    if not flat:
        return NOTHING
    return next(iter(flat)) if len(flat) == 1 else Either(frozenset(flat))


def times(part: Node, low: int = 0, high: int | None = None) -> Node:
    """A part again and again."""
    if high == 0 or part == EMPTY:
        return EMPTY
    if part == NOTHING:
        return EMPTY if low == 0 else NOTHING
    return part if (low, high) == (1, 1) else Times(part, low, high)


@lru_cache(maxsize=65536)
def may_end(node: Node) -> bool:
    """Whether nothing more need come."""
    if isinstance(node, Chars):
        return False
    if isinstance(node, Then):
        return all(map(may_end, node.parts))
    if isinstance(node, Either):
        return any(map(may_end, node.ways))
    if isinstance(node, Rule):
        return may_end(node.open())
    return node.low == 0 or may_end(node.part)


@lru_cache(maxsize=65536)
def after(node: Node, char: int) -> Node:
    """What may follow once that character has come; NOTHING where it may not come.

    >>> after(text("no fever"), ord("n")) == text("o fever"), after(text("no fever"), ord("x")) == NOTHING
    (True, True)
    """
    if isinstance(node, Chars):
        return EMPTY if any(low <= char <= high for low, high in node.ranges) else NOTHING
    if isinstance(node, Either):
        return either(*(after(way, char) for way in node.ways))
    if isinstance(node, Rule):
        return after(node.open(), char)
    if isinstance(node, Times):
        rest = times(node.part, max(0, node.low - 1), None if node.high is None else node.high - 1)
        return then(after(node.part, char), rest)
    ways = []
    for number, part in enumerate(node.parts):
        ways.append(then(after(part, char), *node.parts[number + 1 :]))
        if not may_end(part):
            break
    return either(*ways)


@lru_cache(maxsize=65536)
def first(node: Node) -> Ranges:
    """The characters that may come next."""
    if isinstance(node, Chars):
        return node.ranges
    if isinstance(node, Either):
        return _joined(map(first, node.ways))
    if isinstance(node, Rule):
        return first(node.open())
    if isinstance(node, Times):
        return first(node.part)
    found = []
    for part in node.parts:
        found.append(first(part))
        if not may_end(part):
            break
    return _joined(found)


def begins_with(node: Node, rule: Rule) -> bool:
    """Whether what a node stands for may begin with that rule, before any character of its own."""
    seen: set[Rule] = set()
    ahead = [node.open() if isinstance(node, Rule) else node]
    while ahead:
        one = ahead.pop()
        if one is rule:
            return True
        if isinstance(one, Rule) and one not in seen:
            seen.add(one)
            ahead.append(one.open())
        elif isinstance(one, Either):
            ahead += one.ways
        elif isinstance(one, Times):
            ahead.append(one.part)
        elif isinstance(one, Then):
            for part in one.parts:
                ahead.append(part)
                if not can_be_empty(part):
                    break
    return False


def can_be_empty(node: Node, inside: frozenset[Rule] = frozenset()) -> bool:
    """`may_end` of rules that may begin with themselves, where that would not come to an end."""
    if isinstance(node, Rule):
        return node not in inside and can_be_empty(node.open(), inside | {node})
    if isinstance(node, Then):
        return all(can_be_empty(part, inside) for part in node.parts)
    if isinstance(node, Either):
        return any(can_be_empty(way, inside) for way in node.ways)
    return isinstance(node, Times) and (node.low == 0 or can_be_empty(node.part, inside))


def matches(node: Node, value: str) -> bool:
    """Whether a whole text is of the grammar.

    >>> matches(either(text("yes"), text("no")), "yes"), matches(either(text("yes"), text("no")), "ye")
    (True, False)
    """
    for one in value:
        node = after(node, ord(one))
    return may_end(node)


def _joined(several: Iterable[Sequence[tuple[int, int]]]) -> Ranges:
    made = chars(*(one for ranges in several for one in ranges))
    assert isinstance(made, Chars)
    return made.ranges
