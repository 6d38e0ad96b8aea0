"""Grammars that a text is followed by, a character at a time (`following.py`).

Nodes are built by the functions below, which keep them small, and are compared by value. A rule is opened only when
its turn comes, and so may use itself, though not as its own beginning.
"""

from __future__ import annotations

from dataclasses import dataclass

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
