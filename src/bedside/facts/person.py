"""Who asks: what a chart, or the question itself, says of a person that changes an answer."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Known:
    """A condition, a medicine or an allergy: its words, the chart entries that say so, and what it is a kind of.

    `things` are ids of the table of names (data/names.toml); `entries` is empty for what the question itself says.
    """

    name: str = field(repr=False)
    entries: tuple[str, ...] = ()
    things: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """The person whom an answer is for, as far as known; `measures` are values that matter, e.g. eGFR."""

    age_years: float | None = None
    sex: str = "unknown"
    conditions: tuple[Known, ...] = ()
    medicines: tuple[Known, ...] = ()
    allergies: tuple[Known, ...] = ()
    pregnant: Known | None = None
    breastfeeding: Known | None = None
