"""The text of a row, or why the row has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedside.formats._tables import column_text
from bedside.lang import tr


def text_of(row: Mapping[str, Any], column: str) -> str:
    """The text in a column, or in several joined by +; ValueError where nothing is written.

    >>> text_of({"title": "Cough", "note": "since Monday"}, "note")
    'since Monday'
    """
    text = column_text(row, column)
    if not text.strip():
        raise ValueError(tr("no text", "没有文本"))
    return text
