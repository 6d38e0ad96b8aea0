"""A quantity: how charts name it, its units, and how a value comes into the one unit of the table of ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.phenotypes.units import in_unit

COUNT = (
    r"(?:[x×*]\s*10\s*\^?\s*[9⁹]\s*/\s*L|10\^9/L|G/L|k/[uµμ]L|[x×]\s*10\s*\^?\s*3\s*/\s*[uµμ]L|"
    r"/\s*(?:[uµμ]L|mm3|mm³|cumm)|万)"
)
COUNTS = ((r"^/|mm", 1e-3), (r"万", 10.0), (r"", 1.0))
MOLES = r"mmol\s*/\s*L|mEq\s*/\s*L"

_PERCENT = 20.0
"""Above it a value of haemoglobin A1c without a unit is one in mmol/mol."""
_BARE = {
    "haemoglobin": (10.0, 25.0),
    "creatinine": (88.4, 20.0),
    "albumin": (10.0, 7.0),
    "urate": (59.48, 25.0),
    "urea": (0.357, 40.0),
    "glucose": (0.0555, 34.0),
    "fasting glucose": (0.0555, 34.0),
    "calcium": (0.2495, 5.0),
    "cholesterol": (0.02586, 40.0),
    "triglycerides": (0.01129, 40.0),
    "D-dimer": (1000.0, 50.0),
}
"""Of a value without a unit: by what it is multiplied on one side of a bound where the two usual units do not meet."""
_OF_THE_BODY = frozenset(
    (
        *("temperature", "temperature, axillary", "heart rate", "respiratory rate", "systolic pressure"),
        *("oxygen saturation", "body mass index", "height SD", "weight SD", "head circumference SD"),
        *("QT interval", "ejection fraction", "glomerular filtration rate", "urine protein", "sweat chloride"),
        *("forced expiratory volume", "intraocular pressure"),
        *("Montreal assessment", "mental state examination", "intelligence quotient"),
    )
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`scales`: the first pattern that the unit matches says by what a value is multiplied; `bare`: the unit may lack.

    `plausible` bounds, after scaling, guard against numbers that mean something else.
    """

    name: str
    names: str
    units: str
    scales: tuple[tuple[str, float], ...]
    plausible: tuple[float, float]
    bare: bool = False
    second: str = ""

    @property
    def blood(self) -> bool:
        """Is it measured in blood, and means something else in other fluids?"""
        return self.name not in _OF_THE_BODY

    def standard(self, value: float, unit: str) -> float | None:
        """The value in the table's unit, None where it cannot be that quantity."""
        if self.name.startswith("temperature") and "F" in unit.upper() and "C" not in unit.upper():
            value = (value - 32) / 1.8
        elif self.name == "haemoglobin A1c" and ("mol" in unit or (not unit and value > _PERCENT)):
            value = in_unit(value, "mmol/mol", "%") or value
        elif not unit and self.name in _BARE:
            one, below = _BARE[self.name]
            value *= one if (value < below) == (one > 1) else 1
        else:
            value *= next((by for pattern, by in self.scales if re.search(pattern, unit, re.IGNORECASE)), 1.0)
        return value if self.plausible[0] <= value <= self.plausible[1] else None


SD = r"SDS?\b|s\.d\.|standard deviations?|z-?scores?|个?标准差|[zZ]"
ALL = ((r"", 1.0),)
GRAMS = ((r"g\s*/\s*L", 1.0), (r"g\s*/\s*dL|g%|克", 10.0))
