"""A name stands once in an object of JSON: of two, one reader takes the first and the next the last."""

from __future__ import annotations

from typing import Any

from bedside.lang import tr
from bedside.server.errors import Refusal


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these names and values, for `json.loads(object_pairs_hook=once)`.

    Refusal (400) where a name stands twice; it is not repeated, for it may be anything. Source: RFC 8259, section 4.

    >>> once([("id", 1), ("text", "cough")])
    {'id': 1, 'text': 'cough'}
    """
    told = dict(pairs)
    if len(told) < len(pairs):
        what = tr("a name stands twice in one object of the JSON", "JSON 对象中有重复的名称")
        raise Refusal(400, "named_twice", what, where="body")
    return told
