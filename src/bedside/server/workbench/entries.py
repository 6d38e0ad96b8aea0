"""The entries of a chart in the groups that a reader looks for: visits, problems, medicines, values, documents."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bedside.facts.in_chart import words_of
from bedside.lang import tr
from bedside.phenotypes.chart import day_of
from bedside.types import Entry

GROUPS: dict[str, tuple[str, ...]] = {
    "visits": ("Encounter",),
    "problems": ("Condition",),
    "medicines": ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"),
    "allergies": ("AllergyIntolerance",),
    "procedures": ("Procedure", "Immunization"),
    "values": ("Observation",),
    "documents": ("DocumentReference", "DiagnosticReport", "Composition", "ClinicalImpression"),
}
"""FHIR's kinds by group; what is in none of them is `others`."""
OTHERS = "others"
_CALLED = {
    "DocumentReference": ("Note", "文书"),
    "DiagnosticReport": ("Report", "报告"),
    "Composition": ("Document", "文档"),
    "ClinicalImpression": ("Assessment", "评估"),
}
_GROUP = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a list shows it; `key` is a name for it in an address, which says nothing of what it is."""

    key: str
    group: str
    day: str
    text: str
    kind: str

    @property
    def called(self) -> str:
        """What people call an entry of this kind, in the language in force."""
        return tr(*_CALLED.get(self.kind, (self.kind, self.kind)))


def group_of(entry: Entry) -> str:
    """The group that an entry belongs to."""
    return _GROUP.get(entry.kind, OTHERS)


def group_names() -> dict[str, str]:
    """What the groups are called in the language in force."""
    return {
        "visits": tr("Visits", "就诊"),
        "problems": tr("Problems", "诊断"),
        "medicines": tr("Medicines", "用药"),
        "allergies": tr("Allergies", "过敏"),
        "procedures": tr("Procedures", "操作"),
        "values": tr("Values", "检验"),
        "documents": tr("Documents", "文书"),
        OTHERS: tr("Others", "其他"),
    }


def lines(entries: Sequence[Entry], group: str = "") -> list[Line]:
    """The entries that have words, of one group where it is named, newest first; those without a time come last.

    >>> told = [Entry(id="1", kind="Condition", text="Gout", time="2020"), Entry(id="2", kind="Condition", text="Flu")]
    >>> [(one.day, one.text) for one in lines(told, "problems")]
    [('2020', 'Gout'), ('', 'Flu')]
    """
    kept = [one for one in entries if one.text and group in ("", group_of(one))]
    return [line_of(one) for one in sorted(kept, key=lambda one: one.time or "", reverse=True)]


def line_of(entry: Entry) -> Line:
    """One entry as a list shows it, a measured value with its number."""
    measured = isinstance(entry.value, (int, float))
    value = f" {entry.value:g} {entry.unit or ''}".rstrip() if measured else ""
    text = words_of(entry) if measured else entry.text
    said = text if not value or value.split()[0] in text else text + value
    return Line(key_of(entry), group_of(entry), (entry.time or "")[:10], said, entry.kind)


def key_of(entry: Entry) -> str:
    """A short name of an entry for addresses; its own id may hold anything."""
    return hashlib.sha256(f"{entry.kind}\n{entry.id}\n{entry.time}".encode()).hexdigest()[:12]


def instant(time: str | None) -> float | None:
    """A time as days since the year 1, of a month or a year alone its middle; None where there is none.

    >>> instant("2024-03-05T12:00:00Z") - instant("2024-03-05")
    0.5
    """
    day = day_of(time)
    if day is None:
        return None
    try:
        clock = datetime.fromisoformat((time or "").replace("Z", "+00:00"))
    except ValueError:
        return float(day.toordinal())
    return day.toordinal() + (clock.hour + clock.minute / 60) / 24
