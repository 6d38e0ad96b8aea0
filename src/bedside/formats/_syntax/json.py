"""JSON from strangers: read strictly, with doubts named, and looked into without trusting its shape."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from bedside.lang import tr

MAX_DEPTH = 60
"""Nesting that no clinical record reaches; deeper is not followed."""
HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_BETWEEN = re.compile(r"[\s,]*")


def loads(text: str) -> tuple[Any, list[str]]:
    """The value, and what was doubtful in it: keys given twice (the last is kept), NaN or Infinity (read as nothing),
    a number beyond all bounds (kept as its digits), half of a surrogate pair (replaced).

    A `ValueError` names line and column, never the text; nesting too deep to read is one too.

    >>> loads('{"a": 1, "a": NaN}')[0]
    {'a': None}
    """
    doubts: dict[str, None] = {}
    try:
        return mended(decoder(doubts).decode(text), text, doubts), list(doubts)
    except RecursionError:
        raise ValueError(tr("nested too deep", "嵌套过深")) from None
    except json.JSONDecodeError as fault:
        line, column = fault.lineno, fault.colno
        raise ValueError(
            tr(f"broken JSON at line {line}, column {column}", f"JSON 在第 {line} 行第 {column} 列损坏")
        ) from None


def objects_after(text: str, key: str) -> tuple[list[Any], list[str]]:
    """The whole objects at the start of the array under `key`: what a file that was cut off still holds."""
    doubts: dict[str, None] = {}
    reader, found = decoder(doubts), []
    opening = re.search(rf'"{key}"\s*:\s*\[', text)
    at = opening.end() if opening else len(text)
    while (start := _BETWEEN.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        try:
            value, at = reader.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        found.append(mended(value, text[start:at], doubts))
    return found, list(doubts)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a value that should be an object or a list of them; whatever else it is gives none."""
    if isinstance(value, dict):
        return [value]
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def words(value: Any) -> str:
    """A value that should be a string: a number or truth value as text, the first of a list, else empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return words(value[0]) if isinstance(value, list) and value else ""


def strings(value: Any) -> list[str]:
    """The strings in a value that should be a string or a list of them."""
    parts = value if isinstance(value, list) else [value]
    return [words(part) for part in parts if words(part)]


def names(listed: str) -> tuple[str, ...]:
    """Field names written as one string with spaces between."""
    return tuple(listed.split())


def at(value: Any, *keys: str) -> Any:
    """What lies under the keys; through a list, in its first object; None where there is nothing.

    >>> at({"code": [{"text": "Gout"}]}, "code", "text")
    'Gout'
    """
    for key in keys:
        if isinstance(value, list):
            value = next((part for part in value if isinstance(part, dict)), None)
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def mended(value: Any, source: str, doubts: dict[str, None]) -> Any:
    """Half of a surrogate pair cannot be written as UTF-8: it becomes the replacement character."""
    if not HALF_PAIR.search(source):
        return value
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if whole != value:
            doubts[tr("half of a character; shown as \ufffd", "有半个字符；以 \ufffd 代替")] = None
        return whole
    if isinstance(value, list):
        return [mended(part, source, doubts) for part in value]
    if isinstance(value, dict):
        return {mended(key, source, doubts): mended(part, source, doubts) for key, part in value.items()}
    return value


def decoder(doubts: dict[str, None]) -> json.JSONDecoder:
    """A decoder that notes what is doubtful."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            doubts[tr("a key is given twice; the last is kept", "键重复；保留最后一个")] = None
        return made

    def constant(_: str) -> None:
        doubts[tr("NaN or Infinity in place of a number; read as nothing", "数值处为 NaN 或 Infinity；按空值处理")] = (
            None
        )

    def integer(digits: str) -> int | str:
        return int(digits) if len(digits) < 400 else beyond(digits)

    def real(digits: str) -> float | str:
        number = float(digits)
        return number if math.isfinite(number) else beyond(digits)

    def beyond(digits: str) -> str:
        doubts[tr("a number beyond all bounds; kept as its digits", "数值超出范围；按原文保留")] = None
        return digits

    return json.JSONDecoder(object_pairs_hook=pairs, parse_constant=constant, parse_int=integer, parse_float=real)
