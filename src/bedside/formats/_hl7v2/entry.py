"""One HL7 v2 segment as an entry: its place and time, and its coded fields as codes and as words."""

from __future__ import annotations

from bedside.formats._charts.draft import Reading
from bedside.formats._charts.times import hl7_time
from bedside.formats._hl7v2.message import Segment
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


def entry_of(segment: Segment, reading: Reading, kind: str, text: str, time: str = "") -> Entry:
    """An entry of a kind with these words, from the line the segment stands on."""
    place = f"line {segment.line}"
    when = reading.time(time, place, hl7_time)
    return Entry(
        id=f"{segment.name}-{segment.line}", kind=kind, text=text, time=when, origin=Origin(reading.file, place)
    )
