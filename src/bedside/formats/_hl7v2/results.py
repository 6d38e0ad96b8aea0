"""HL7 v2 results (OBX) as chart entries: values of every type, lines of a text, documents inside a message."""

from __future__ import annotations

from dataclasses import replace

from bedside.formats._charts.draft import Reading
from bedside.formats._charts.plausible import implausible
from bedside.formats._files.attachment import from_base64, from_bytes
from bedside.formats._hl7v2.entry import code_of, entry_of, name_of
from bedside.formats._hl7v2.message import Segment
from bedside.lang import tr
from bedside.types import Entry

_TEXT_TYPES = ("TX", "FT")
_UNUSUAL = {"C": "corrected", "D": "deleted", "W": "wrong", "X": "cannot be obtained", "P": "preliminary"}
"""HL7 table 0085 (result status), without what every final result says."""
_NOT_SO = frozenset("DWX")
"""Results that are none: the words say so, a value or code alone would read as one."""
_PLAIN_TEXT = ("text", "tx", "ft", "")


def is_text(segment: Segment, message: str) -> bool:
    """Whether an OBX is a line of a text."""
    kind = segment.raw(2)
    return segment.name == "OBX" and (kind in _TEXT_TYPES or (message == "MDM" and kind == "ST"))


def continues(one: Segment, other: Segment) -> bool:
    """Whether an OBX is the next line of the same text."""
    return other.name == "OBX" and other.raw(2) == one.raw(2) and other.raw(3) == one.raw(3)


def note(lines: list[Segment], message: str, reading: Reading, drawn: str) -> Entry:
    """The lines of a text as one entry; `drawn` is its time where it has none of its own."""
    first = lines[0]
    name = name_of(first, 3)
    body = "\n".join(line.free(5) for line in lines).strip("\n")
    long = len(lines) > 1 or "\n" in body or len(body) > 80
    kind = "DocumentReference" if message == "MDM" else "DiagnosticReport" if long else "Observation"
    text = f"{name}\n{body}" if long else f"{name}: {body}" if body else name
    entry = entry_of(first, reading, kind, text, first.text(14) or drawn)
    return replace(entry, codes=code_of(first, 3), value=body if kind == "Observation" and body else None)


def observation(segment: Segment, message: str, reading: Reading, drawn: str) -> Entry:
    """A result with its value as its type (OBX-2) says, or a document; one taken back keeps its words alone."""
    place = f"line {segment.line}"
    kind, name, codes = segment.raw(2).strip(), name_of(segment, 3), code_of(segment, 3)
    unit = segment.text(6) or segment.text(6, 2) or None
    value: float | str | None
    if kind in ("ED", "RP"):
        body = _document(segment, reading)
        document = "DocumentReference" if message == "MDM" else "DiagnosticReport"
        time = segment.text(14) or drawn
        return replace(entry_of(segment, reading, document, f"{name}\n{body}".strip(), time), codes=codes)
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
    entry = entry_of(segment, reading, "Observation", text, segment.text(14) or drawn)
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
