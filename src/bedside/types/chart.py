"""One patient: a chart as read and a chart without identity, the entries in it, and the examples made out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Sex = Literal["male", "female", "other", "unknown"]


@dataclass(frozen=True, slots=True)
class Code:
    """A concept in a terminology, e.g. `Code("http://loinc.org", "718-7", "Hemoglobin")`."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a thing was read: the file's name and a place in it ("line 12", "Bundle.entry[3]", "page 2")."""

    file: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something known to identify the patient, read from a structured field; `type` is one of `IDENTITY_TYPES`."""

    type: str
    value: str = field(repr=False)


IDENTITY_TYPES = (
    "NAME",
    "STAFF",
    "HOSPITAL",
    "ORG",
    "ADDRESS",
    "DATE",
    "AGE_OVER_89",
    "PHONE",
    "EMAIL",
    "ID",
    "ACCOUNT",
    "LICENSE_PLATE",
    "URL",
    "WECHAT/QQ",
    "BED/ROOM",
)
"""The kinds of identity that are found and removed, in both languages."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, code points, end exclusive."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a chart, in FHIR's kinds (Condition, Observation, DocumentReference, ...).

    `time` is ISO 8601, as precise as the source was: "2024", "2024-03", "2024-03-05", "2024-03-05T10:00:00+08:00".
    """

    id: str
    kind: str
    text: str = field(default="", repr=False)
    time: str | None = field(default=None, repr=False)
    codes: tuple[Code, ...] = ()
    value: float | str | None = field(default=None, repr=False)
    unit: str | None = None
    origin: Origin = Origin("")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawChart:
    """One patient as read. May hold identity: its repr shows counts only; only `deid.scrub` takes it further."""

    patient: str = field(repr=False)
    sex: Sex = "unknown"
    birth_date: str | None = field(default=None, repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"RawChart(entries={len(self.entries)})"


@dataclass(frozen=True, slots=True)
class DeidReport:
    """What was removed: how many spans of each type, by which policy and version."""

    policy: str
    version: str
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One patient without identity. Only `deid.scrub` makes one: dates shifted, intervals kept, ages capped at 90."""

    patient: str
    sex: Sex
    age_years: float | None
    entries: tuple[Entry, ...]
    deid: DeidReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a task makes out of a chart, a table row or an article: inputs by name, and the answer if there is one.

    `features` are numbers a simple baseline may use beside the text-reading model (ratings, sizes); `subgroup` names
    the groups a figure is also reported for.
    """

    id: str
    patient: str
    inputs: Mapping[str, str] = field(repr=False)
    target: Any = None
    site: str | None = None
    time: str | None = None
    subgroup: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)


def today_years(birth: date, on: date) -> int:
    """Whole years from `birth` to `on`, as a clinician counts age.

    >>> today_years(date(1950, 3, 2), date(2020, 3, 1))
    69
    """
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
