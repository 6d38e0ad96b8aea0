"""What the first page of a patient shows of a chart: issues, short lists, and the values that stand out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedside.facts.of_chart import facts_of_raw
from bedside.server.fhir.analyze import issues
from bedside.server.workbench.entries import lines
from bedside.server.workbench.values import series_of
from bedside.types import Finding, Proposal, RawChart, Verdict

LISTED = ("problems", "medicines", "allergies", "visits", "procedures")
MOST_LISTED, MOST_SERIES = 8, 6


def shown(chart: RawChart) -> dict[str, Any]:
    """The parts of the page that are the chart's own; of what is long, the latest, and how much more there is."""
    lists = {name: lines(chart.entries, name) for name in LISTED}
    found = series_of(chart)
    return {
        "lists": [(name, some[:MOST_LISTED], len(some)) for name, some in lists.items() if some],
        "series": found[:MOST_SERIES],
        "more_series": max(0, len(found) - MOST_SERIES),
        "latest_document": next(iter(lines(chart.entries, "documents")), None),
    }


def issues_of(chart: RawChart, guard: Callable[[Proposal], Verdict]) -> list[tuple[Finding, list[str]]]:
    """What the guard says of the chart, each with the medicines that it concerns, in the language in force."""
    return issues(facts_of_raw(chart), guard)
