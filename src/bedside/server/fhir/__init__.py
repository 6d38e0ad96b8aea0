"""FHIR R4: what the server can do, patients it keeps, and its operations on a chart (hl7.org/fhir/R4)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from bedside.clinic.records import About, Records
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.fhir.asked import SEARCH, Search, json_only, read_search, read_types
from bedside.server.fhir.bulk import bulk_router
from bedside.server.fhir.capability import capability
from bedside.server.fhir.groups import groups_router
from bedside.server.fhir.operations import operations_router
from bedside.server.fhir.outcome import as_outcome, fhir
from bedside.server.fhir.resources import everything, patient_of

ERRORS = {"/fhir": as_outcome}
SEARCHED = [
    {"name": name, "in": "query", "required": False, "schema": {"type": "string", "maxLength": 200}}
    for name in (*SEARCH, "_count")
]


def routers(context: Context) -> list[APIRouter]:
    """The addresses of the facade."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"], dependencies=[Depends(json_only)])
    records = context.clinic.records

    @router.get("/metadata", response_model=None)
    def metadata(caller: Annotated[Caller, require("public")]) -> Response:
        """What the facade can do."""
        return fhir(capability(f"{caller.address}/fhir"))

    @router.get("/Patient", response_model=None, openapi_extra={"parameters": SEARCHED})
    def search(caller: Annotated[Caller, require("patient.search", "Patient.s")]) -> Response:
        """Patients by id, number, name or date of birth."""
        asked = read_search(caller.request)
        found = _found(records, asked)
        page = found[: asked.most]
        seen = [one for one in page if caller.sees(one.id)]
        caller.note(found=len(seen))
        entries = [{"resource": patient_of(caller.chart(one.id), one.id), "search": {"mode": "match"}} for one in seen]
        links, whole = _links(caller.request, page, found), not asked.after and len(page) == len(found)
        total = {"total": len(entries)} if whole else {}
        return fhir({"resourceType": "Bundle", "type": "searchset", **total, "link": links, "entry": entries})

    @router.get("/Patient/{patient_id}", response_model=None)
    def read(patient_id: str, caller: Annotated[Caller, require("patient.read", "Patient.r")]) -> Response:
        """One patient."""
        return fhir(patient_of(caller.chart(patient_id), patient_id))

    @router.get("/Patient/{patient_id}/$everything", response_model=None)
    def all_of(patient_id: str, caller: Annotated[Caller, require("patient.read", "Patient.r")]) -> Response:
        """All that is kept of a patient, or of it the types of `_type`; to a SMART token, those its scopes grant."""
        kinds = read_types(caller.request)
        return fhir(everything(caller.chart(patient_id), patient_id, lambda kind: kind in kinds and caller.reads(kind)))

    return [
        bulk_router(context),
        groups_router(context),
        router,
        operations_router(),
    ]  # before Patient/{id}, which would take $export for an id


def _found(records: Records, asked: Search) -> list[About]:
    """Whom a search finds, one more than a page holds where there are more; a number is the whole number."""
    if not (asked.id or asked.number):
        return records.search(asked.words, limit=asked.most + 1, after=asked.after)
    named = {asked.id} - {""} | ({records.patient_of(asked.number) or ""} if asked.number else set())
    about = records.about(named.pop()) if len(named) == 1 else None
    if about is None or not asked.words.strip():
        return [about] if about else []
    return [one for one in records.search(f"{about.number} {asked.words}", limit=100) if one.id == about.id]


def _links(request: Request, page: list[About], found: list[About]) -> list[dict[str, str]]:
    here = request.url
    links = [{"relation": "self", "url": str(here)}]
    if len(found) > len(page):
        links.append({"relation": "next", "url": str(here.include_query_params(_after=page[-1].id))})
    return links
