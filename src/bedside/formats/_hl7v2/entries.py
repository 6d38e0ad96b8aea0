"""HL7 v2 segments as chart entries: diagnoses, allergies, orders, results, documents, each with its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bedside.formats._charts.draft import Draft, Reading
from bedside.formats._charts.plausible import implausible
from bedside.formats._charts.times import hl7_time
from bedside.formats._files.attachment import from_base64, from_bytes
from bedside.formats._hl7v2.message import Segment
from bedside.formats._syntax.json import names
from bedside.lang import tr
from bedside.types import Code, Entry, Origin

_SYSTEMS = {
    "LN": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "I10": "http://hl7.org/fhir/sid/icd-10",
    "I10C": "http://hl7.org/fhir/sid/icd-10-cm",
    "I9C": "http://hl7.org/fhir/sid/icd-9-cm",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "NDC": "http://hl7.org/fhir/sid/ndc",
    "C4": "http://www.ama-assn.org/go/cpt",
}
"""HL7 table 0396 (coding systems) as FHIR's addresses; others keep their table name."""


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
_TEXT_TYPES = ("TX", "FT")
_VISITS = {
    "I": "inpatient",
    "O": "outpatient",
    "E": "emergency",
    "P": "preadmission",
    "R": "recurring",
    "B": "obstetrics",
}
_UNUSUAL = {"C": "corrected", "D": "deleted", "W": "wrong", "X": "cannot be obtained", "P": "preliminary"}
"""HL7 table 0085 (result status), without what every final result says."""
_NOT_SO = frozenset("DWX")
"""Results that are none: the words say so, a value or code alone would read as one."""
_PLAIN_TEXT = ("text", "tx", "ft", "")


def add_entries(draft: Draft, segments: list[Segment], message: str, reading: Reading) -> None:
    """The entries of one patient's segments, in order; lines of one text (OBX of type TX or FT) become one note.

    A result without a time of its own (OBX-14) was measured when its report says that it was drawn (OBR-7).
    """
    note: list[Segment] = []
    drawn = ""
    for segment in segments:
        if note and (segment.name != "OBX" or not _continues(note[-1], segment)):
            draft.entries.append(_note(note, message, reading, drawn))
            note = []
        drawn = segment.text(7) if segment.name == "OBR" else drawn
        if segment.name == "OBX" and (segment.raw(2) in _TEXT_TYPES or (message == "MDM" and segment.raw(2) == "ST")):
            note.append(segment)
        elif segment.name == "OBX":
            draft.entries.append(_observation(segment, message, reading, drawn))
        elif segment.name in ("NTE", "RXR", "PV2"):
            _append(draft, segment, reading)
        else:
            draft.entries += _entries(segment, message, reading)
    if note:
        draft.entries.append(_note(note, message, reading, drawn))


def code_of(segment: Segment, number: int) -> tuple[Code, ...]:
    """The codes of a CE or CWE field: each repetition's own and its alternate; codes without a system keep none."""
    found = []
    for one in segment.repeats(number):
        padded = one + [""] * 6
        for code, display, system in (padded[0:3], padded[3:6]):
            if code:
                found.append(Code(_SYSTEMS.get(system.upper(), system), code, display))
    return tuple(dict.fromkeys(found))


def name_of(segment: Segment, number: int) -> str:
    """A coded field as words: for each repetition the display, else the alternate display, else the code."""
    shown = []
    for one in segment.repeats(number):
        padded = one + [""] * 5
        shown.append(padded[1] or padded[4] or padded[0])
    return ", ".join(filter(None, shown))


def _entries(segment: Segment, message: str, reading: Reading) -> Iterator[Entry]:
    if segment.name == "PV1":
        yield _visit(segment, reading)
    elif segment.name in _SEGMENTS:
        yield _plain(segment, message, reading)
    elif segment.name not in ADMINISTRATIVE:
        said = [segment.words(number) for number in range(1, len(segment.fields))]
        yield _entry(segment, reading, "Basic", "; ".join(filter(None, said)))


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
    entry = _entry(segment, reading, kind, text.strip(), segment.text(reads.time) if reads.time else "")
    return replace(entry, codes=code_of(segment, reads.code), value=value, unit=unit or None)


def _visit(segment: Segment, reading: Reading) -> Entry:
    kind = _VISITS.get(segment.text(2).upper(), "")
    facts = (("service", 10), ("admission type", 4), ("discharge disposition", 36))
    said = [f"{label}: {segment.text(number)}" for label, number in facts if segment.text(number)]
    text = f"{kind} encounter".strip() + (f" ({'; '.join(said)})" if said else "")
    return _entry(segment, reading, "Encounter", text, segment.text(44))


