"""The careful half of an answer: who it is for, what to search for besides, and what this person has to mind."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.consult._people import Known, Person, Warning
from bedside.types import Chart, Passage

__all__ = ["Known", "Person", "Warning", "expanded", "person_of", "warnings"]


def person_of(chart: Chart) -> Person:
    """The person of a chart."""
    return Person(age_years=chart.age_years, sex=chart.sex)


def expanded(question: str, person: Person) -> tuple[str, ...]:
    """Further search terms."""
    return ()


def warnings(question: str, passages: Sequence[Passage], person: Person) -> tuple[Warning, ...]:
    """What this person has to mind."""
    return ()
