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


@dataclass(frozen=True, slots=True)
class Warning:
    """What this person has to mind: `text` in the user's language, what it rests on, and its source.

    `because` names the fact; `entries` are the chart's own ids of it, none where the question said it. `id` is the row
    of the table or the id of the passage. `level` is avoid or caution.
    """

    text: str
    because: str
    citation: str
    entries: tuple[str, ...] = ()
    id: str = ""
    level: str = "caution"
