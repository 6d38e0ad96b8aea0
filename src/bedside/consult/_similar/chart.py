"""A chart as search for similar ones reads it: its events in order, and what was known of it at chosen moments.

A moment is the day on which a new problem was first recorded, or the chart's end. What is compared is what was known
by then, so that what came after a moment (what was done, how the patient fared) has no part in finding it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bedside.facts.in_chart import MEDICINES, NOTES, words_of
from bedside.facts.measured import measured_name
from bedside.types import Chart, Code, Entry

MOMENTS = 8
"""Of a chart, its end among them; the latest are kept."""
KEPT = frozenset(
    ["Condition", "Observation", "Procedure", "AllergyIntolerance", "Encounter", "Patient", *NOTES, *MEDICINES]
)
"""Kinds of entry that are read and kept; bills and orders are not."""
_NOT = re.compile(
    r"^(?:\w+: )?not: |verification status: (?:refuted|entered[- ]in[- ]error)|status: entered[- ]in[- ]error",
    re.IGNORECASE,
)
_HPO = re.compile(r"HP:\d{7}")
_NOTE_LENGTH, _REPORT_LENGTH = 30, 120
"""From so many characters on, an entry's words are read as text; a report's, when they are more than its title."""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry that counts: `key` tells like ones, `day` is from the chart's first dated entry, -1 if undated."""

    what: str
    key: str
    name: str = field(repr=False)
    day: int
    entry: str
    codes: tuple[Code, ...] = ()
    value: float | None = None
    unit: str = ""
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Story:
    """A chart's events in order of time; `days` is its length, `hash` changes with what it says."""

    id: str
    sex: str
    age_years: float | None
    events: tuple[Event, ...]
    days: int

    def until(self, day: int) -> list[Event]:
        """What was known by the end of a day; undated entries count as known from the beginning."""
        return [one for one in self.events if one.day <= day]

    def after(self, day: int) -> list[Event]:
        """What came after a day."""
        return [one for one in self.events if one.day > day]


def story_of(chart: Chart) -> Story:
    """A chart without identity as a story."""
    days = {number: day for number, one in enumerate(chart.entries) if (day := _day(one.time)) is not None}
    first, last = min(days.values(), default=0), max(days.values(), default=0)
    events: list[Event] = []
    for number, entry in enumerate(chart.entries):
        if entry.kind in KEPT and entry.text and not _NOT.search(entry.text):
            events += _events(entry, days[number] - first if number in days else -1)
    events.sort(key=lambda one: one.day)
    return Story(chart.patient, chart.sex, chart.age_years, tuple(events), last - first)


def moments(story: Story) -> list[int]:
    """The days at which a story is looked at, the last one its end."""
    seen: set[str] = set()
    days: list[int] = []
    for one in story.events:
        if one.what == "problem" and one.key not in seen:
            seen.add(one.key)
            if one.day >= 0 and one.day not in days:
                days.append(one.day)
    return sorted({*days[-(MOMENTS - 1) :], story.days})


def _events(entry: Entry, day: int) -> Iterator[Event]:
    """What one entry is: a problem, a lab value, a procedure, a medicine, a visit, a text."""
    name, key = words_of(entry), _key(entry)
    least = _REPORT_LENGTH if entry.kind == "DiagnosticReport" else _NOTE_LENGTH
    value = entry.value if isinstance(entry.value, (int, float)) else None
    if entry.kind == "Condition" or any(_HPO.fullmatch(code.code) for code in entry.codes):
        yield Event("problem", key, name, day, entry.id, entry.codes)
    elif entry.kind == "Observation" and value is not None:
        measured = measured_name(entry)
        what = _code(entry) or _plain(measured)
        label = next((code.display for code in entry.codes if code.display), measured)
        yield Event(
            "lab", f"{what}|{entry.unit or ''}", label, day, entry.id, value=float(value), unit=entry.unit or ""
        )
    elif entry.kind == "Procedure":
        yield Event("procedure", key, name, day, entry.id)
    elif entry.kind in MEDICINES:
        yield Event("medicine", _medicine(name), name, day, entry.id)
    elif entry.kind == "Encounter":
        yield Event("visit", key, name, day, entry.id)
    elif entry.kind in NOTES and len(entry.text) >= least:
        yield Event("text", key, name[:80], day, entry.id, text=entry.text)
    elif entry.kind in ("Patient", "Observation"):
        yield Event("other", key, name, day, entry.id)


def _key(entry: Entry) -> str:
    return _code(entry) or _plain(entry.text)


def _code(entry: Entry) -> str:
    return next((code.code for code in entry.codes if code.code), "")


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()[:80]


def _medicine(name: str) -> str:
    """A medicine by its first word that is none of strength: "Acetaminophen 325 MG" is acetaminophen."""
    words = re.findall(r"[A-Za-z][A-Za-z-]{3,}|[\u4e00-\u9fff]{2,}", name)
    return words[0].lower() if words else name.lower()


def _day(time: str | None) -> int | None:
    parts = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", time or "")
    if not parts:
        return None
    try:
        return date(int(parts[1]), int(parts[2] or 7), int(parts[3] or (15 if parts[2] else 2))).toordinal()
    except ValueError:
        return None
