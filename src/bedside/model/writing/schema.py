"""JSON schemas as grammars (`grammar.py`); what cannot be kept to is refused.

Of JSON schema: object (properties in their order, required; no others), array (items, minItems, maxItems), string
(maxLength, minLength, pattern), number, integer, boolean, null, enum, const, anyOf, and several types.
"""

from __future__ import annotations

import json
from typing import Any

from bedside.lang import tr
from bedside.model.writing.following import matches
from bedside.model.writing.grammar import EMPTY, Chars, Node, chars, either, other_than, text, then, times
from bedside.model.writing.pattern import cannot_keep, pattern_grammar

DEEPEST = 16
SILENT = frozenset(["title", "description", "$schema", "$id", "default", "examples"])
"""Keywords that ask nothing of a value."""

KEYWORDS = {
    "object": frozenset(["properties", "required", "additionalProperties"]),
    "array": frozenset(["items", "minItems", "maxItems"]),
    "string": frozenset(["minLength", "maxLength", "pattern"]),
}
GAP = times(text(" "), 0, 1)
DIGIT = chars((48, 57))
INTEGER = then(times(text("-"), 0, 1), either(text("0"), then(chars((49, 57)), times(DIGIT, 0, 14))))
FRACTION = then(text("."), times(DIGIT, 1, 15))
EXPONENT = then(chars((69, 69), (101, 101)), times(chars((43, 43), (45, 45)), 0, 1), times(DIGIT, 1, 2))
NUMBER = then(INTEGER, times(FRACTION, 0, 1), times(EXPONENT, 0, 1))
HEX = chars((48, 57), (65, 70), (97, 102))
PLAIN = other_than(((0, 31), (34, 34), (92, 92), (127, 159), (0xD800, 0xDFFF)))
ESCAPE = then(text("\\"), either(chars(*((ord(one), ord(one)) for one in '"\\/bfnrt')), then(text("u00"), HEX, HEX)))
CHARACTER = either(PLAIN, ESCAPE)


def schema_grammar(schema: dict[str, Any]) -> Node:
    """All JSON texts that satisfy a schema; raises ConfigError for a keyword that is not kept to here.

    >>> matches(schema_grammar({"type": "object", "properties": {"age": {"type": "integer"}}}), '{"age": 70}')
    True
    """
    return _value(schema, "json_schema", 0)


def _value(schema: Any, where: str, depth: int) -> Node:
    if not isinstance(schema, dict) or depth > DEEPEST:
        raise cannot_keep(where, schema, tr("an object that is a schema, not too deep", "层数不过深的 schema 对象"))
    asked = {key: value for key, value in schema.items() if key not in SILENT}
    if "enum" in asked or "const" in asked:
        return _listed(asked, where)
    if "anyOf" in asked:
        _only(asked, frozenset(["anyOf"]), where)
        return either(*(_value(one, f"{where}.anyOf[{n}]", depth + 1) for n, one in enumerate(asked["anyOf"])))
    kinds = asked.get("type")
    several = kinds if isinstance(kinds, list) else [kinds]
    known = frozenset(["type"]).union(*(KEYWORDS.get(kind, frozenset()) for kind in several if isinstance(kind, str)))
    _only(asked, known, where)
    return either(*(_of_type(kind, asked, where, depth) for kind in several))


def _listed(asked: dict[str, Any], where: str) -> Node:
    """One of the values given; a type beside them must be theirs."""
    _only(asked, frozenset(["enum", "const", "type"]), where)
    values = asked.get("enum", [asked.get("const")])
    if not isinstance(values, list) or not values or ("enum" in asked and "const" in asked):
        raise cannot_keep(where, values, tr("a list of values, or one const", "值列表，或一个 const"))
    written = [json.dumps(one, ensure_ascii=False) for one in values]
    if "type" in asked:
        kind = _value({"type": asked["type"]}, where, 0)
        written = [one for one in written if matches(kind, one)]
    return either(*map(text, written))


