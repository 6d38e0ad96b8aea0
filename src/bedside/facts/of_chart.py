"""The person of a chart: all that it says of them that changes advice, with its entries or as the guards read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bedside.deid import Policy, scrub
from bedside.facts import in_chart
from bedside.facts.body import HEIGHT_CM, WEIGHT_KG, Measure
from bedside.facts.measured import loinc_of, measured_name
from bedside.facts.of_person import as_facts
from bedside.facts.person import Known, Person
from bedside.types import Allergy, Chart, Entry, Facts, Lab, Origin, RawChart

_NUMBER = re.compile(r"[<>≤≥]?=?\s*\d+(?:\.\d+)?\s*(?:[A-Za-zµμ%]\S*)?")
"""A value in words that is one number: "> 8.0", "6.2 mmol/L"; no range, no titre."""
_REACTION = re.compile(r"\b(?:reaction|manifestation)s?(?: [a-z ]*)?: ([^;)]+)", re.IGNORECASE)


SERIES = 20
"""Values kept of one laboratory test: more than two weeks of daily ones hold."""


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


def facts_of(chart: Chart) -> Facts:
    """The facts of a chart that guards weigh a proposal against, with the latest values of each laboratory test.

    >>> from bedside.types import DeidReport, Entry
    >>> entry = Entry(id="o1", kind="Observation", text="Potassium", value=6.1, unit="mmol/L", time="2024-03-05")
    >>> chart = Chart(patient="p", sex="female", age_years=30, entries=(entry,), deid=DeidReport("", ""))
    >>> facts_of(chart).labs
    (Lab(name='Potassium', unit='mmol/L'),)
    """
    person = person_of(chart)
    return replace(
        as_facts(person),
        weight_kg=_latest(chart, WEIGHT_KG),
        height_cm=_latest(chart, HEIGHT_CM),
        allergies=tuple(Allergy(one.name, _reaction(chart, one)) for one in person.allergies),
        labs=_labs(chart),
    )


def facts_of_raw(raw: RawChart) -> Facts:
    """The facts of a chart that may hold identity, which is taken off first; IdentityError where that fails.

    >>> facts_of_raw(RawChart(patient="12", entries=(Entry(id="c", kind="Condition", text="Asthma"),))).conditions
    ('Asthma',)
    """
    # Where an entry came from is no fact; left on, each would be searched for identity like a text.
    placeless = tuple(replace(one, origin=Origin("")) for one in raw.entries)
    return facts_of(scrub(replace(raw, entries=placeless), policy=Policy(action="tag")))


def _reaction(chart: Chart, known: Known) -> str:
    """What an allergy did, as the entries that record it say."""
    said = (_REACTION.search(entry.text) for entry in chart.entries if entry.id in known.entries)
    return "; ".join(dict.fromkeys(match[1].strip() for match in said if match))


def _latest(chart: Chart, measure: Measure) -> float | None:
    """The latest value of a measure of the body."""
    told = ((entry.time or "", measure.of(entry)) for entry in _observations(chart))
    values = [(time, number, value) for number, (time, value) in enumerate(told) if value is not None]
    return max(values)[2] if values else None


def _labs(chart: Chart) -> tuple[Lab, ...]:
    """The measured values, by name the last `SERIES` in the order of time: rules ask how the latest came about."""
    found: dict[str, list[tuple[tuple[str, int], Lab]]] = {}
    for number, entry in enumerate(_observations(chart)):
        name, value = measured_name(entry), entry.value
        if name and value is not None and (not isinstance(value, str) or _NUMBER.fullmatch(value)):
            lab = Lab(name, value, entry.unit or "", entry.time, loinc_of(entry))
            found.setdefault(name, []).append(((entry.time or "", number), lab))
    series = (sorted(told, key=lambda one: one[0])[-SERIES:] for told in found.values())
    return tuple(lab for told in series for _, lab in told)


def _observations(chart: Chart) -> Iterator[Entry]:
    return (entry for entry in chart.entries if entry.kind == "Observation")
