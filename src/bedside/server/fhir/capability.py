"""What the facade can do, as FHIR asks it to be said: the CapabilityStatement, and SMART's configuration."""

from __future__ import annotations

from typing import Any

from bedside import __version__
from bedside.lang import disclaimer
from bedside.server.fhir.asked import SEARCH
from bedside.server.fhir.operations import OPERATIONS
from bedside.server.fhir.outcome import JSON

EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
TYPES = {"_id": "token", "identifier": "token", "birthdate": "date"}
RELEASED = "2026-11-23"


def capability(url: str) -> dict[str, Any]:
    """The CapabilityStatement of the server at `url`.

    >>> capability("http://127.0.0.1:8765/fhir")["fhirVersion"]
    '4.0.1'
    """
    own = [(one.name, f"{url}/OperationDefinition/Patient-{one.name}", one.what) for one in OPERATIONS]
    told = [*own, ("everything", EVERYTHING, "All that is kept of a patient.")]
    operations = [{"name": name, "definition": definition, "documentation": what} for name, definition, what in told]
    patient = {
        "type": "Patient",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": TYPES.get(name, "string")} for name in SEARCH],
        "operation": operations,
    }
    security = {"description": "API key or a signed token of a listed issuer, as Authorization: Bearer."}
    rest = {"mode": "server", "security": security, "resource": [patient], "operation": operations[: len(OPERATIONS)]}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": RELEASED,
        "kind": "instance",
        "software": {"name": "bedside", "version": __version__},
        "implementation": {"description": disclaimer(), "url": url},
        "fhirVersion": "4.0.1",
        "format": ["json", JSON],
        "rest": [rest],
    }
