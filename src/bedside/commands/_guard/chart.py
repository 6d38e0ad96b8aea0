"""The facts of a patient for `bedside guard`: from plain JSON, or from a chart in any format that is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bedside.errors import DataError, FormatError, UsageError
from bedside.lang import tr
from bedside.types import Facts

Read = tuple[Facts, tuple[str, ...]]
"""Facts, and the keys of the chart that were left out."""


def facts_at(path: Path) -> Read:
    """The facts in a file: an object of facts, or one chart of a record system, whose identity is removed."""
    if not path.is_file():
        raise UsageError(tr("no such chart", "没有该病历文件"), value=path.name)
    plain = _object_in(path)
    if plain is not None and not plain.keys() & {"resourceType", "entries", "phenotypicFeatures"}:
        return facts_in(plain)
    from bedside.commands._ask.open import chart_at
    from bedside.facts.of_chart import facts_of

    return facts_of(chart_at(path)), ()


def facts_in(value: Any) -> Read:
    """The facts in a row's `chart`: an object, or one as text."""
    from bedside.facts.of_json import facts_from_json

    if isinstance(value, str):
        if not value.strip():
            return Facts(), ()
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise DataError(tr("not JSON", "不是 JSON"), where="chart", allowed='{"age_years": 67, ...}') from None
    return facts_from_json(value)


def _object_in(path: Path) -> dict[str, Any] | None:
    """The one JSON object that a file is; None for anything else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError, UnicodeDecodeError):
        return None
    except OSError:
        raise FormatError(tr("cannot be read", "无法读取"), where=path.name) from None
    return value if isinstance(value, dict) else None
