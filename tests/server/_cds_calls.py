"""Calls of CDS Hooks as a test makes them, and a guard that keeps what it was asked."""

from __future__ import annotations

import copy
from typing import Any

from bedside.recent import Recent
from bedside.server.cds_hooks.request import read_call
from bedside.server.cds_hooks.respond import respond
from bedside.server.cds_hooks.services import SERVICES
from bedside.types import Finding, Proposal, Verdict, verdict

BY_HOOK = {one.hook: one for one in SERVICES}

PATIENT = {"resourceType": "Patient", "id": "12", "gender": "female", "birthDate": "1950-04-01"}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def of(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": text[:4],
        "subject": {"reference": "Patient/12"},
        "code": {"text": text},
        **more,
    }


ALLERGY = {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/12"}}

WARFARIN = {
    "resourceType": "MedicationRequest",
    "id": "w",
    "status": "active",
    "subject": {"reference": "Patient/12"},
    "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"},
}

IBUPROFEN = {
    "resourceType": "MedicationRequest",
    "id": "ibu",
    "status": "draft",
    "medicationCodeableConcept": {"text": "Ibuprofen 400 mg tablet"},
    "dosageInstruction": [
        {
            "doseAndRate": [{"doseQuantity": {"value": 400, "unit": "mg"}}],
            "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
        }
    ],
}

PREFETCH = {
    "patient": PATIENT,
    "conditions": bundle(of("Condition", "Atrial fibrillation")),
    "allergies": bundle({**ALLERGY, "code": {"text": "Penicillin"}}),
    "medications": bundle(WARFARIN),
    "labs": bundle(of("Observation", "Potassium", valueQuantity={"value": 6.9, "unit": "mmol/L"})),
}


def body(hook: str, **context: Any) -> dict[str, Any]:
    return {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "12", **context},
        "prefetch": copy.deepcopy(PREFETCH),
    }


class Ear:
    """A guard that keeps what it was asked, and finds what it is told to."""

    def __init__(self, *findings: Finding) -> None:
        self.heard: list[Proposal] = []
        self._findings = findings

    def __call__(self, proposal: Proposal) -> Verdict:
        self.heard.append(proposal)
        return verdict(self._findings)


def answer(told: dict[str, Any], guard: Any, **more: Any) -> dict[str, Any]:
    service = BY_HOOK[told["hook"]]
    nothing = {"fetch": lambda call, query: None, "stored": lambda patient: None}
    nothing["recent"] = Recent(most=9, seconds=60)
    return respond(service, read_call(told, service), guard=guard, **{**nothing, **more})


BLEEDS = Finding(
    rule="interaction.nsaid-anticoagulant",
    severity="critical",
    reason="Ibuprofen with warfarin raises the risk of serious bleeding. Choose paracetamol.",
    source="ACC 2020",
)
