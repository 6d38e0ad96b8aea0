"""HL7 v2 segments as chart entries: diagnoses, allergies, orders, results, documents, each with its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bedside.formats._charts.draft import Draft, Reading
from bedside.formats._hl7v2.entry import code_of, entry_of, name_of
from bedside.formats._hl7v2.message import Segment
from bedside.formats._hl7v2.results import continues, is_text, note, observation
from bedside.formats._syntax.json import names
from bedside.types import Entry


@dataclass(frozen=True, slots=True)
class _Reads:
    """Where a segment keeps its code, words, time, amount and unit, and what else to say, by field number."""

    kind: str
    code: int
    text: int = 0
    time: int = 0
    amount: int = 0
    unit: int = 0
    said: tuple[tuple[str, int], ...] = ()


_SEGMENTS = {
    "DG1": _Reads("Condition", 3, text=4, time=5),
    "PRB": _Reads("Condition", 3, time=16, said=(("status", 13), ("certainty", 15))),
    "AL1": _Reads("AllergyIntolerance", 3, time=6, said=(("severity", 4), ("reaction", 5))),
    "IAM": _Reads("AllergyIntolerance", 3, time=11, said=(("severity", 4), ("reaction", 5))),
    "PR1": _Reads("Procedure", 3, text=4, time=5),
    "GOL": _Reads("Goal", 3, time=2),
    "OBR": _Reads("DiagnosticReport", 4, time=7, said=(("clinical information", 13), ("reason", 31))),
    "RXA": _Reads("MedicationAdministration", 5, time=3, amount=6, unit=7, said=(("completion", 20), ("refusal", 18))),
    "RXE": _Reads("MedicationRequest", 2, amount=3, unit=5, said=(("instructions", 7),)),
    "RXO": _Reads("MedicationRequest", 1, amount=2, unit=4, said=(("instructions", 7),)),
    "RXD": _Reads("MedicationDispense", 2, time=3, amount=4, unit=5),
    "RXG": _Reads("MedicationDispense", 4, time=3, amount=5, unit=7),
    "RXC": _Reads("Medication", 2, amount=3, unit=4),
    "SPM": _Reads("Specimen", 4, time=17, said=(("site", 8),)),
    "FT1": _Reads("ChargeItem", 7, text=8, time=4, said=(("procedure", 25), ("diagnosis", 19))),
    "SCH": _Reads("Appointment", 7, said=(("type", 8), ("status", 25))),
    "AIS": _Reads("Appointment", 3, time=4, said=(("status", 10),)),
    "RF1": _Reads("ServiceRequest", 10, time=7, said=(("status", 1), ("priority", 2), ("type", 3))),
    "DB1": _Reads("Condition", 4, said=(("disability", 5),)),
    "ACC": _Reads("Condition", 2, time=1, said=(("accident", 9),)),
    "TXA": _Reads("DocumentReference", 2, time=4, said=(("status", 17),)),
}
_ORDERING = ("ORM", "OMG", "OML", "OMI", "OMP")
ADMINISTRATIVE = frozenset(
    names(
        "MSH EVN SFT PID PD1 NK1 ROL PRT GT1 IN1 IN2 IN3 MRG ORC TQ1 TQ2 PRD CTD AIP AIL AIG RGS ARV BLG UAC ERR "
        "MSA DSC"
    )
)
"""Segments that carry identity and logistics: read for identity, not as entries."""
_VISITS = {
    "I": "inpatient",
    "O": "outpatient",
    "E": "emergency",
    "P": "preadmission",
    "R": "recurring",
    "B": "obstetrics",
}


def add_entries(draft: Draft, segments: list[Segment], message: str, reading: Reading) -> None:
    """The entries of one patient's segments, in order; lines of one text (OBX of type TX or FT) become one note.

    A result without a time of its own (OBX-14) was measured when its report says that it was drawn (OBR-7).
    """
    lines: list[Segment] = []
    drawn = ""
    for segment in segments:
        if lines and not continues(lines[-1], segment):
            draft.entries.append(note(lines, message, reading, drawn))
            lines = []
        drawn = segment.text(7) if segment.name == "OBR" else drawn
        if is_text(segment, message):
            lines.append(segment)
        elif segment.name == "OBX":
            draft.entries.append(observation(segment, message, reading, drawn))
        elif segment.name in ("NTE", "RXR", "PV2"):
            _append(draft, segment, reading)
        else:
            draft.entries += _entries(segment, message, reading)
    if lines:
        draft.entries.append(note(lines, message, reading, drawn))


def _entries(segment: Segment, message: str, reading: Reading) -> Iterator[Entry]:
    if segment.name == "PV1":
        yield _visit(segment, reading)
    elif segment.name in _SEGMENTS:
        yield _plain(segment, message, reading)
    elif segment.name not in ADMINISTRATIVE:
        said = [segment.words(number) for number in range(1, len(segment.fields))]
        yield entry_of(segment, reading, "Basic", "; ".join(filter(None, said)))


def _plain(segment: Segment, message: str, reading: Reading) -> Entry:
    reads = _SEGMENTS[segment.name]
    kind = reads.kind
    if segment.name == "OBR" and message in _ORDERING:
        kind = "ServiceRequest"
    if segment.name == "RXA" and message == "VXU":
        kind = "Immunization"
    name = name_of(segment, reads.code) or (segment.words(reads.text) if reads.text else "")
    amount = segment.text(reads.amount) if reads.amount and segment.text(reads.amount) != "999" else ""
    unit = segment.text(reads.unit) if reads.unit and amount else ""
    extras = [f"{label}: {said}" for label, field in reads.said if (said := name_of(segment, field))]
    text = " ".join(filter(None, (name, amount, unit))) + (f" ({'; '.join(extras)})" if extras else "")
    value = reading.number(amount, f"line {segment.line}") if amount else None
    entry = entry_of(segment, reading, kind, text.strip(), segment.text(reads.time) if reads.time else "")
    return replace(entry, codes=code_of(segment, reads.code), value=value, unit=unit or None)


def _visit(segment: Segment, reading: Reading) -> Entry:
    kind = _VISITS.get(segment.text(2).upper(), "")
    facts = (("service", 10), ("admission type", 4), ("discharge disposition", 36))
    said = [f"{label}: {segment.text(number)}" for label, number in facts if segment.text(number)]
    text = f"{kind} encounter".strip() + (f" ({'; '.join(said)})" if said else "")
    return entry_of(segment, reading, "Encounter", text, segment.text(44))


def _append(draft: Draft, segment: Segment, reading: Reading) -> None:
    """What a segment adds to the one above it: a comment, a route, a reason for admission."""
    label, number = {"NTE": ("note", 3), "RXR": ("route", 1), "PV2": ("reason", 3)}[segment.name]
    text = segment.free(number) if segment.name == "NTE" else name_of(segment, number)
    if not text:
        return
    if not draft.entries:
        draft.entries.append(entry_of(segment, reading, "DocumentReference", text))
        return
    last = draft.entries[-1]
    draft.entries[-1] = replace(last, text=f"{last.text}\n{label}: {text}".strip())
