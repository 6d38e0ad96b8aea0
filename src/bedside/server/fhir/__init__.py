"""FHIR R4: what the server can do, patients it keeps, and its operations on a chart (hl7.org/fhir/R4)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.fhir.bulk import bulk_router
from bedside.server.fhir.capability import capability
from bedside.server.fhir.groups import groups_router
from bedside.server.fhir.operations import operations_router
from bedside.server.fhir.outcome import as_outcome, fhir
from bedside.server.fhir.resources import everything, patient_of

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

    return [
        bulk_router(context),
        groups_router(context),
        router,
        operations_router(),
    ]  # before Patient/{id}, which would take $export for an id
