"""YAML from strangers as the plain values of JSON: no objects, no aliases, and ids that stay the text they are."""

from __future__ import annotations

import re
from typing import Any

from bedside.formats._syntax.json import loads
from bedside.lang import tr

WORD = re.compile(r"true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
"""What an unquoted word must look like to be other than text: so "0012", "12:30" and "no" are text."""


class NoYaml(Exception):
    """No YAML reader is installed."""


def yaml_documents(text: str) -> tuple[list[Any], list[str]]:
    """The documents, and what was doubtful in them, as `json.loads` of this folder tells it.

    Raises `ValueError`, which names line and column and never the text, for broken YAML and for aliases, which can
    unfold without end; `NoYaml` when PyYAML is missing.

    >>> yaml_documents("subject: {id: 0012}")[0]
    [{'subject': {'id': '0012'}}]
    """
    try:
        import yaml  # type: ignore[import-untyped]
    except ImportError:
        raise NoYaml from None
    doubts: dict[str, None] = {}
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        return [_plain(node, doubts, set()) for node in nodes], list(doubts)
    except RecursionError:
        raise ValueError(tr("nested too deep", "嵌套过深")) from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        spot = f" ({mark.line + 1}:{mark.column + 1})" if mark else ""
        raise ValueError(tr("broken YAML", "YAML 损坏") + spot) from None


def _plain(node: Any, doubts: dict[str, None], seen: set[int]) -> Any:
    if id(node) in seen:
        raise ValueError(tr("YAML with aliases is not read", "不读取含别名的 YAML"))
    seen.add(id(node))
    if node.id == "sequence":
        return [_plain(part, doubts, seen) for part in node.value]
    if node.id == "mapping":
        pairs = [(str(_plain(key, doubts, seen)), _plain(value, doubts, seen)) for key, value in node.value]
        if len(dict(pairs)) != len(pairs):
            doubts[tr("a key is given twice; the last is kept", "键重复；保留最后一个")] = None
        return dict(pairs)
    if node.style is None and node.value in ("", "~"):
        return None
    if node.style is None and WORD.fullmatch(node.value):
        value, more = loads(node.value)
        doubts.update(dict.fromkeys(more))
        return value
    return node.value
