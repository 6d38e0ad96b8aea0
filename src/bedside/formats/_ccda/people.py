"""Who is named in a C-CDA document: the patient, relatives, staff, hospitals, as identity."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bedside.formats._ccda.values import attribute, child, children, inner_text
from bedside.formats._charts import identity
from bedside.formats._charts.draft import Draft, Reading
from bedside.formats._charts.times import hl7_time
from bedside.formats._syntax.xml import local
from bedside.types import Identifier, Sex

_SEXES: dict[str, Sex] = {"M": "male", "F": "female", "UN": "other"}
_RELATED = frozenset(
    ["patient", "guardianPerson", "associatedPerson", "relatedPerson", "subject", "relationshipHolder"]
)
_HOSPITALS = frozenset(["Organization", "CareFacility", "location", "serviceProvider"])
_THINGS = frozenset(
    ["manufacturedMaterial", "manufacturedProduct", "playingEntity", "playingDevice", "manufacturerOrganization"]
)


def fill(draft: Draft, role: etree._Element, reading: Reading, place: str) -> None:
    """What recordTarget/patientRole says: sex, birth date, and the patient's numbers."""
    patient = child(role, "patient")
    draft.sex = _SEXES.get(attribute(child(patient, "administrativeGenderCode"), "code"), draft.sex)
    birth = reading.time(attribute(child(patient, "birthTime"), "value"), f"{place}/birthTime", hl7_time)
    draft.birth_date = birth[:10] if birth else draft.birth_date
    for one in [*children(role, "id"), *children(patient, "id")]:
        draft.know(identity.number(attribute(one, "extension")))


def patient_id(role: etree._Element | None) -> str:
    """The patient's number: the first id with an extension, else the first root."""
    ids = children(role, "id")
    numbers = [attribute(one, "extension") for one in ids] + [attribute(one, "root") for one in ids]
    return next(filter(None, numbers), "")


def named(root: etree._Element) -> Iterator[Identifier]:
    """Every name, address and telephone in the document, by what it belongs to."""
    for element in root.iter("{*}name", "{*}addr", "{*}telecom", "{*}streetAddressLine"):
        kind = local(element)
        if kind == "telecom":
            yield from identity.contact(attribute(element, "value"))
        elif kind == "addr":
            yield from _address(element)
        elif kind == "name":
            yield from _name(element)


def _address(element: etree._Element) -> Iterator[Identifier]:
    lines = [inner_text(one) for one in children(element, "streetAddressLine")]
    city, postal = inner_text(child(element, "city")), inner_text(child(element, "postalCode"))
    yield from identity.address(
        lines=lines, city=city, postal=postal, whole="" if len(element) else inner_text(element)
    )


def _name(element: etree._Element) -> Iterator[Identifier]:
    owners = [local(one) for one in element.iterancestors()][:4]
    owner = owners[0] if owners else ""
    family, given = inner_text(child(element, "family")), [inner_text(one) for one in children(element, "given")]
    if owner in _RELATED:
        yield from identity.person("NAME", whole=_whole(element), family=family, given=given)
    elif family or given:
        yield from identity.person("STAFF", whole=_whole(element), family=family, given=given)
    elif owner in _THINGS and not (owner == "playingEntity" and "participantRole" in owners and "location" in owners):
        return
    elif any(owner.endswith(name) for name in _HOSPITALS):
        yield from identity.organisation(inner_text(element))
    elif owner.endswith("Person"):
        yield from identity.person("STAFF", whole=inner_text(element))


def _whole(element: etree._Element) -> str:
    return "" if len(element) else inner_text(element)
