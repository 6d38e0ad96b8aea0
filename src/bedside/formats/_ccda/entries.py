"""C-CDA sections and statements as chart entries: the narrative, and each coded statement in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bedside.formats._ccda.values import (
    attribute,
    child,
    children,
    codes_of,
    inner_text,
    narrative,
    quantity_words,
    time_of,
    value_of,
    words_of,
)
from bedside.formats._charts.draft import Reading
from bedside.formats._charts.plausible import implausible
from bedside.formats._syntax.xml import local
from bedside.lang import tr
from bedside.types import Entry, Origin

HEADER = {"serviceEvent": "Procedure", "encompassingEncounter": "Encounter", "manufacturedMaterial": "Medication"}
HEADER |= {"criterion": "Basic", "order": "ServiceRequest"}
"""Parts of the header, or fragments, that say something clinical, and their kinds."""
STATEMENTS = ("act", "encounter", "observation", "organizer", "procedure", "substanceAdministration", "supply")
_TEMPLATES = {
    "4.4": "Condition",
    "4.7": "AllergyIntolerance",
    "4.9": "AdverseEvent",
    "4.52": "Immunization",
    "4.45": "FamilyMemberHistory",
    "4.46": "FamilyMemberHistory",
    "4.121": "Goal",
    "4.49": "Encounter",
    "4.18": "MedicationDispense",
    "4.64": "Observation",
}
"""The last numbers of C-CDA R2.1 templates (2.16.840.1.113883.10.20.22.x) and the kind of their statement."""
_PREFIX = "2.16.840.1.113883.10.20.22."
_DONE = {
    "act": "Procedure",
    "encounter": "Encounter",
    "observation": "Observation",
    "procedure": "Procedure",
    "substanceAdministration": "MedicationStatement",
    "supply": "SupplyDelivery",
    "organizer": "DiagnosticReport",
}
_PLANNED = {
    "substanceAdministration": "MedicationRequest",
    "supply": "SupplyRequest",
    "encounter": "Appointment",
    "observation": "ServiceRequest",
    "procedure": "ServiceRequest",
    "act": "ServiceRequest",
    "organizer": "CarePlan",
}
_USUAL = ("", "completed", "active")


@dataclass(slots=True)
class Walk:
    """A walk through a document: its file and problems, the narrative's anchors, and the entries counted so far."""

    reading: Reading
    anchors: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def key(self, element: etree._Element) -> str:
        """An id for an entry: its own first id, with its number in the document so that no two are the same."""
        self.count += 1
        one = child(element, "id")
        own = attribute(one, "extension") or attribute(one, "root")
        return f"{own}-{self.count}" if own else str(self.count)


def anchors_of(root: etree._Element) -> dict[str, str]:
    """The narrative texts that coded statements point to, by their ID."""
    return {str(one.get("ID")): inner_text(one) for one in root.iter() if one.get("ID")}


def section_entry(section: etree._Element, walk: Walk) -> Iterator[Entry]:
    """A section's narrative as one document entry; none when it says nothing."""
    title = inner_text(child(section, "title")) or words_of(child(section, "code"), {})
    body = narrative(child(section, "text"))
    if body:
        text, codes = "\n".join(filter(None, (title, body))), codes_of(child(section, "code"))
        place = _place(section)
        origin = Origin(walk.reading.file, place)
        yield Entry(id=walk.key(section), kind="DocumentReference", text=text, codes=codes, origin=origin)


def statement_entries(statement: etree._Element, walk: Walk, relative: str = "") -> Iterator[Entry]:
    """A statement's entry, then those of the statements inside it (results of a panel, reactions, concerns).

    `relative` is whom a family history is about, said on the organizer around the conditions.
    """
    relative = words_of(child(statement, "subject", "relatedSubject", "code"), walk.anchors) or relative
    inner = [one for holder in statement if local(holder) in ("component", "entryRelationship") for one in holder]
    inner = [one for one in inner if local(one) in STATEMENTS]
    entry = _entry(statement, walk, relative)
    if entry.text and not (inner and _is_frame(statement)):
        yield entry
    elif not inner and not statement.get("nullFlavor"):
        what = tr("a coded statement without a readable name", "编码条目没有可读名称")
        walk.reading.doubt(_place(statement), what)
    for one in inner:
        yield from statement_entries(one, walk, relative)


