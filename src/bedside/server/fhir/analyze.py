"""What the guard has to say of a chart as it is: DetectedIssues with the medicines they implicate, and a Provenance.

Every medicine of the chart is weighed as if it were proposed to be continued, beside all others; then the chart by
itself. An issue that two medicines raise with one another is one issue that implicates both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from bedside import __version__
from bedside.cleaning.language import language_of
from bedside.lang import current, disclaimer
from bedside.server.clinic.context import Guard
from bedside.server.clinic.weigh import weighed
from bedside.tasks._diagnosis_fhir_parts import TERMINOLOGY, draft, language, meta
from bedside.types import Facts, Finding, Proposal

Resource = dict[str, Any]
SEVERITY = {"critical": "high", "warning": "moderate", "info": "low"}


def issues(facts: Facts, guard: Guard) -> list[tuple[Finding, list[str]]]:
    """Each finding with the medicines that raised it; Refusal (500) where a guard could not be asked."""
    found: dict[str, tuple[Finding, list[str]]] = {}
    for at, name in enumerate(facts.medications):
        others = (*facts.medications[:at], *facts.medications[at + 1 :])
        lang: Literal["en", "zh"] = "zh" if language_of(name) == "zh" else "en"
        text = f"继续{name}。" if lang == "zh" else f"Continue {name}."
        for one in _asked(Proposal(text=text, lang=lang, facts=replace(facts, medications=others)), guard):
            found.setdefault(one.rule, (one, []))[1].append(name)
    for one in _asked(Proposal(text="", lang=current(), facts=facts), guard):
        found.setdefault(one.rule, (one, []))
    return list(found.values())


def _asked(proposal: Proposal, guard: Guard) -> list[Finding]:
    return [one for one in weighed(proposal, guard).findings if one.asks != "allow"]


def as_bundle(found: list[tuple[Finding, list[str]]], patient: str) -> Resource:
    """The issues as a Bundle of type collection: a Device, a DetectedIssue each, one Provenance and one AuditEvent."""
    time = datetime.now(UTC).isoformat(timespec="seconds")
    entries: list[Resource] = []

    def add(kind: str, **parts: Any) -> Resource:
        id = str(uuid4())
        entries.append({"fullUrl": f"urn:uuid:{id}", "resource": {"resourceType": kind, "id": id, **parts}})
        return {"reference": f"urn:uuid:{id}"}

    who, device = {"reference": f"Patient/{patient}"}, add("Device", **_device())
    targets = [
        add("DetectedIssue", patient=who, identifiedDateTime=time, author=device, **_issue(finding, medicines))
        for finding, medicines in found
    ]
    agent = {"type": {"coding": [{"system": f"{TERMINOLOGY}/provenance-participant-type", "code": "assembler"}]}}
    add("Provenance", target=targets or [device], recorded=time, agent=[{**agent, "who": device}])
    add("AuditEvent", **_audit(who, device, time))
    return {"resourceType": "Bundle", "id": str(uuid4()), "type": "collection", "timestamp": time, "entry": entries}


def _issue(finding: Finding, medicines: list[str]) -> Resource:
    return {
        "meta": meta(),
        "language": language(),
        "status": "preliminary",
        "severity": SEVERITY[finding.severity],
        "code": {"coding": [{"system": "urn:bedside:rule", "code": finding.rule}], "text": finding.rule},
        "detail": f"{finding.reason} {draft()} {disclaimer()}",
        "evidence": [{"code": [{"text": finding.source}]}],
        **({"implicated": [{"display": name} for name in medicines]} if medicines else {}),
    }


def _device() -> Resource:
    return {
        "status": "active",
        "deviceName": [{"name": "bedside", "type": "user-friendly-name"}],
        "type": {"text": "clinical decision support software"},
        "version": [{"value": __version__}],
    }


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