def _of_type(kind: Any, asked: dict[str, Any], where: str, depth: int) -> Node:
    if kind == "object":
        return _object(asked, where, depth)
    if kind == "array":
        return _array(asked, where, depth)
    if kind == "string":
        return _string(asked, where)
    plain = {"number": NUMBER, "integer": INTEGER, "boolean": either(text("true"), text("false")), "null": text("null")}
    if kind not in plain:
        raise cannot_keep(f"{where}.type", kind, ", ".join(["object", "array", "string", *plain]))
    return plain[kind]


def _object(asked: dict[str, Any], where: str, depth: int) -> Node:
    """Properties in the order of the schema; those not required may be left out."""
    properties, required = asked.get("properties", {}), asked.get("required", [])
    if asked.get("additionalProperties", False) is not False or not isinstance(properties, dict):
        raise cannot_keep(where, "additionalProperties", tr("false: others are never written", "仅支持 false"))
    if missing := set(required) - set(properties):
        raise cannot_keep(f"{where}.required", sorted(missing), ", ".join(properties))
    begun: Node = EMPTY  # what follows where no property has been written yet
    started: Node = EMPTY  # and where some has
    for name, part in reversed(properties.items()):
        key = text(json.dumps(name, ensure_ascii=False) + ":")
        pair = then(key, GAP, _value(part, f"{where}.{name}", depth + 1))
        left_out = [] if name in required else [(begun, started)]
        begun, started = (
            either(then(pair, started), *(one for one, _ in left_out)),
            either(then(text(","), GAP, pair, started), *(two for _, two in left_out)),
        )
    return then(text("{"), begun, text("}"))


def _array(asked: dict[str, Any], where: str, depth: int) -> Node:
    if "items" not in asked:
        raise cannot_keep(where, "items", tr("a schema of the items", "须给出 items"))
    item = _value(asked["items"], f"{where}[]", depth + 1)
    low, high = _bounds(asked, "minItems", "maxItems", where)
    more = times(then(text(","), GAP, item), max(0, low - 1), None if high is None else high - 1)
    some = then(item, more) if high != 0 else EMPTY
    return then(text("["), either(some, EMPTY) if low == 0 else some, text("]"))


def _string(asked: dict[str, Any], where: str) -> Node:
    low, high = _bounds(asked, "minLength", "maxLength", where)
    if "pattern" not in asked:
        return then(text('"'), times(CHARACTER, low, high), text('"'))
    if low or high is not None:
        raise cannot_keep(where, "pattern", tr("either pattern or lengths", "pattern 与长度不可同用"))
    inner = pattern_grammar(asked["pattern"])
    for barred in '"\\\n\t\r':
        if _uses(inner, ord(barred)):
            raise cannot_keep(
                f"{where}.pattern", asked["pattern"], tr("no quote, backslash or line end", "不含引号、反斜杠或换行")
            )
    return then(text('"'), inner, text('"'))


def _bounds(asked: dict[str, Any], least: str, most: str, where: str) -> tuple[int, int | None]:
    low, high = asked.get(least, 0), asked.get(most)
    if type(low) is not int or low < 0 or not (high is None or (type(high) is int and high >= low)):
        raise cannot_keep(where, f"{least} = {low}, {most} = {high}", tr("whole numbers in order", "有序的非负整数"))
    return low, high


def _uses(node: Node, char: int) -> bool:
    """Whether a character stands anywhere in a grammar."""
    if isinstance(node, Chars):
        return any(low <= char <= high for low, high in node.ranges)
    parts = (
        getattr(node, "parts", None) or getattr(node, "ways", None) or ([node.part] if hasattr(node, "part") else [])
    )
    return any(_uses(one, char) for one in parts)


def _only(asked: dict[str, Any], known: frozenset[str], where: str) -> None:
    if strange := sorted(set(asked) - known):
        raise cannot_keep(where, ", ".join(strange), ", ".join(sorted(known)))
