"""A FHIR resource as chart entries: what it says in words, its codes, its value and unit, its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bedside.formats._charts.draft import Reading, clean
from bedside.formats._charts.plausible import implausible
from bedside.formats._fhir.values import (
    any_text,
    concept_codes,
    concept_text,
    fields_text,
    quantity_text,
    spaced,
    time_of,
    value_of,
)
from bedside.formats._fhir.versions import in_r4
from bedside.formats._files.attachment import from_base64
from bedside.formats._syntax.json import at, names, objects, words
from bedside.formats._syntax.narrative import html_text
from bedside.lang import tr
from bedside.types import Code, Entry, Origin

Lookup = Callable[[str], dict[str, Any] | None]
"""Finds a resource of the same file by its reference."""

_CONCEPTS = ("code", "vaccineCode", "medicationCodeableConcept", "medication", "description", "category", "type")
_USUAL = frozenset(
    ["active", "completed", "final", "finished", "confirmed", "current", "order", "in-progress", "planned"]
)
_NOT_SO = frozenset(["refuted", "entered-in-error", "not-done", "not-taken", "differential", "cancelled"])
_ADDED = names(
    "clinicalStatus verificationStatus status statusReason doNotPerform severity criticality bodySite route dosage "
    "dosageInstruction doseQuantity reaction reasonCode reason outcome complication followUp interpretation "
    "relationship condition conclusion note comment valueString achievementStatus target activity addresses stage"
)
_WRITTEN = frozenset(["DocumentReference", "DiagnosticReport", "Composition", "Binary", "Communication", "Media"])


def entries_of(resource: dict[str, Any], reading: Reading, place: str, lookup: Lookup) -> Iterator[Entry]:
    """The entries of one resource: one, and one more for each component with a value of its own."""
    resource = in_r4(resource)
    kind = words(resource.get("resourceType"))
    key = words(resource.get("id")) or place
    concept = _concept(resource, lookup)
    time = time_of(resource, reading, place)
    origin = Origin(reading.file, place)
    name = concept_text(concept)
    value, unit, said = value_of(resource, reading, place) if kind == "Observation" else (None, None, "")
    codes = concept_codes(concept)
    _check(codes, value, unit, reading, place)
    if _denied(resource):
        codes, value, unit = (), None, None
    text = _text(kind, resource, name, said)
    written = _documents(resource, reading, place, lookup) if kind in _WRITTEN else ""
    text = "\n".join(part for part in (text, written) if part)
    if not text:
        reading.doubt(place, tr(f"{spaced(kind)} without any readable text", f"{kind} 没有可读文本"))
    yield Entry(id=key, kind=kind, text=text, time=time, codes=codes, value=value, unit=unit, origin=origin)
    for number, part in enumerate(objects(resource.get("component"))):
        yield _component(
            part, Entry(id=f"{key}#{number}", kind=kind, text=name, time=time, origin=origin), reading, place
        )


def _denied(resource: dict[str, Any]) -> bool:
    """Whether the resource says that what it names is not so: the words say it, a code alone would not."""
    statuses = [words(resource.get("status")), concept_text(resource.get("verificationStatus"))]
    statuses += [code.code for code in concept_codes(resource.get("verificationStatus"))]
    return resource.get("doNotPerform") is True or bool(_NOT_SO & {status.lower() for status in statuses})


def _component(part: dict[str, Any], whole: Entry, reading: Reading, place: str) -> Entry:
    spot = f"{place}.component"
    value, unit, said = value_of(part, reading, spot)
    codes = concept_codes(part.get("code"))
    _check(codes, value, unit, reading, spot)
    text = _sentence(concept_text(part.get("code")) or whole.text, said, _extras(part))
    return Entry(
        id=whole.id,
        kind=whole.kind,
        text=text,
        time=whole.time,
        codes=codes,
        value=value,
        unit=unit,
        origin=whole.origin,
    )


def _concept(resource: dict[str, Any], lookup: Lookup) -> Any:
    for key in ("medicationReference", "medication"):
        reference = words(at(resource, key, "reference")) or words(at(resource, key, "reference", "reference"))
        found = lookup(reference) if reference else None
        if found is not None:
            return found.get("code")
        if reference and at(resource, key, "display"):
            return {"text": at(resource, key, "display")}
    return next((resource[key] for key in _CONCEPTS if concept_text(resource.get(key))), None)


def _text(kind: str, resource: dict[str, Any], name: str, said: str) -> str:
    """The name and the value, then what else matters; of a kind without a name, every field that says something."""
    if kind == "FamilyMemberHistory":
        relation = concept_text(resource.get("relationship"))
        conditions = [
            _sentence(concept_text(c.get("code")), "", _extras(c)) for c in objects(resource.get("condition"))
        ]
        return _sentence(
            relation, "; ".join(filter(None, conditions)), _extras(resource, ("condition", "relationship")), ": "
        )
    if kind in ("Claim", "ExplanationOfBenefit"):
        items = dict.fromkeys(concept_text(item.get("productOrService")) for item in objects(resource.get("item")))
        return _sentence(name, "; ".join(filter(None, items)), [], ": ")
    if kind == "Composition":
        return "\n".join(
            filter(None, [clean(words(resource.get("title"))) or name, *_sections(resource.get("section"))])
        )
    if kind in ("AllergyIntolerance", "CarePlan", "Goal", "Encounter") or name:
        return _sentence(name, said, _extras(resource, ("type",)) if kind != "Encounter" else _visit(resource))
    narrative = html_text(words(at(resource, "text", "div")))
    return narrative or "; ".join(fields_text(resource, without=frozenset(["status"])))


def _visit(resource: dict[str, Any]) -> list[str]:
    reasons = concept_text(resource.get("reasonCode"))
    disposition = concept_text(at(resource, "hospitalization", "dischargeDisposition"))
    kind = concept_text(resource.get("class"))
    return [f"{k}: {v}" for k, v in (("class", kind), ("reason", reasons), ("discharge", disposition)) if v]


def _extras(resource: dict[str, Any], without: tuple[str, ...] = ()) -> list[str]:
    said = []
    for key in _ADDED:
        if key in without or key not in resource:
            continue
        text = any_text(resource[key])
        if text and (text.lower() not in _USUAL or (key == "status" and _is_order(resource))):
            said.append(f"{spaced(key)}: {text}")
    ranges = [words(part.get("text")) or quantity_text(part) for part in objects(resource.get("referenceRange"))]
    said += [f"reference {text}" for text in ranges if text]
    absent = concept_text(resource.get("dataAbsentReason"))
    return [*said, f"no value: {absent}"] if absent else said


def _is_order(resource: dict[str, Any]) -> bool:
    """Of a medicine, whether it is still taken is never taken for granted."""
    return words(resource.get("resourceType")) in ("MedicationRequest", "MedicationStatement")


def _sentence(name: str, said: str, extras: list[str], between: str = " ") -> str:
    head = between.join(part for part in (name, said) if part)
    return f"{head} ({'; '.join(extras)})" if extras and head else head or "; ".join(extras)


def _sections(sections: Any, depth: int = 0) -> list[str]:
    said = []
    for section in objects(sections) if depth < 10 else []:
        body = html_text(words(at(section, "text", "div")))
        title = clean(words(section.get("title"))) or concept_text(section.get("code"))
        said += [part for part in (title, body) if part] + _sections(section.get("section"), depth + 1)
    return said


def _documents(resource: dict[str, Any], reading: Reading, place: str, lookup: Lookup) -> str:
    """The texts attached to a document, a report or a message."""
    holders = [(part.get("attachment"), "content") for part in objects(resource.get("content"))]
    holders += [(part, "presentedForm") for part in objects(resource.get("presentedForm"))]
    holders += [(part.get("contentAttachment"), "payload") for part in objects(resource.get("payload"))]
    if resource.get("resourceType") == "Binary":
        holders.append((resource, "data"))
    texts = [_attached(holder, f"{place}.{name}[{i}]", reading, lookup) for i, (holder, name) in enumerate(holders)]
    texts += [clean(words(part.get("contentString"))) for part in objects(resource.get("payload"))]
    return "\n".join(text for text in texts if text)


def _attached(holder: Any, place: str, reading: Reading, lookup: Lookup) -> str:
    kind, data, url = words(at(holder, "contentType")), words(at(holder, "data")), words(at(holder, "url"))
    if not data and url:
        found = lookup(url) or {}
        data, kind = words(found.get("data")), kind or words(found.get("contentType"))
        if not data:
            reading.doubt(place, tr("the attachment is at an address, not in the file", "附件位于网址处，不在文件内"))
    title = clean(words(at(holder, "title")))
    text = from_base64(data, kind, reading, place) if data else ""
    return "\n".join(part for part in (title, text) if part)


def _check(codes: tuple[Code, ...], value: float | str | None, unit: str | None, reading: Reading, place: str) -> None:
    if why := implausible(codes, value, unit):
        reading.doubt(place, why)
