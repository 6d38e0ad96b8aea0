"""What the guard has to say of a chart as it is: DetectedIssues with the medicines they implicate, and a Provenance.

Every medicine of the chart is weighed as if it were proposed to be continued, beside all others; then the chart by
itself. An issue that two medicines raise with one another is one issue that implicates both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bedside.cleaning.language import language_of
from bedside.facts.of_chart import facts_of_raw
from bedside.lang import current, disclaimer
from bedside.server.clinic.access import Caller
from bedside.server.clinic.context import Guard
from bedside.server.clinic.weigh import weighed
from bedside.server.fhir.made import Made, Resource
from bedside.tasks._fhir_parts import draft, language, meta
from bedside.types import Facts, Finding, Proposal, RawChart

SEVERITY = {"critical": "high", "warning": "moderate", "info": "low"}


def analyzed(chart: RawChart, patient: str, caller: Caller) -> Resource:
    """The issues of a chart about `Patient/{patient}`; Refusal (500) where a guard could not be asked."""
    found = issues(facts_of_raw(chart), caller.context.guard)
    caller.note(issues=len(found))
    return as_bundle(found, patient)


def issues(facts: Facts, guard: Guard) -> list[tuple[Finding, list[str]]]:
    """Each finding with the medicines that raised it; Refusal (500) where a guard could not be asked."""
    found: dict[str, tuple[Finding, list[str]]] = {}
    for at, name in enumerate(facts.medications):
        others = (*facts.medications[:at], *facts.medications[at + 1 :])
        lang: Literal["en", "zh"] = "zh" if language_of(name) == "zh" else "en"
        text = f"继续{name}。" if lang == "zh" else f"Continue {name}."
        beside = replace(facts, medications=others)
        for one in _asked(Proposal(text=text, lang=lang, facts=beside, reader=current()), guard):
            found.setdefault(one.rule, (one, []))[1].append(name)
    for one in _asked(Proposal(text="", lang=current(), facts=facts), guard):
        found.setdefault(one.rule, (one, []))
    return list(found.values())


def _asked(proposal: Proposal, guard: Guard) -> list[Finding]:
    return [one for one in weighed(proposal, guard).findings if one.asks != "allow"]


def as_bundle(found: list[tuple[Finding, list[str]]], patient: str) -> Resource:
    """The issues as a Bundle of type collection: a Device, a DetectedIssue each, one Provenance and one AuditEvent."""
    made = Made(patient)
    made.provenance(detected(made, found))
    return made.collection()


def detected(made: Made, found: list[tuple[Finding, list[str]]]) -> list[Resource]:
    """The references to a DetectedIssue for each."""
    return [
        made.add(
            "DetectedIssue",
            patient=made.who,
            identifiedDateTime=made.time,
            author=made.device,
            **_issue(finding, medicines),
        )
        for finding, medicines in found
    ]


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
