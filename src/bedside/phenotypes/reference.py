"""What is normal of a measured value, in the value's own unit: the laboratory's range, else ours by age and sex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.phenotypes._patient import Patient
from bedside.phenotypes.measured import Verdict, between, flagged, in_unit, plain_unit, quantity_of, ranges_of, stated
from bedside.types import Code


@dataclass(frozen=True, slots=True)
class Reference:
    """The bounds of what is normal, None for one that is not known; `source` is empty for the laboratory's own."""

    low: float | None
    high: float | None
    source: str = ""


def reference_of(
    codes: Sequence[Code], text: str, value: float, unit: str, *, age_years: float | None, sex: str
) -> Reference | None:
    """The range that a value is to be read against; None where nobody's is known.

    >>> potassium = [Code("http://loinc.org", "2823-3")]
    >>> reference_of(potassium, "Potassium", 5.6, "mmol/L", age_years=54, sex="male")
    Reference(low=3.5, high=5.3, source='WS/T 404.3-2012 (China)')
    >>> reference_of([], "TSH (reference 0.4 - 4.0)", 9.6, "mIU/L", age_years=54, sex="male")
    Reference(low=0.4, high=4.0, source='')
    """
    if own := stated(text):
        return Reference(*own)
    quantity, written = quantity_of(codes, text), plain_unit(unit)
    if quantity is None or not in_unit(quantity, written):
        return None
    rows = ranges_of(quantity.name, Patient(age_years, sex if sex in ("male", "female") else None))
    standard = quantity.standard(value, written)
    bounds = {(row.low, row.high, row.source) for row in rows}
    if len(bounds) != 1 or not standard or not value or _is_offset(quantity.name, written):
        return None
    ((low, high, source),) = bounds
    scale = value / standard
    return Reference(_scaled(low, scale), _scaled(high, scale), source)


def verdict_of(text: str, value: float, reference: Reference | None) -> Verdict | None:
    """Low, normal or high: the laboratory's own word first, else by the range; None where neither is known."""
    return flagged(text) or (between(value, reference.low, reference.high) if reference else None)


def _is_offset(quantity: str, unit: str) -> bool:
    """Whether the unit's zero is another than that of our ranges, so that no factor leads from one to the other."""
    return quantity.startswith("temperature") and "F" in unit.upper()


def _scaled(bound: float | None, scale: float) -> float | None:
    return None if bound is None else float(f"{bound * scale:.6g}")
