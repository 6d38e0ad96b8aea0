"""Times to an event as tables hold them: a time and whether the event came, in two columns or in one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from bedside.errors import UsageError
from bedside.formats._tables import cell
from bedside.lang import tr

_EVENT = {"1": 1, "yes": 1, "y": 1, "true": 1, "是": 1, "0": 0, "no": 0, "n": 0, "false": 0, "否": 0}


def time_and_event(row: Mapping[str, Any], label: str) -> tuple[float, int]:
    """A row's time, and whether the event came then (1) or it was last seen without (0).

    >>> time_and_event({"months": "7.5", "died": "是"}, "months+died")
    (7.5, 1)

    ValueError: why the row cannot be used.
    """
    if label in row:
        time, event = _two(row[label])
    else:
        names = [name.strip() for name in label.split("+")]
        if len(names) != 2:
            raise UsageError(
                tr("a time to an event needs two columns", "事件时间需要两列"),
                value=f"--label {label}",
                next="--label TIME+EVENT",
            )
        time, event = (cell(row, name) for name in names)
    return _time(time), _event(event)


def _two(value: Any) -> tuple[Any, Any]:
    """The time and event in one cell: a list of two."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return value[0], value[1]
    raise ValueError(tr("no time and event", "没有时间与事件"))


def _time(value: Any) -> float:
    try:
        time = math.nan if isinstance(value, bool) or value is None or value == "" else float(value)
    except (TypeError, ValueError):
        raise ValueError(tr("the time is no number", "时间不是数字")) from None
    if math.isnan(time):
        raise ValueError(tr("no time", "没有时间"))
    if time < 0 or math.isinf(time):
        raise ValueError(tr("the time must be 0 or more", "时间必须为 0 或以上的有限数"))
    return time


def _event(value: Any) -> int:
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip().lower()
    if said not in _EVENT:
        raise ValueError(
            tr("the event is none of 0, 1, no, yes, 否, 是", "事件须为 0、1、no、yes、否、是 之一")
            if said not in ("", "none", "nan")
            else tr("no event", "没有事件")
        )
    return _EVENT[said]
