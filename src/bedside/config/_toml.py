"""Writes settings as TOML: texts, numbers, truths, lists of them, and tables; what is None is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def to_toml(values: Mapping[str, Any], *, comment: str = "") -> str:
    """The values as a TOML document that `tomllib` reads back alike, a comment of some lines on top.

    >>> print(to_toml({"fit": {"epochs": 3, "adapt": "lora"}}), end="")
    [fit]
    epochs = 3
    adapt = "lora"
    """
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    return "\n".join([*lines, *_table(values, "")]).strip("\n") + "\n"


def _table(values: Mapping[str, Any], above: str) -> list[str]:
    plain = {key: value for key, value in values.items() if value is not None}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items() if not _is_table(value)]
    for key, value in plain.items():
        if _is_table(value):
            name = f"{above}{_key(key)}"
            lines += ["", f"[{name}]", *_table(value, f"{name}.")]
    return lines


def _is_table(value: Any) -> bool:
    """A range of numbers stays on one line; other tables get a heading."""
    return isinstance(value, Mapping) and "low" not in value


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, float):
        return repr(value) if "." in repr(value) or "e" in repr(value) else f"{value}.0"
    if isinstance(value, (bool, int)):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
