"""FHIR R4: what the server can do, patients it keeps, and its operations on a chart (hl7.org/fhir/R4)."""

from __future__ import annotations

from dataclasses import replace
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
from bedside.server.fhir.definitions import definition
from bedside.server.fhir.groups import groups_router
from bedside.server.fhir.operations import operations_router
from bedside.server.fhir.outcome import as_outcome, fhir
from bedside.server.fhir.resources import patient_of, resources_of
from bedside.server.fhir.searchset import searchset

COUNTED = 99
"""Patients looked at in one turn where only their number is asked for."""
ERRORS = {"/fhir": as_outcome}
SEARCHED = [
    {"name": name, "in": "query", "required": False, "schema": {"type": "string", "maxLength": 200}}
    for name in (*SEARCH, "_count", "_summary")
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
        if not asked.most:
            return fhir(searchset([], "", total=_count(records, asked, caller), links=[_self(caller.request)]))
        found = _found(records, asked)
        page = found[: asked.most]
        seen = [one for one in page if caller.sees(one.id)]
        caller.note(found=len(seen))
        told = [patient_of(caller.chart(one.id), one.id) for one in seen]
        links, whole = _links(caller.request, page, found), not asked.after and len(page) == len(found)
        return fhir(searchset(told, f"{caller.address}/fhir", total=len(told) if whole else None, links=links))

    @router.get("/Patient/{patient_id}", response_model=None)
    def read(patient_id: str, caller: Annotated[Caller, require("patient.read", "Patient.r")]) -> Response:
        """One patient."""
        return fhir(patient_of(caller.chart(patient_id), patient_id))

    @router.get("/Patient/{patient_id}/$everything", response_model=None)
    def all_of(patient_id: str, caller: Annotated[Caller, require("patient.read", "Patient.r")]) -> Response:
        """All that is kept of a patient, or of it the types of `_type`; to a SMART token, those its scopes grant."""
        kinds = read_types(caller.request)
        told = resources_of(caller.chart(patient_id), patient_id)
        may = [one for one in told if one["resourceType"] in kinds and caller.reads(one["resourceType"])]
        return fhir(searchset(may, f"{caller.address}/fhir", total=len(may)))

    @router.get("/OperationDefinition/{name}", response_model=None)
    def operation(name: str, caller: Annotated[Caller, require("public")]) -> Response:
        """What an operation reads and gives."""
        return fhir(definition(name, f"{caller.address}/fhir"))

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


def _count(records: Records, asked: Search, caller: Caller) -> int:
    """How many a search finds in all, of those whom the caller may see."""
    found, page = 0, replace(asked, most=COUNTED, after="")
    while few := _found(records, page):
        found += sum(caller.sees(one.id) for one in few)
        if len(few) <= COUNTED:
            break
        page = replace(page, after=few[-1].id)
    caller.note(found=found)
    return found


def _self(request: Request) -> dict[str, str]:
    return {"relation": "self", "url": str(request.url)}


def _links(request: Request, page: list[About], found: list[About]) -> list[dict[str, str]]:
    here, links = request.url, [_self(request)]
    if len(found) > len(page):
        links.append({"relation": "next", "url": str(here.include_query_params(_after=page[-1].id))})
    return links
