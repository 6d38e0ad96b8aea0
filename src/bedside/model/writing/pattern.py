"""Regular expressions as grammars (`grammar.py`); what cannot be kept to is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.model.writing.grammar import (
    Node,
    chars,
    either,
    other_than,
    then,
    times,
)


def pattern_grammar(pattern: str) -> Node:
    """All texts that match a regular expression as a whole; raises ConfigError for what is no regular grammar.

    >>> from bedside.model.writing.following import matches
    >>> matches(pattern_grammar("(yes|no), [0-9]{1,3} mm"), "yes, 21 mm")
    True
    """
    parser: Any = re._parser  # type: ignore[attr-defined]
    try:
        return then(*(_expression(*one) for one in parser.parse(pattern)))
    except (re.error, RecursionError, OverflowError):
        raise cannot_keep("pattern", pattern, tr("a regular expression", "正则表达式")) from None


CATEGORIES = {
    "CATEGORY_DIGIT": ((48, 57),),
    "CATEGORY_SPACE": ((9, 13), (32, 32)),
    "CATEGORY_WORD": ((48, 57), (65, 90), (95, 95), (97, 122), (0x3400, 0x9FFF)),
}

NOT_A_LINE_END = other_than(((10, 10),))


def _expression(kind: Any, value: Any) -> Node:
    """One node of Python's own parse of a regular expression."""
    makers: dict[str, Callable[[Any], Node]] = {
        "LITERAL": lambda one: chars((one, one)),
        "NOT_LITERAL": lambda one: other_than(((one, one),)),
        "ANY": lambda _: NOT_A_LINE_END,
        "IN": _set,
        "BRANCH": lambda one: either(*(_sequence(way) for way in one[1])),
        "SUBPATTERN": lambda one: _sequence(one[3]),
        "MAX_REPEAT": _repeat,
        "MIN_REPEAT": _repeat,
        "CATEGORY": lambda one: chars(*CATEGORIES[str(one)]),
    }
    if str(kind) not in makers:
        raise cannot_keep(
            "pattern", str(kind).lower(), tr("no anchors, look-around or back references", "不支持锚点、环视或反向引用")
        )
    return makers[str(kind)](value)


def _sequence(parts: Sequence[tuple[Any, Any]]) -> Node:
    return then(*(_expression(*one) for one in parts))


def _repeat(value: tuple[int, Any, Any]) -> Node:
    low, high, part = value
    return times(_sequence(part), int(low), None if str(high) == "MAXREPEAT" else int(high))


def _set(members: Sequence[tuple[Any, Any]]) -> Node:
    found: list[tuple[int, int]] = []
    for kind, value in members:
        if str(kind) == "RANGE":
            found.append((int(value[0]), int(value[1])))
        elif str(kind) == "LITERAL":
            found.append((int(value), int(value)))
        elif str(kind) == "CATEGORY" and str(value) in CATEGORIES:
            found += CATEGORIES[str(value)]
        elif str(kind) != "NEGATE":
            raise cannot_keep("pattern", str(value).lower(), "a-z, \\d, \\s, \\w")
    return other_than(tuple(found)) if str(members[0][0]) == "NEGATE" else chars(*found)


def cannot_keep(where: str, value: Any, allowed: str) -> ConfigError:
    said = tr(f"cannot be kept to: {value}", f"无法遵守：{value}")
    return ConfigError([f"fit.write.{where}: {said} ({tr('allowed', '允许')}: {allowed})"], next="bedside fit --help")
