"""What may follow in a grammar once a character has come, and whether a text may end there.

A grammar's derivative by a character is the grammar of what may follow it. Derivatives are computed once.

Source: Brzozowski 1964, "Derivatives of Regular Expressions"; Owens et al. 2009 for sets of characters; Might et al.
2011, "Parsing with Derivatives", for rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bedside.model.writing.grammar import (
    EMPTY,
    NOTHING,
    Chars,
    Either,
    Node,
    Ranges,
    Rule,
    Then,
    Times,
    chars,
    either,
    then,
    times,
)


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

    >>> from bedside.model.writing.grammar import text
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

    >>> from bedside.model.writing.grammar import text
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
