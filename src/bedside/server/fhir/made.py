"""What the operations answer with: a Bundle that is put together, with who made it, its Provenance and AuditEvent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bedside.tasks._fhir_parts import TERMINOLOGY, program

Resource = dict[str, Any]


class Made:
    """Resources about one patient, made at one time by this program; each is known by a `urn:uuid:` of its own."""

    def __init__(self, patient: str) -> None:
        self.entries: list[Resource] = []
        self.who = {"reference": f"Patient/{patient}"}
        self.time = datetime.now(UTC).isoformat(timespec="seconds")
        self.device = self.add("Device", **program())

    def add(self, kind: str, *, first: bool = False, **parts: Any) -> Resource:
        """The reference to a new resource; `first`: it stands before all others."""
        id = str(uuid4())
        entry = {"fullUrl": f"urn:uuid:{id}", "resource": {"resourceType": kind, "id": id, **parts}}
        self.entries.insert(0 if first else len(self.entries), entry)
        return {"reference": f"urn:uuid:{id}"}

    def provenance(self, targets: Sequence[Resource], *, who: Resource | None = None, **more: Any) -> None:
        """`who`, by itself this program, made these; where it made none, it says so of itself."""
        agent = {"type": {"coding": [{"system": f"{TERMINOLOGY}/provenance-participant-type", "code": "assembler"}]}}
        made = list(targets) or [self.device]
        self.add("Provenance", target=made, recorded=self.time, agent=[{**agent, "who": who or self.device}], **more)

    def collection(self) -> Resource:
        """All of it as a Bundle of type collection, the AuditEvent last."""
        self.add("AuditEvent", **_audit(self.who, self.device, self.time))
        return self._bundle("collection")

    def document(self) -> Resource:
        """All of it as a Bundle of type document, which FHIR wants to begin with its Composition and to be numbered."""
        return self._bundle("document", identifier={"system": "urn:ietf:rfc:3986", "value": uuid4().urn})

    def _bundle(self, kind: str, **more: Any) -> Resource:
        about = {"id": str(uuid4()), "type": kind, "timestamp": self.time, **more}
        return {"resourceType": "Bundle", **about, "entry": self.entries}


def pointed(part: Any, old: str, new: str) -> Any:
    """The same with every reference to `old` made one to `new`.

    >>> pointed({"subject": {"reference": "Patient/1"}}, "Patient/1", "urn:uuid:2")
    {'subject': {'reference': 'urn:uuid:2'}}
    """
    if isinstance(part, dict):
        return {key: new if key == "reference" and one == old else pointed(one, old, new) for key, one in part.items()}
    return [pointed(one, old, new) for one in part] if isinstance(part, list) else part


def _audit(who: Resource, device: Resource, time: str) -> Resource:
    system = f"{TERMINOLOGY}/audit-event-type"
    return {
        "type": {"system": system, "code": "rest", "display": "RESTful Operation"},
        "action": "E",
        "recorded": time,
        "outcome": "0",
        "agent": [{"who": device, "requestor": False}],
        "source": {"observer": device},
        "entity": [{"what": who}],
    }
