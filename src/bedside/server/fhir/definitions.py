"""What each of our own operations is, as FHIR asks it to be said: an OperationDefinition at its address."""

from __future__ import annotations

from typing import Any

from bedside import __version__
from bedside.lang import tr
from bedside.server.errors import Refusal
from bedside.server.fhir.operations import OPERATIONS, Operation


def name_of(operation: Operation) -> str:
    """The name of its definition: `Patient-analyze`."""
    return f"Patient-{operation.name}"


def definition(name: str, base: str) -> dict[str, Any]:
    """The OperationDefinition of that name, of a server at `base`; Refusal (404) for another.

    >>> told = definition("Patient-analyze", "http://127.0.0.1:8765/fhir")
    >>> told["code"], [(one["name"], one["use"]) for one in told["parameter"]]
    ('analyze', [('chart', 'in'), ('return', 'out')])
    """
    for operation in OPERATIONS:
        if name_of(operation) == name:
            return _told(operation, base)
    known = ", ".join(map(name_of, OPERATIONS))
    raise Refusal(404, "not_found", tr("no such definition", "没有该定义"), where="OperationDefinition", allowed=known)


def _told(operation: Operation, base: str) -> dict[str, Any]:
    asked = [{"name": one["name"], "type": "string"} for one in operation.parameters]
    inputs = [{"name": "chart", "type": "Bundle"}, *asked]
    return {
        "resourceType": "OperationDefinition",
        "id": name_of(operation),
        "url": f"{base}/OperationDefinition/{name_of(operation)}",
        "version": __version__,
        "name": operation.name.capitalize(),
        "status": "active",
        "kind": "operation",
        "affectsState": False,
        "code": operation.name,
        "description": operation.what,
        "resource": ["Patient"],
        "system": True,
        "type": True,
        "instance": True,
        "parameter": [
            *({**one, "use": "in", "min": 0, "max": "1"} for one in inputs),
            {"name": "return", "use": "out", "min": 1, "max": "1", "type": "Bundle"},
        ],
    }
