"""The tables of what is normal at which age and sex, and of the degrees that the ontology has of what is not."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Range(NamedTuple):
    """What is normal from one age to another, and the findings below and above it; `source` says who says so.

    `verified` names the bounds (`low`, `high`) that were found in a public text stating the source's figure.
    """

    quantity: str
    sex: str
    age_from: float
    age_to: float
    low: float | None
    high: float | None
    below: str
    above: str
    source: str
    verified: tuple[str, ...]


class Degree(NamedTuple):
    """A finding that the ontology has for a part of what is abnormal, such as an extremely high creatine kinase."""

    quantity: str
    least: float
    below: float
    id: str

    def holds(self, quantity: str, value: float) -> bool:
        """Is the value within it?"""
        return self.quantity == quantity and self.least <= value < self.below


@cache
def ranges() -> tuple[Range, ...]:
    """All rows of the table."""
    return tuple(
        Range(
            q,
            sex,
            float(a),
            float(b),
            float(lo) if lo else None,
            float(hi) if hi else None,
            below,
            above,
            source,
            tuple(filter(None, verified.split(","))),
        )
        for q, sex, a, b, lo, hi, below, above, source, verified in _rows("ranges.tsv")
    )


@cache
def degrees() -> tuple[Degree, ...]:
    """All rows of the table of degrees."""
    rows = _rows("degrees.tsv")
    return tuple(Degree(q, float(least or "-inf"), float(below or "inf"), id) for q, least, below, id in rows)


def _rows(name: str) -> list[list[str]]:
    text = files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
