"""Resources of other versions of FHIR (DSTU2, STU3, R5) in the words of R4, where these say something else.

Sources: the version history of each resource at hl7.org/fhir (DSTU2 2015, STU3 2017, R4 2019, R5 2023).
"""

from __future__ import annotations

from typing import Any

from bedside.formats._fhir.values import concept_codes
from bedside.formats._syntax.json import objects

_NOT_SO = {
    "wasNotTaken": "not-taken",
    "notDone": "not-done",
    "notPerformed": "not-done",
    "notGiven": "not-done",
    "wasNotGiven": "not-done",
}
"""Fields of DSTU2 and STU3 that deny what the resource names, whatever its status, and R4's status for it."""

_RENAMED = {"actualPeriod": "period", "admission": "hospitalization"}
"""Of an encounter, R5's names and R4's."""


def in_r4(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource with R4's status where a field of another version denies it, and an encounter's time and reason.

    >>> in_r4({"resourceType": "MedicationStatement", "status": "active", "taken": "n"})["status"]
    'not-taken'
    >>> in_r4({"resourceType": "Procedure", "status": "completed", "notDone": False})["status"]
    'completed'
    """
    denied = next((status for name, status in _NOT_SO.items() if resource.get(name) is True), "")
    if resource.get("taken") == "n" or _not_taking(resource):
        denied = "not-taken"
    changed: dict[str, Any] = {"status": denied} if denied else {}
    if resource.get("resourceType") == "Encounter":
        changed |= {ours: resource[theirs] for theirs, ours in _RENAMED.items() if theirs in resource}
        if "reason" in resource:
            changed["reasonCode"] = [
                one for part in objects(resource["reason"]) for one in objects(part.get("value", part))
            ]
    return {**resource, **changed} if changed else resource


def _not_taking(resource: dict[str, Any]) -> bool:
    """R5's word for a medicine that its statement says is not taken."""
    adherence = resource.get("adherence")
    return isinstance(adherence, dict) and any(
        code.code == "not-taking" for code in concept_codes(adherence.get("code"))
    )
