"""FHIR R4 (4.0.1) as far as a differential uses it: each element with its cardinality and type, and the required codes.

Written down from the resources' definitions (hl7.org/fhir/R4): what is not listed is not allowed in these tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MANY = 1000
ELEMENTS: dict[str, dict[str, tuple[int, int, str]]] = {
    "Bundle": {
        "type": (1, 1, "code"),
        "timestamp": (0, 1, "instant"),
        "entry": (0, MANY, "Bundle.entry"),
    },
    "Bundle.entry": {"fullUrl": (0, 1, "uri"), "resource": (0, 1, "Resource")},
    "Patient": {"identifier": (0, MANY, "Identifier"), "gender": (0, 1, "code")},
    "Device": {
        "status": (0, 1, "code"),
        "deviceName": (0, MANY, "Device.deviceName"),
        "type": (0, 1, "CodeableConcept"),
        "version": (0, MANY, "Device.version"),
        "note": (0, MANY, "Annotation"),
    },
    "Device.deviceName": {"name": (1, 1, "string"), "type": (1, 1, "code")},
    "Device.version": {"type": (0, 1, "CodeableConcept"), "value": (1, 1, "string")},
    "Observation": {
        "status": (1, 1, "code"),
        "category": (0, MANY, "CodeableConcept"),
        "code": (1, 1, "CodeableConcept"),
        "subject": (0, 1, "Reference:Patient"),
        "issued": (0, 1, "instant"),
        "valueCodeableConcept": (0, 1, "CodeableConcept"),
        "device": (0, 1, "Reference:Device"),
        "note": (0, MANY, "Annotation"),
    },
    "RiskAssessment": {
        "status": (1, 1, "code"),
        "method": (0, 1, "CodeableConcept"),
        "code": (0, 1, "CodeableConcept"),
        "subject": (1, 1, "Reference:Patient"),
        "occurrenceDateTime": (0, 1, "dateTime"),
        "performer": (0, 1, "Reference:Device"),
        "basis": (0, MANY, "Reference:Observation|RiskAssessment"),  # Any
        "prediction": (0, MANY, "RiskAssessment.prediction"),
        "note": (0, MANY, "Annotation"),
    },
    "RiskAssessment.prediction": {
        "outcome": (0, 1, "CodeableConcept"),
        "probabilityDecimal": (0, 1, "percentage"),
        "rationale": (0, 1, "string"),
    },
    "ClinicalImpression": {
        "status": (1, 1, "code"),
        "description": (0, 1, "string"),
        "subject": (1, 1, "Reference:Patient"),
        "date": (0, 1, "dateTime"),
        "investigation": (0, MANY, "ClinicalImpression.investigation"),
        "summary": (0, 1, "string"),
        "finding": (0, MANY, "ClinicalImpression.finding"),
        "supportingInfo": (0, MANY, "Reference:RiskAssessment"),
        "note": (0, MANY, "Annotation"),
    },
    "ClinicalImpression.investigation": {
        "code": (1, 1, "CodeableConcept"),
        "item": (0, MANY, "Reference:Observation"),
    },
    "ClinicalImpression.finding": {"itemReference": (0, 1, "Reference:Observation"), "basis": (0, 1, "string")},
    "Provenance": {
        "target": (1, MANY, "Reference:Observation|RiskAssessment|ClinicalImpression"),
        "recorded": (1, 1, "instant"),
        "agent": (1, MANY, "Provenance.agent"),
    },
    "Provenance.agent": {"type": (0, 1, "CodeableConcept"), "who": (1, 1, "Reference:Device")},
    "Meta": {"security": (0, MANY, "Coding")},
    "Narrative": {"status": (1, 1, "code"), "div": (1, 1, "xhtml")},
    "CodeableConcept": {"coding": (0, MANY, "Coding"), "text": (0, 1, "string")},
    "Coding": {"system": (0, 1, "uri"), "code": (0, 1, "code"), "display": (0, 1, "string")},
    "Identifier": {"value": (0, 1, "string")},
    "Annotation": {"text": (1, 1, "string")},
}
EVERY = {"id": (0, 1, "id"), "meta": (0, 1, "Meta"), "language": (0, 1, "code"), "text": (0, 1, "Narrative")}
CODES = {
    "Bundle.type": {"collection"},
    "Patient.gender": {"male", "female", "other", "unknown"},
    "Device.status": {"active", "inactive", "entered-in-error", "unknown"},
    "Device.deviceName.type": {"udi-label-name", "user-friendly-name", "manufacturer-name", "model-name", "other"},
    "Observation.status": {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "unknown"},
    "RiskAssessment.status": {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "unknown"},
    "ClinicalImpression.status": {"in-progress", "completed", "entered-in-error"},
    "Narrative.status": {"generated", "extensions", "additional", "empty"},
}
SHAPES = {
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "dateTime": r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "uri": r"\S+",
    "code": r"\S+( \S+)*",
    "string": r"(?s).*\S.*",
    "xhtml": r'(?s)<div xmlns="http://www\.w3\.org/1999/xhtml">.+</div>',
}


def faults(bundle: dict[str, Any]) -> list[str]:
    """What is wrong with a Bundle; nothing when it follows the rules."""
    kinds = {one["fullUrl"]: one["resource"]["resourceType"] for one in bundle["entry"]}
    found = [] if len(kinds) == len(bundle["entry"]) else ["a fullUrl is there twice"]
    found += [
        url for url, one in zip(kinds, bundle["entry"], strict=True) if url != f"urn:uuid:{one['resource']['id']}"
    ]
    return [*found, *_faults(bundle, "Bundle", kinds)]


def _faults(value: Any, kind: str, kinds: dict[str, str]) -> Iterator[str]:
    rules = {**(EVERY if "." not in kind and kind[0].isupper() else {}), **ELEMENTS[kind]}
    for name in value.keys() - rules.keys() - {"resourceType"}:
        yield f"{kind}.{name} is no element"
    for name, (least, most, of) in rules.items():
        here = value.get(name, [])
        if most == 1 and isinstance(here, list) and here:
            yield f"{kind}.{name} is a list"
        many = here if isinstance(here, list) else [here]
        if most > 1 and not isinstance(here, list):
            yield f"{kind}.{name} is no list"
        if name in value and not many:
            yield f"{kind}.{name} is empty"
        if not least <= len(many) <= most:
            yield f"{kind}.{name}: {len(many)} of {least}..{most}"
        for one in many:
            yield from _typed(one, f"{kind}.{name}", of, kinds)


def _typed(value: Any, place: str, of: str, kinds: dict[str, str]) -> Iterator[str]:
    if of == "Resource":
        yield from _faults(value, value["resourceType"], kinds)
    elif of.startswith("Reference:"):
        if kinds.get(value["reference"]) not in of.removeprefix("Reference:").split("|"):
            yield f"{place} points to {kinds.get(value['reference'])}"
    elif of == "percentage":
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:  # ras-2
            yield f"{place}: {value}"
    elif of in SHAPES:
        if not isinstance(value, str) or not re.fullmatch(SHAPES[of], value):
            yield f"{place}: {value}"
        elif place in CODES and value not in CODES[place]:
            yield f"{place}: {value} is no code"
    else:
        yield from _faults(value, of, kinds)