def _append(draft: Draft, segment: Segment, reading: Reading) -> None:
    """What a segment adds to the one above it: a comment, a route, a reason for admission."""
    label, number = {"NTE": ("note", 3), "RXR": ("route", 1), "PV2": ("reason", 3)}[segment.name]
    text = segment.free(number) if segment.name == "NTE" else name_of(segment, number)
    if not text:
        return
    if not draft.entries:
        draft.entries.append(_entry(segment, reading, "DocumentReference", text))
        return
    last = draft.entries[-1]
    draft.entries[-1] = replace(last, text=f"{last.text}\n{label}: {text}".strip())


def _continues(one: Segment, other: Segment) -> bool:
    return other.raw(2) == one.raw(2) and other.raw(3) == one.raw(3)


def _note(lines: list[Segment], message: str, reading: Reading, drawn: str) -> Entry:
    first = lines[0]
    name = name_of(first, 3)
    body = "\n".join(line.free(5) for line in lines).strip("\n")
    long = len(lines) > 1 or "\n" in body or len(body) > 80
    kind = "DocumentReference" if message == "MDM" else "DiagnosticReport" if long else "Observation"
    text = f"{name}\n{body}" if long else f"{name}: {body}" if body else name
    entry = _entry(first, reading, kind, text, first.text(14) or drawn)
    return replace(entry, codes=code_of(first, 3), value=body if kind == "Observation" and body else None)


def _observation(segment: Segment, message: str, reading: Reading, drawn: str) -> Entry:
    place = f"line {segment.line}"
    kind, name, codes = segment.raw(2).strip(), name_of(segment, 3), code_of(segment, 3)
    unit = segment.text(6) or segment.text(6, 2) or None
    value: float | str | None
    if kind in ("ED", "RP"):
        body = _document(segment, reading)
        document = "DocumentReference" if message == "MDM" else "DiagnosticReport"
        time = segment.text(14) or drawn
        return replace(_entry(segment, reading, document, f"{name}\n{body}".strip(), time), codes=codes)
    shown = segment.text(5)
    if kind == "NM" and len(segment.repeats(5)) < 2:
        value = reading.number(shown, place)  # what is no number stays in words
    elif kind == "SN":
        shown = "".join(segment.parts(5))
        value = reading.number(shown, place) if shown.replace(".", "", 1).isdigit() else shown or None
    elif kind in ("CE", "CWE", "CNE", "CF"):
        value = shown = name_of(segment, 5)
    else:
        value = shown = segment.words(5)
    if why := implausible(codes, value, unit):
        reading.doubt(place, why)
    facts = (("reference", segment.text(7)), ("flag", segment.words(8)), ("status", _UNUSUAL.get(segment.text(11), "")))
    extras = [f"{label}: {said}" for label, said in facts if said]
    text = " ".join(filter(None, (name, shown, unit if shown else ""))) + (f" ({'; '.join(extras)})" if extras else "")
    entry = _entry(segment, reading, "Observation", text, segment.text(14) or drawn)
    if segment.text(11) in _NOT_SO:
        return entry
    return replace(entry, codes=codes, value=None if value == "" else value, unit=unit)


def _document(segment: Segment, reading: Reading) -> str:
    """The text of an encapsulated document (ED); a pointer to one elsewhere (RP) is a doubt."""
    place = f"line {segment.line}"
    parts = segment.raw(5).split(segment.marks.component) + [""] * 5
    if segment.raw(2).strip() == "RP":
        reading.doubt(place, tr("the document is at an address, not in the message", "文档位于网址处，不在消息内"))
        return ""
    if not parts[4]:
        reading.doubt(place, tr("an encapsulated document without data", "内嵌文档没有数据"))
        return ""
    kind = _media(parts[1].lower(), parts[2].lower())
    if parts[3].lower() == "base64":
        return from_base64(parts[4], kind, reading, place)
    return from_bytes(parts[4].encode("utf-8", "replace"), kind, reading, place)


def _media(major: str, minor: str) -> str:
    """The content type of an ED by its type and subtype, which senders fill in many ways."""
    for word, kind in (("pdf", "application/pdf"), ("html", "text/html"), ("rtf", "text/rtf"), ("xml", "text/xml")):
        if word in minor or word in major:
            return kind
    return "text/plain" if major in _PLAIN_TEXT else f"{major}/{minor or 'unknown'}"


def _entry(segment: Segment, reading: Reading, kind: str, text: str, time: str = "") -> Entry:
    place = f"line {segment.line}"
    when = reading.time(time, place, hl7_time)
    return Entry(
        id=f"{segment.name}-{segment.line}", kind=kind, text=text, time=when, origin=Origin(reading.file, place)
    )
