"""The facade's operations on a chart, each on a kept patient and on a Bundle that is sent whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from starlette.responses import Response

from bedside.formats.fhir import read_resource
from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller, require
from bedside.server.errors import Refusal
from bedside.server.fhir.analyze import analyzed
from bedside.server.fhir.asked import json_only
from bedside.server.fhir.differential import differential
from bedside.server.fhir.outcome import fhir
from bedside.server.fhir.reports import reports
from bedside.server.fhir.summary import summary
from bedside.types import RawChart

Sent = Annotated[dict[str, Any], Body()]


@dataclass(frozen=True)
class Operation:
    """What is done with a chart: its name, what it is for, the type it makes, how, and what the address is to name."""

    name: str
    what: str
    makes: str
    answer: Callable[[RawChart, str, Caller], dict[str, Any]]
    parameters: tuple[dict[str, Any], ...] = ()


OPERATIONS = (
    Operation(
        "analyze",
        "What the guard has to say of a chart, as DetectedIssues with their Provenance.",
        "DetectedIssue",
        analyzed,
    ),
    Operation(
        "differential",
        "The diseases that a chart points to, as a RiskAssessment with its findings, and a CarePlan of tests.",
        "RiskAssessment",
        differential,
    ),
    Operation(
        "summary",
        "A chart as a patient summary: a document whose Composition has a section a kind.",
        "Composition",
        summary,
    ),
    Operation(
        "report",
        "What the served model named by `model` says of each note of a chart, as DiagnosticReports.",
        "DiagnosticReport",
        reports,
        ({"name": "model", "in": "query", "required": True, "schema": {"type": "string", "maxLength": 200}},),
    ),
)


def operations_router() -> APIRouter:
    """The addresses of the operations."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"], dependencies=[Depends(json_only)])
    for operation in OPERATIONS:
        _offer(router, operation)
    return router


def _offer(router: APIRouter, operation: Operation) -> None:
    """`Patient/[id]/$name` reads all of a chart; `Patient/$name` and `$name` make something of what is sent."""

    reads, makes = require("advise", "*.r"), require("advise", f"{operation.makes}.c")

    def kept(patient_id: str, caller: Caller = reads) -> Response:
        return _answered(operation, caller.chart(patient_id), patient_id, caller)

    def sent(body: Sent, caller: Caller = makes) -> Response:
        chart = _one_chart(body)
        return _answered(operation, chart, chart.patient, caller)

    about: dict[str, Any] = {"response_model": None, "description": operation.what}
    about |= {"openapi_extra": {"parameters": list(operation.parameters)}} if operation.parameters else {}
    name = operation.name
    router.add_api_route(f"/Patient/{{patient_id}}/${name}", kept, methods=["GET"], name=f"{name}_kept", **about)
    for path in (f"/Patient/${name}", f"/${name}"):
        router.add_api_route(path, sent, methods=["POST"], name=f"{name}_sent", **about)


def _answered(operation: Operation, chart: RawChart, patient: str, caller: Caller) -> Response:
    with speaking(caller.lang):
        return fhir(operation.answer(chart, patient, caller))


def _one_chart(sent: dict[str, Any]) -> RawChart:
    charts = [one for one in read_resource(sent, "sent") if isinstance(one, RawChart)]
    if len(charts) != 1:
        what = tr("a Bundle of one patient is needed", "需要单个患者的 Bundle")
        raise Refusal(422, "not_one_patient", what, where="Bundle", allowed="Patient/[id]/$everything")
    return charts[0]
