"""Who is named in FHIR resources: the patient, relatives, staff, hospitals, as identity; and whose a resource is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from bedside.formats._charts import identity
from bedside.formats._charts.draft import Draft, Reading, clean
from bedside.formats._fhir.values import concept_text
from bedside.formats._syntax.json import MAX_DEPTH, at, names, objects, strings, words
from bedside.types import Entry, Identifier, Origin, Sex

DIRECTORY = frozenset(
    names(
        "Practitioner PractitionerRole Organization Location HealthcareService Endpoint Medication Substance Device "
        "OperationOutcome CapabilityStatement ValueSet CodeSystem StructureDefinition"
    )
)
"""Resources about no patient: they name staff, places and products."""

_OWNER = ("subject", "patient", "beneficiary", "individual", "for", "policyHolder", "focus", "sourcePatientInfo")
_STAFF = ("Practitioner", "PractitionerRole")
_NAMELESS = frozenset(["code", "coding", "meta", "text", "category"])


def owner(resource: dict[str, Any]) -> str:
    """The reference to the patient a resource is about, or empty."""
    for key in _OWNER:
        for part in objects(resource.get(key)):
            reference = words(part.get("reference"))
            if reference and (part.get("type") == "Patient" or "Group/" not in reference):
                return reference
    return ""


def about_group(resource: dict[str, Any]) -> bool:
    """Whether a resource is about a group of people and no one patient."""
    references = [words(part.get("reference")) for key in _OWNER for part in objects(resource.get(key))]
    return not owner(resource) and any("Group/" in reference for reference in references)


def contained(resource: dict[str, Any], reference: str) -> dict[str, Any] | None:
    """The resource inside another that "#x" means there: such an id means nothing outside of it.

    >>> contained({"contained": [{"resourceType": "Patient", "id": "p"}]}, "#p")
    {'resourceType': 'Patient', 'id': 'p'}
    """
    if not reference.startswith("#"):
        return None
    return next((one for one in objects(resource.get("contained")) if words(one.get("id")) == reference[1:]), None)


def reference_id(reference: str) -> str:
    """The id in a reference: "Patient/7", "urn:uuid:7", "http://server/fhir/Patient/7/_history/1" are all "7".

    >>> reference_id("http://server/fhir/Patient/7/_history/1")
    '7'
    """
    head = reference.split("/_history/")[0]
    return head.rsplit("/", 1)[-1].removeprefix("urn:uuid:").removeprefix("urn:oid:")


def fill(draft: Draft, patient: dict[str, Any], reading: Reading, place: str) -> None:
    """What a Patient resource says: sex, birth date, identity, and an entry of what is clinical in it."""
    gender = words(patient.get("gender"))
    draft.sex = cast(Sex, gender) if gender in ("male", "female", "other") else draft.sex
    draft.birth_date = reading.time(words(patient.get("birthDate")), f"{place}.birthDate") or draft.birth_date
    draft.know(_party("NAME", patient))
    for relative in objects(patient.get("contact")):
        draft.know(_party("NAME", relative))
        draft.know(identity.organisation(words(at(relative, "organization", "display")), "ORG"))
    for extension in objects(patient.get("extension")):
        if "mothersMaidenName" in words(extension.get("url")):
            draft.know(identity.person("NAME", whole=words(extension.get("valueString"))))
        draft.know(_address(extension.get("valueAddress")))
    dead = patient.get("deceasedDateTime") or patient.get("deceasedBoolean")
    spoken = ", ".join(filter(None, (concept_text(p.get("language")) for p in objects(patient.get("communication")))))
    facts = (("marital status", concept_text(patient.get("maritalStatus"))), ("language", spoken))
    said = "; ".join([f"{name}: {text}" for name, text in facts if text] + ["deceased"] * bool(dead))
    if said:
        time = reading.time(words(dead), place) if isinstance(dead, str) else None
        key = words(patient.get("id")) or place
        draft.entries.append(Entry(id=key, kind="Patient", text=said, time=time, origin=Origin(reading.file, place)))


def named(resource: dict[str, Any], depth: int = 0) -> Iterator[Identifier]:
    """Identity in any other resource: directory entries as a whole; elsewhere, displays of references and contained."""
    kind = resource.get("resourceType")
    if kind == "Practitioner":
        yield from _party("STAFF", resource)
    elif kind in ("Organization", "Location", "HealthcareService"):
        kinds = {at(c, "code") for form in objects(resource.get("physicalType")) for c in objects(form.get("coding"))}
        name = "BED/ROOM" if kinds & {"bd", "ro"} else "HOSPITAL" if _is_care(resource) else "ORG"
        for value in [words(resource.get("name")), *strings(resource.get("alias"))]:
            yield from identity.organisation(value, name)
        yield from _reachable(resource)
    elif kind == "RelatedPerson":
        yield from _party("NAME", resource)
    yield from _mentioned(resource, depth)


def _is_care(resource: dict[str, Any]) -> bool:
    codes = {at(c, "code") for form in objects(resource.get("type")) for c in objects(form.get("coding"))}
    return not codes & {"pay", "ins", "bus", "govt", "edu", "reli", "crs", "cg"}


def _mentioned(value: Any, depth: int) -> Iterator[Identifier]:
    """Who is named by the display of a reference, anywhere in a resource."""
    if depth > MAX_DEPTH:
        return
    for part in objects(value):
        if "display" in part and ("reference" in part or "identifier" in part):
            yield from _referred(part)
        for key, below in part.items():
            if key == "contained":
                for inner in objects(below):
                    yield from named(inner, depth + 1)
            elif isinstance(below, (dict, list)) and key not in _NAMELESS:
                yield from _mentioned(below, depth + 1)


def _referred(part: dict[str, Any]) -> Iterator[Identifier]:
    reference, shown = words(part.get("reference")), words(part.get("display"))
    kind = words(part.get("type")) or (reference.split("/")[-2] if "/" in reference else "")
    if kind in _STAFF:
        yield from identity.person("STAFF", whole=shown)
    elif kind in ("Patient", "RelatedPerson"):
        yield from identity.person("NAME", whole=shown)
    elif kind in ("Organization", "Location"):
        yield from identity.organisation(shown)


def _party(kind: str, party: dict[str, Any]) -> Iterator[Identifier]:
    for name in objects(party.get("name")):
        given, family = strings(name.get("given")), words(name.get("family"))
        yield from identity.person(kind, whole=words(name.get("text")), family=family, given=given)
    yield from _reachable(party)


def _reachable(party: dict[str, Any]) -> Iterator[Identifier]:
    for number in objects(party.get("identifier")):
        codes = {at(c, "code") for c in objects(at(number, "type", "coding"))}
        yield from identity.number(words(number.get("value")), "ACCOUNT" if codes & {"AN", "BA", "ANC"} else "ID")
    for telecom in objects(party.get("telecom")):
        yield from identity.contact(words(telecom.get("value")), words(telecom.get("system")))
    for home in objects(party.get("address")):
        yield from _address(home)


def _address(home: Any) -> Iterator[Identifier]:
    lines, city, postal = strings(at(home, "line")), words(at(home, "city")), words(at(home, "postalCode"))
    yield from identity.address(lines=lines, city=city, postal=postal, whole=clean(words(at(home, "text"))))
