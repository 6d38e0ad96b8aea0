"""Texts out of what a form of the workbench sent."""

from __future__ import annotations

from typing import Any

from bedside.lang import tr
from bedside.server.errors import Refusal

MOST_CHARACTERS = 20_000


def text(sent: dict[str, Any], name: str, *, least: int = 1) -> str:
    """The field of that name; 422 where it is no text, longer than allowed, or blank while `least` is 1.

    >>> text({"question": "Is aspirin safe?"}, "question"), text({}, "reason", least=0)
    ('Is aspirin safe?', '')
    """
    told = sent.get(name, "")
    if not isinstance(told, str) or len(told) > MOST_CHARACTERS or (least and not told.strip()):
        allowed = f"{least} - {MOST_CHARACTERS}"
        raise Refusal(422, "invalid", tr("a text is needed", "需要文本"), where=name, allowed=allowed)
    return told
