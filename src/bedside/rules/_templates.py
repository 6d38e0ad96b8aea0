"""Tables of rules of one shape: a template says the shape, each row fills its gaps.

    [template.pair]
    id = "interaction.{a}-{b}"
    when = "some(['{a}'], # in proposed) and '{b}' in all"
    ...
    [[pair]]
    a = "nsaid"
    b = "anticoagulant"

A gap `{name}` takes the row's value of that name; what a row says of a rule's own key (`severity`, `yes`) counts before
the template. A gap that no row fills is left as it is: in a reason it is filled when the rule speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_GAP = re.compile(r"\{(\w+)\}")


def expand(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rules of a file: those written out, then those of its tables, in order.

    >>> shape = {"id": "{a}-first", "when": "'{a}' in proposed", "severity": "warning"}
    >>> list(expand({"template": {"row": shape}, "row": [{"a": "nsaid", "severity": "critical"}]}))
    [{'id': 'nsaid-first', 'when': "'nsaid' in proposed", 'severity': 'critical'}]
    """
    yield from document.get("rule", ())
    for name, shape in document.get("template", {}).items():
        for row in document.get(name, ()):
            yield _filled({**shape, **_own(row, shape)}, row)


RULE_KEYS = ("id", "kind", "title", "when", "severity", "reason", "source", "year", "outcome", "yes", "no")


def _own(row: Mapping[str, Any], shape: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of the rule itself, and what is neither that nor a gap of the shape: to be refused as unknown."""
    gaps = set(_GAP.findall(str(shape)))
    return {key: value for key, value in row.items() if key in RULE_KEYS or key not in gaps}


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _GAP.sub(lambda gap: str(row.get(gap[1], gap[0])), value)
    if isinstance(value, Mapping):
        return {key: _filled(part, row) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(part, row) for part in value]
    return value
