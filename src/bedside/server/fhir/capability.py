"""What the facade can do, as FHIR asks it to be said: the CapabilityStatement, and SMART's configuration."""

from __future__ import annotations

from typing import Any

from bedside import __version__
from bedside.lang import disclaimer
from bedside.server.fhir.asked import SEARCH
from bedside.server.fhir.definitions import name_of
from bedside.server.fhir.operations import OPERATIONS
from bedside.server.fhir.outcome import JSON

BULK = "http://hl7.org/fhir/uv/bulkdata"
EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
TYPES = {"_id": "token", "identifier": "token", "birthdate": "date"}
RELEASED = "2026-11-23"


def capability(url: str) -> dict[str, Any]:
    """The CapabilityStatement of the server at `url`.

    >>> capability("http://127.0.0.1:8765/fhir")["fhirVersion"]
    '4.0.1'
    """
    own = [(one.name, f"{url}/OperationDefinition/{name_of(one)}", one.what) for one in OPERATIONS]
    told = [*own, ("everything", EVERYTHING, "All that is kept of a patient.")]
    operations = [{"name": name, "definition": definition, "documentation": what} for name, definition, what in told]
    group = {
        "type": "Group",
        "interaction": [{"code": code} for code in ("create", "read", "delete", "search-type")],
        "operation": [_export("group-export", "A copy of the charts of a group.")],
    }
    patient = {
        "type": "Patient",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": TYPES.get(name, "string")} for name in SEARCH],
        "operation": [*operations, _export("patient-export", "A copy of every chart.")],
    }
    security = {"description": "API key or a signed token of a listed issuer, as Authorization: Bearer."}
    whole = [*operations[: len(OPERATIONS)], _export("export", "A copy of every chart.")]
    definitions = {"type": "OperationDefinition", "interaction": [{"code": "read"}]}
    rest = {"mode": "server", "security": security, "resource": [patient, group, definitions], "operation": whole}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": RELEASED,
        "kind": "instance",
        "software": {"name": "bedside", "version": __version__},
        "implementation": {"description": disclaimer(), "url": url},
        "instantiates": [f"{BULK}/CapabilityStatement/bulk-data"],
        "fhirVersion": "4.0.1",
        "format": ["json", JSON],
        "rest": [rest],
    }


def _export(definition: str, what: str) -> dict[str, str]:
    """An export of Bulk Data Access 2.0, by its definition there."""
    return {"name": "export", "definition": f"{BULK}/OperationDefinition/{definition}", "documentation": what}