def header_entry(element: etree._Element, walk: Walk) -> Iterator[Entry]:
    """The visit or the service a document is about; a drug or a criterion that stands alone."""
    place, value = _place(element), child(element, "value")
    words = " ".join(filter(None, (words_of(child(element, "code"), walk.anchors), words_of(value, walk.anchors))))
    time = time_of(element, walk.reading, place)
    if words or time:
        kind, codes = HEADER[local(element)], codes_of(child(element, "code")) + codes_of(value)
        origin = Origin(walk.reading.file, place)
        yield Entry(id=walk.key(element), kind=kind, text=words or kind.lower(), time=time, codes=codes, origin=origin)


def _is_frame(statement: etree._Element) -> bool:
    """Whether it only holds others together: a concern act, a family-history organizer."""
    return local(statement) == "act" and attribute(child(statement, "code"), "code") in ("CONC", "48765-2", "")


def _entry(statement: etree._Element, walk: Walk, relative: str) -> Entry:
    place, name = _place(statement), local(statement)
    kind = _kind(statement, name)
    concept = _concept(statement, kind)
    value, unit, said = (
        value_of(statement, walk.anchors, walk.reading, place) if name == "observation" else (None, None, "")
    )
    codes = codes_of(concept)
    words = words_of(concept, walk.anchors)
    if kind in ("Condition", "AllergyIntolerance", "FamilyMemberHistory") and said:
        found = codes_of(child(statement, "value"))
        codes = (*codes, *found) if kind == "AllergyIntolerance" else found
        words = f"{words} ({said})" if kind == "AllergyIntolerance" and words else said
        value, said = None, ""
    if not words and not said:
        pointer = attribute(child(statement, "text", "reference"), "value").lstrip("#")
        words = walk.anchors.get(pointer, "") or inner_text(child(statement, "text"))
    if why := implausible(codes, value, unit):
        walk.reading.doubt(place, why)
    denied = statement.get("negationInd") == "true"
    head = (f"{relative}: " if relative else "") + ("not: " if denied else "") + " ".join(filter(None, (words, said)))
    extras = _extras(statement, walk)
    text = (f"{head} ({'; '.join(extras)})" if extras else head) if words or said else ""
    time = time_of(statement, walk.reading, place)
    origin = Origin(walk.reading.file, place)
    key, codes = walk.key(statement), () if denied else codes
    return Entry(id=key, kind=kind, text=text, time=time, codes=codes, value=value, unit=unit, origin=origin)


def _kind(statement: etree._Element, name: str) -> str:
    for template in children(statement, "templateId"):
        number = attribute(template, "root")
        kind = _TEMPLATES.get(number.removeprefix(_PREFIX)) if number.startswith(_PREFIX) else None
        if kind:
            return kind
    mood = attribute(statement, "moodCode")
    if mood == "GOL":
        return "Goal"
    return (_PLANNED if mood in ("INT", "RQO", "PRMS", "PRP", "ARQ", "APT") else _DONE)[name]


def _concept(statement: etree._Element, kind: str) -> etree._Element | None:
    """What the statement is about: the drug, the substance, else its code."""
    if kind == "AllergyIntolerance":
        for participant in children(statement, "participant"):
            substance = child(participant, "participantRole", "playingEntity", "code")
            if substance is not None:
                return substance
        return None
    for holder in ("consumable", "product"):
        material = child(statement, holder, "manufacturedProduct", "manufacturedMaterial", "code")
        if material is not None:
            return material
    return child(statement, "code")


def _extras(statement: etree._Element, walk: Walk) -> list[str]:
    facts = [
        ("status", attribute(child(statement, "statusCode"), "code")),
        ("dose", quantity_words(child(statement, "doseQuantity"))),
        ("route", words_of(child(statement, "routeCode"), walk.anchors)),
        ("interpretation", words_of(child(statement, "interpretationCode"), walk.anchors)),
        ("site", words_of(child(statement, "targetSiteCode"), walk.anchors)),
    ]
    for one in children(statement, "referenceRange"):
        inside = child(one, "observationRange")
        facts.append(("reference", inner_text(child(inside, "text")) or quantity_words(child(inside, "value"))))
    return [f"{label}: {said}" for label, said in facts if said and not (label == "status" and said in _USUAL)]


def _place(element: etree._Element) -> str:
    return f"line {element.sourceline}"
