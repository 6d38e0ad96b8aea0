"""Placeholder: a patient's chart and what it warns of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.types import Chart, Passage


@dataclass(frozen=True, slots=True)
class Person:
    """What of a chart matters to a question."""

    age_years: float | None = None
    sex: str = "unknown"


@dataclass(frozen=True, slots=True)
class Warning:
    """What a chart warns of."""

    text: str
    because: str
    citation: str


def person_of(chart: Chart) -> Person:
    """The person of a chart."""
    return Person(chart.age_years, chart.sex)


def expanded(question: str, person: Person) -> tuple[str, ...]:
    """Further search terms."""
    return ()


def warnings(question: str, passages: Sequence[Passage], person: Person) -> tuple[Warning, ...]:
    """What the chart warns of."""
    return ()
