"""How a measured value has changed: its latest against the dated ones before it, in the hours that guidelines name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from bedside.rules.labs import Measured, measured
from bedside.types.verdict import Lab

WINDOWS = {"6h": 6, "24h": 24, "48h": 48, "7d": 168, "14d": 336}
"""The hours before the latest value within which another counts."""
CHANGES = ("rise", "fall", "times", "share")
"""Latest less lowest, highest less latest (in the unit of data/labs.toml); latest over lowest, latest over highest."""
TREND = tuple(f"{change}_{window}" for change, window in product(CHANGES, WINDOWS))
"""What a condition may ask of a change: `rise_48h`, `times_7d`, ..."""


def trends(labs: Iterable[Lab]) -> dict[str, dict[str, float | None]]:
    """The changes of each value that was measured twice at known times; None where a window holds no earlier one.

    >>> one = trends([Lab("Cr", 80, "umol/L", "2024-03-04"), Lab("Cr", 124, "umol/L", "2024-03-06")])["creatinine"]
    >>> one["rise_48h"], one["times_7d"], one["rise_24h"]
    (44.0, 1.55, None)
    >>> trends([Lab("Cr", 80, "umol/L"), Lab("Cr", 124, "umol/L")])
    {}
    """
    return {id: changes for id, series in measured(labs).items() if (changes := _changes(series))}


def _changes(series: Sequence[Measured]) -> dict[str, float | None] | None:
    dated = [(one.at.hours, one.value) for one in series if one.at is not None]
    if len(dated) != len(series) or len(dated) < 2:
        return None
    *before, (now, latest) = dated
    told: dict[str, float | None] = {}
    for window, hours in WINDOWS.items():
        near = [value for at, value in before if now - at <= hours]
        told |= _against(near, latest, window) if near else {f"{change}_{window}": None for change in CHANGES}
    return told


def _against(near: Sequence[float], latest: float, window: str) -> dict[str, float | None]:
    low, high = min(near), max(near)
    return {
        f"rise_{window}": round(latest - low, 6),
        f"fall_{window}": round(high - latest, 6),
        f"times_{window}": round(latest / low, 6) if low else None,
        f"share_{window}": round(latest / high, 6) if high else None,
    }
