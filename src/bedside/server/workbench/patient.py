"""What a patient's page shows of a chart: issues, lists, values in time as small plots, and documents, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bedside.facts.of_chart import facts_of_raw
from bedside.server.fhir.analyze import issues
from bedside.types import Entry, Finding, Proposal, RawChart, Verdict

LISTS = {
    "conditions": ("Condition",),
    "medicines": ("MedicationRequest", "MedicationStatement"),
    "allergies": ("AllergyIntolerance",),
    "documents": ("DocumentReference", "DiagnosticReport", "Composition", "ClinicalImpression"),
    "others": ("Procedure", "Immunization", "Encounter"),
}
WIDTH, HEIGHT, PAD = 220, 48, 6


@dataclass(frozen=True, slots=True)
class Series:
    """One measured thing in time: its latest value, and the points of its plot."""

    name: str
    unit: str
    latest: float
    time: str
    points: str
    """Of an SVG polyline; empty of a single value."""
    values: tuple[tuple[str, float], ...]


def shown(chart: RawChart) -> dict[str, Any]:
    """The parts of the page that are the chart's own."""
    lists = {name: _newest_first(chart.entries, kinds) for name, kinds in LISTS.items()}
    return {"series": series(chart.entries), **lists}


def issues_of(chart: RawChart, guard: Callable[[Proposal], Verdict]) -> list[tuple[Finding, list[str]]]:
    """What the guard says of the chart, each with the medicines that it concerns, in the language in force."""
    return issues(facts_of_raw(chart), guard)


def series(entries: Sequence[Entry]) -> list[Series]:
    """The measured values by name, each in the order of time.

    >>> values = [("2024", 4.1), ("2025", 5.2)]
    >>> told = [Entry(id=t, kind="Observation", text="Potassium", value=v, time=t) for t, v in values]
    >>> series(told)[0].latest
    5.2
    """
    measured = [one for one in entries if one.kind == "Observation" and isinstance(one.value, (int, float))]
    ordered = sorted(measured, key=lambda one: (one.text, one.unit or "", one.time or ""))
    return [_series(list(group)) for _, group in groupby(ordered, key=lambda one: (one.text, one.unit or ""))]


def _series(group: list[Entry]) -> Series:
    values = tuple((one.time or "", float(one.value)) for one in group if isinstance(one.value, (int, float)))
    last = group[-1]
    return Series(last.text, last.unit or "", values[-1][1], (last.time or "")[:10], plotted(values), values)


def plotted(values: Sequence[tuple[str, float]]) -> str:
    """Values in their order as the points of a polyline; "" where there is but one."""
    if len(values) < 2:
        return ""
    numbers = [value for _, value in values]
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1.0
    step = (WIDTH - 2 * PAD) / (len(numbers) - 1)
    places = (
        (PAD + step * at, HEIGHT - PAD - (HEIGHT - 2 * PAD) * (value - low) / span) for at, value in enumerate(numbers)
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _newest_first(entries: Sequence[Entry], kinds: tuple[str, ...]) -> list[Entry]:
    return sorted(
        (one for one in entries if one.kind in kinds and one.text), key=lambda one: one.time or "", reverse=True
    )
