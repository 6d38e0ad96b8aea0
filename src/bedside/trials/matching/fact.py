"""One thing that a chart says, and all that it says, as matching reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bedside.phenotypes.chart import READ
from bedside.trials.matching.values import Interval
from bedside.types import Entry

State = Literal["present", "denied", "possible"]
TAKEN = frozenset(["MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"])
DONE = frozenset(["Procedure", "Immunization"])
KINDS = READ | TAKEN | DONE | {"AllergyIntolerance", "Medication"}
"""Kinds of entry that say something of the patient; bills, plans, goals and relatives do not."""
DATES = frozenset(["Encounter"])
"""Kinds that only tell when the patient was seen."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that one entry says; `keys` are numbers in the vocabulary, `up` these and all wider ones.

    `value` is in the analyte's own unit, `over` and `under` multiples of the entry's own limits of normal.
    """

    keys: frozenset[int]
    up: frozenset[int]
    sort: Literal["said", "taken", "allergy", "value"]
    entry: Entry
    state: State = "present"
    past: bool = False
    stopped: bool = False
    active: bool = False
    days: int | None = None
    value: Interval | None = None
    over: Interval | None = None
    under: Interval | None = None
    said: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """A chart read once for all trials. `age` is an interval of years; `lists` are kinds it has lists of."""

    patient: str
    sex: str
    age: tuple[float, float] | None
    facts: tuple[Fact, ...]
    lists: frozenset[str]
    narrow: dict[int, list[Fact]] = field(repr=False)
    """Facts that count for a thing: of itself and of its kinds."""
    own: dict[int, list[Fact]] = field(repr=False)
    """Facts of the thing itself."""
