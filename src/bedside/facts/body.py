"""A person's weight and height, from an entry of a chart or a value with its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bedside.types import Entry


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the body: its LOINC codes and names, how much one of each unit is, and what can be true."""

    codes: frozenset[str]
    names: re.Pattern[str]
    units: Mapping[str, float]
    plausible: tuple[float, float]

    def of(self, entry: Entry) -> float | None:
        """The value of an entry that records it, in the measure's own unit."""
        coded = any(code.code in self.codes for code in entry.codes)
        if not isinstance(entry.value, (int, float)) or not (coded or self.names.search(entry.text)):
            return None
        return self.value(float(entry.value), entry.unit or "")

    def value(self, value: float, unit: str) -> float | None:
        """A value in the measure's own unit; None where the unit is not one of its units, or it cannot be true.

        >>> WEIGHT_KG.value(154, "[lb_av]"), HEIGHT_CM.value(1.7, "m"), WEIGHT_KG.value(70, "cm")
        (69.85, 170.0, None)
        """
        scale = self.units.get(unit.strip().lower())
        scaled = None if scale is None else round(value * scale, 2)
        low, high = self.plausible
        return scaled if scaled is not None and low <= scaled <= high else None


_POUND, _INCH = 0.45359237, 2.54
WEIGHT_KG = Measure(
    frozenset(["29463-7", "3141-9"]),
    re.compile(r"^(?:body )?weight\b(?! (?:loss|gain|percentile))|^体(?:重|质量)", re.IGNORECASE),
    {"kg": 1, "kgs": 1, "公斤": 1, "千克": 1, "g": 1e-3, "lb": _POUND, "lbs": _POUND, "[lb_av]": _POUND, "斤": 0.5},
    (0.2, 700),
)
HEIGHT_CM = Measure(
    frozenset(["8302-2", "8308-9"]),
    re.compile(r"^(?:body )?(?:height|stature)\b|^身高", re.IGNORECASE),
    {"cm": 1, "厘米": 1, "公分": 1, "mm": 0.1, "m": 100, "米": 100, "in": _INCH, "[in_i]": _INCH},
    (15, 280),
)
