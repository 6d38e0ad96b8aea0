"""FHIR R4: what the server can do, patients it keeps, $analyze and $differential of a chart (hl7.org/fhir/R4)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from bedside.facts.of_chart import facts_of_raw
from bedside.formats.fhir import read_resource
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.fhir.analyze import as_bundle, issues
from bedside.server.fhir.bulk import bulk_router
from bedside.server.fhir.capability import capability
from bedside.server.fhir.differential import differential
from bedside.server.fhir.outcome import as_outcome, fhir
from bedside.server.fhir.resources import everything, patient_of
from bedside.types import RawChart

ERRORS = {"/fhir": as_outcome}
MOST = 50


def routers(context: Context) -> list[APIRouter]:
    """The addresses of the facade."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"])
    records = context.clinic.records

    @router.get("/metadata", response_model=None)
    def metadata(caller: Annotated[Caller, require("public")]) -> Response:
        """What the facade can do."""
        return fhir(capability(str(caller.request.base_url) + "fhir"))

    @router.get("/Patient", response_model=None)
    def search(
        caller: Annotated[Caller, require("patient.search", "Patient.s")],
        identifier: Annotated[str, Query(max_length=200)] = "",
        name: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """Patients by number or by name."""
        found = records.search(identifier.split("|")[-1] or name, limit=MOST)
        seen = [one for one in found if caller.sees(one.id)]
        caller.note(found=len(seen))
        entries = [{"resource": patient_of(caller.chart(one.id), one.id), "search": {"mode": "match"}} for one in seen]
        return fhir({"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})

    @router.get("/Patient/{patient_id}", response_model=None)
    def read(patient_id: str, caller: Annotated[Caller, require("patient.read", "Patient.r")]) -> Response:
        """One patient."""
        return fhir(patient_of(caller.chart(patient_id), patient_id))

    @router.get("/Patient/{patient_id}/$everything", response_model=None)
    def all_of(patient_id: str, caller: Annotated[Caller, require("patient.read", "Patient.r")]) -> Response:
        """All that is kept of a patient; to a SMART token, the types that its scopes grant."""
        return fhir(everything(caller.chart(patient_id), patient_id, caller.reads))

    @router.get("/Patient/{patient_id}/$analyze", response_model=None)
    def analyze_kept(patient_id: str, caller: Annotated[Caller, require("advise", "*.r")]) -> Response:
        """What the guard has to say of a kept chart."""
        return _analyzed(caller.chart(patient_id), patient_id, context, caller)

    @router.post("/Patient/$analyze", response_model=None)
    @router.post("/$analyze", response_model=None)
    def analyze_sent(
        sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise", "DetectedIssue.c")]
    ) -> Response:
        """What the guard has to say of a chart that is sent whole: a Bundle such as $everything gives."""
        chart = _one_chart(sent)
        return _analyzed(chart, chart.patient, context, caller)

    @router.get("/Patient/{patient_id}/$differential", response_model=None)
    def differential_kept(patient_id: str, caller: Annotated[Caller, require("advise", "*.r")]) -> Response:
        """The diseases that a kept chart points to, as a RiskAssessment with its findings."""
        return fhir(differential(caller.chart(patient_id), patient_id, caller))

    @router.post("/Patient/$differential", response_model=None)
    def differential_sent(
        sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise", "RiskAssessment.c")]
    ) -> Response:
        """The same of a chart that is sent whole."""
        chart = _one_chart(sent)
        return fhir(differential(chart, chart.patient, caller))

    return [bulk_router(context), router]  # before Patient/{id}, which would take Patient/$export for an id


def _one_chart(sent: dict[str, Any]) -> RawChart:
    charts = [one for one in read_resource(sent, "sent") if isinstance(one, RawChart)]
    if len(charts) != 1:
        what = tr("a Bundle of one patient is needed", "需要单个患者的 Bundle")
        raise Refusal(422, "not_one_patient", what, where="Bundle", allowed="Patient/[id]/$everything")
    return charts[0]


def _analyzed(chart: RawChart, patient: str, context: Context, caller: Caller) -> Response:
    found = issues(facts_of_raw(chart), context.guard)
    caller.note(issues=len(found))
    return fhir(as_bundle(found, patient))
