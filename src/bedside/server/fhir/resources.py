"""A kept chart as FHIR R4 resources: each entry in its own kind where R4 needs no more than is known, else a note."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from bedside.types import Code, Entry, RawChart

Resource = dict[str, Any]
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
MEDICINES = ("MedicationRequest", "MedicationStatement")
_TIMES = {
    "Condition": "recordedDate",
    "AllergyIntolerance": "recordedDate",
    "Observation": "effectiveDateTime",
    "MedicationRequest": "authoredOn",
    "MedicationStatement": "effectiveDateTime",
    "Procedure": "performedDateTime",
}
KINDS = ("Patient", *_TIMES, "DocumentReference")
"""Every type that a chart is told in."""


def patient_of(chart: RawChart, id: str) -> Resource:
    """The Patient of a chart under our id; names and other identity are not repeated."""
    told: Resource = {"resourceType": "Patient", "id": id, "identifier": [{"value": chart.patient}]}
    return {**told, "gender": chart.sex, **({"birthDate": chart.birth_date} if chart.birth_date else {})}


def resources_of(chart: RawChart, id: str) -> list[Resource]:
    """The Patient of a chart, then each entry."""
    return [patient_of(chart, id), *(resource_of(entry, id) for entry in chart.entries)]


def resource_of(entry: Entry, patient: str) -> Resource:
    """One entry as a resource of its own kind, or as a DocumentReference with its text."""
    subject = {"reference": f"Patient/{patient}"}
    kind = entry.kind if entry.kind in _TIMES else "DocumentReference"
    told: Resource = {"resourceType": kind, "id": id_of(entry.id)}
    told |= {"patient": subject} if kind == "AllergyIntolerance" else {"subject": subject}
    if kind == "DocumentReference":
        data = base64.b64encode(entry.text.encode()).decode()
        told |= {"status": "current", "content": [{"attachment": {"contentType": "text/plain", "data": data}}]}
        return {**told, **({"date": entry.time} if entry.time and "T" in entry.time else {})}
    concept = {"text": entry.text, **({"coding": [_coding(one) for one in entry.codes]} if entry.codes else {})}
    told |= {"medicationCodeableConcept" if kind in MEDICINES else "code": concept, **_status(kind)}
    if kind == "Observation":
        told |= _value(entry)
    return {**told, **({_TIMES[kind]: entry.time} if entry.time else {})}


def id_of(id: str) -> str:
    """An entry's id as FHIR allows ids to be: as it is, or a digest of it."""
    return id if _ID.fullmatch(id) else hashlib.sha256(id.encode()).hexdigest()[:32]


def _status(kind: str) -> Resource:
    said = {"Observation": "final", "MedicationRequest": "active", "MedicationStatement": "active"}
    told = {"status": said.get(kind, "completed")} if kind in said or kind == "Procedure" else {}
    return {**told, **({"intent": "order"} if kind == "MedicationRequest" else {})}


def _value(entry: Entry) -> Resource:
    if isinstance(entry.value, float | int):
        return {"valueQuantity": {"value": entry.value, **({"unit": entry.unit} if entry.unit else {})}}
    return {"valueString": entry.value} if entry.value else {}


def _coding(code: Code) -> Resource:
    return {"system": code.system, "code": code.code, **({"display": code.display} if code.display else {})}
