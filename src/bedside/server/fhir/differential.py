"""The diseases that a chart points to, as FHIR: findings, a RiskAssessment, and what the guard says of the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bedside.errors import DataError, MissingExtra
from bedside.facts.of_chart import facts_of_raw
from bedside.server.clinic.access import Caller
from bedside.server.clinic.diagnostician import proposal_of
from bedside.server.clinic.weigh import weighed
from bedside.server.errors import Refusal
from bedside.server.fhir.analyze import as_bundle
from bedside.server.fhir.made import Resource, pointed
from bedside.types import RawChart


def differential(chart: RawChart, patient: str, caller: Caller) -> Resource:
    """A Bundle of type collection about `Patient/{patient}`: what was found, what it points to, what the guard says.

    Refusal: 422 where the chart holds no finding, 501 where no ontology is installed, 500 where a guard could not be
    asked.
    """
    who = caller.context.diagnostician
    try:
        told = who.written(who.tell(replace(who.of_chart(chart), id=patient)))
    except DataError as fault:
        raise Refusal(422, "no_findings", fault.what, where="Bundle") from None
    except MissingExtra as fault:
        raise Refusal(501, "not_installed", fault.what, allowed=fault.next or "") from None
    verdict = weighed(proposal_of(told, facts_of_raw(chart)), caller.context.guard)
    said = as_bundle([(one, []) for one in verdict.findings if one.asks != "allow"], patient)
    caller.note(findings=len(told.case.findings.present), issues=len(verdict.findings), verdict=verdict.outcome)
    return _joined(_drawn(told, who.hpo), said, patient)


def _drawn(told: Any, hpo: Any) -> Resource:
    from bedside.tasks._diagnosis.fhir import fhir_bundle

    return fhir_bundle(told, hpo)


def _joined(found: Resource, said: Resource, patient: str) -> Resource:
    """Both in one, about the server's own Patient: the Bundle names it and holds no other."""
    (made,) = (one["fullUrl"] for one in found["entry"] if one["resource"]["resourceType"] == "Patient")
    entries = pointed([one for one in found["entry"] if one["fullUrl"] != made], made, f"Patient/{patient}")
    return {**found, "entry": [*entries, *said["entry"]]}
