"""The person of a chart: all that it says of them that changes advice, in one value."""

from __future__ import annotations

from bedside.facts import in_chart
from bedside.facts.person import Person
from bedside.types import Chart


def person_of(chart: Chart) -> Person:
    """The person of a chart: what it says now, each with the ids of the entries that say so.

    >>> from bedside.types import DeidReport, Entry
    >>> entry = Entry(id="c1", kind="Condition", text="Asthma")
    >>> chart = Chart(patient="p", sex="female", age_years=30, entries=(entry,), deid=DeidReport("", ""))
    >>> person_of(chart).conditions[0].entries
    ('c1',)
    """
    return Person(
        age_years=chart.age_years,
        sex=chart.sex,
        conditions=in_chart.conditions(chart),
        medicines=in_chart.medicines(chart),
        allergies=in_chart.allergies(chart),
        pregnant=in_chart.pregnancy(chart),
        breastfeeding=in_chart.breastfeeding(chart),
    )
