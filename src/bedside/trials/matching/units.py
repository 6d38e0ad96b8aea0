"""A measured value in the unit that its analyte is compared in; without a unit, only one that can be no other."""

from __future__ import annotations

from bedside.phenotypes.tables import Analyte
from bedside.phenotypes.units import in_unit, measure

_TWO_CHARGES = ("calcium", "magnesium")


def standard(analyte: Analyte, value: float, unit: str) -> float | None:
    """A value in the analyte's own unit; without a unit, only one that fits that unit and no other that charts use.

    >>> from bedside.phenotypes.tables import analytes
    >>> by = {one.name: one for one in analytes()}
    >>> standard(by["haemoglobin"], 9.1, "g/dL"), standard(by["haemoglobin"], 9.1, ""), standard(by["INR"], 2.5, "")
    (91.0, None, 2.5)
    """
    if not analyte.unit or (not unit and _bare(analyte)):
        found: float | None = value
    elif not unit:
        return None
    elif measure(analyte.unit) == ("count", 1e9) and unit.strip() == "G/L":
        found = value
    elif analyte.name in _TWO_CHARGES and "eq" in unit.lower():
        found = in_unit(value / 2, unit, analyte.unit)
    else:
        found = in_unit(value, unit, analyte.unit, analyte.molar_mass)
    low, high = analyte.plausible
    return found if found is not None and low <= found <= high else None


def _bare(analyte: Analyte) -> bool:
    """Whether charts write it without a unit and mean the one unit that it has."""
    kind = measure(analyte.unit)
    return kind is not None and kind[0] in (
        "share",
        "clearance",
        "pressure",
        "bmi",
        "pulse",
        "activity",
        "time",
        "rate",
    )
