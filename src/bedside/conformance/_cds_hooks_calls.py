"""Calls of CDS Hooks 2.0 as an EHR makes them: the services there are, and a request with all that each prefetches."""

from __future__ import annotations

import re
import uuid
from typing import Any

from bedside.conformance._base import Client, expect

PATIENT = {"resourceType": "Patient", "id": "conformance-1", "gender": "female", "birthDate": "1958-02-11"}
_SUBJECT = {"reference": "Patient/conformance-1"}
ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "id": "a1",
    "patient": _SUBJECT,
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"text": "Penicillin"},
    "reaction": [{"manifestation": [{"text": "Anaphylaxis"}]}],
}

ORDER = {
    "resourceType": "MedicationRequest",
    "id": "o1",
    "status": "draft",
    "intent": "order",
    "subject": _SUBJECT,
    "medicationCodeableConcept": {"text": "Amoxicillin 500 mg capsule"},
    "dosageInstruction": [{"text": "500 mg three times daily for 7 days"}],
}


def services(client: Client) -> list[dict[str, Any]]:
    """The services that discovery tells."""
    answer = client("GET", "/cds-services")
    expect(answer.status == 200, "GET /cds-services: 200", answer.status)
    told = answer.json()
    expect(isinstance(told, dict) and isinstance(told.get("services"), list), '{"services": [...]}')
    found = told["services"]
    expect(all(isinstance(one, dict) for one in found), "services: objects")
    return list(found)


def request(service: dict[str, Any]) -> dict[str, Any]:
    """A whole, valid call of a service, about a woman with an anaphylaxis to penicillin."""
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": PATIENT["id"], "encounterId": "e1"}
    if service["hook"] in ("order-select", "order-sign"):
        context["draftOrders"] = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": ORDER}]}
    if service["hook"] == "order-select":
        context["selections"] = ["MedicationRequest/o1"]
    prefetch = {key: _prefetched(template) for key, template in (service.get("prefetch") or {}).items()}
    call = {"hook": service["hook"], "hookInstance": str(uuid.uuid4()), "context": context}
    return {**call, "prefetch": prefetch} if prefetch else call


def _prefetched(template: str) -> dict[str, Any]:
    kind = re.split(r"[/?]", template)[0]
    if kind == "Patient" and "?" not in template:
        return PATIENT
    held = [ALLERGY] if kind == "AllergyIntolerance" else []
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in held]}
