"""Values no living patient has (a height of 1.7 cm, a temperature of 370): kept as they are, and reported as doubts."""

from __future__ import annotations

from bedside.lang import tr
from bedside.types import Code

_LIMITS: dict[str, dict[str, tuple[float, float]]] = {
    "8302-2": {"cm": (15, 280), "m": (0.15, 2.8), "[in_i]": (6, 110), "in": (6, 110)},
    "29463-7": {"kg": (0.2, 700), "g": (200, 700_000), "[lb_av]": (0.4, 1550), "lb": (0.4, 1550)},
    "8310-5": {"cel": (10, 48), "°c": (10, 48), "[degf]": (50, 118), "°f": (50, 118)},
    "8867-4": {"/min": (0, 500), "{beats}/min": (0, 500), "beats/min": (0, 500), "bpm": (0, 500)},
    "9279-1": {"/min": (0, 150), "{breaths}/min": (0, 150)},
    "8480-6": {"mm[hg]": (0, 400), "mmhg": (0, 400), "kpa": (0, 54)},
    "8462-4": {"mm[hg]": (0, 370), "mmhg": (0, 370), "kpa": (0, 50)},
    "2708-6": {"%": (0, 100)},
    "59408-5": {"%": (0, 100)},
    "718-7": {"g/dl": (0, 30), "g/l": (0, 300), "mmol/l": (0, 19)},
    "4544-3": {"%": (0, 100)},
    "2823-3": {"mmol/l": (0, 20), "meq/l": (0, 20)},
    "2951-2": {"mmol/l": (50, 250), "meq/l": (50, 250)},
}
"""By LOINC code and unit (lower case): limits wider than any survivor on record (tallest person 272 cm, heaviest
635 kg, highest pressure 370/360 mmHg, temperature 13.7 to 46.5 °C), so that what lies outside is a slip of the unit."""


def implausible(codes: tuple[Code, ...], value: float | str | None, unit: str | None) -> str | None:
    """Why the value with this unit cannot be, or None when nothing speaks against it.

    >>> implausible((Code("http://loinc.org", "8310-5"),), 37.0, "Cel") is None
    True
    """
    for code in codes:
        limits = _LIMITS.get(code.code)
        if limits is None or not unit:
            continue
        bounds = limits.get(unit.lower())
        if bounds is None and unit.lower() in _UNITS:
            return tr(f"the unit does not belong to LOINC {code.code}", f"该单位不适用于 LOINC {code.code}")
        if bounds and isinstance(value, float) and not bounds[0] <= value <= bounds[1]:
            return tr(
                f"impossible value for LOINC {code.code} in this unit", f"LOINC {code.code} 在该单位下的数值不可能"
            )
    return None


_UNITS = frozenset(unit for limits in _LIMITS.values() for unit in limits)
