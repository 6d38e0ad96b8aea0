"""FHIR Bulk Data Access 2.0, export: kick-off, status, manifest, NDJSON, cancel (hl7.org/fhir/uv/bulkdata)."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from bedside.clinic.exports import Export
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal, as_json
from bedside.server.fhir.bulk_asked import NDJSON, Asked, read_asked
from bedside.server.fhir.bulk_lines import Counting, exported, lines_of
from bedside.server.fhir.groups import for_all_patients, own_group
from bedside.server.fhir.instants import instant
from bedside.server.fhir.outcome import fhir

POLL_S = 5
MOST_HELD = 10
"""Exports of one caller that can be fetched at a time."""
Takes = Annotated[Caller, require("patient.export", "Patient.r")]


def bulk_router(context: Context) -> APIRouter:
    """The addresses of an export; whoever began one sees it, and nobody else."""
    router = APIRouter(prefix="/fhir", tags=["FHIR Bulk Data"])
    counting = Counting(context)
    _beginning(router, context, counting)
    _begun(router, context, counting)
    return router


def _beginning(router: APIRouter, context: Context, counting: Counting) -> None:
    """The addresses that begin one: of every patient, of a group."""

    @router.get("/$export", response_model=None)
    @router.get("/Patient/$export", response_model=None)
    def kick_off(caller: Takes) -> Response:
        """Begin a copy of every chart that this program may have; where to ask for it is in Content-Location."""
        for_all_patients(caller)
        return _begin(caller, counting, context.clinic.records.count())

    @router.get("/Group/{group_id}/$export", response_model=None)
    def kick_off_group(group_id: str, caller: Takes) -> Response:
        """The same of the patients of a group. `_since` asks of each of them what came in after it."""
        group = own_group(group_id, caller)
        return _begin(caller, counting, group.size, group.id)


def _begun(router: APIRouter, context: Context, counting: Counting) -> None:
    """The addresses of one that has begun: how far it is, its end, its files."""

    @router.get("/exports/{export_id}", response_model=None)
    def status(export_id: str, caller: Takes) -> Response:
        """How far it is (202), or what there is to fetch (200)."""
        export = _own(export_id, caller)
        caller.note(export=export.id)
        if export.counts is None:
            counting.start(export)  # a server that was stopped meanwhile goes on here
            headers = {"X-Progress": f"{export.seen} of {export.total} patients", "Retry-After": str(POLL_S)}
            return Response(status_code=202, headers=headers)
        return as_json(
            manifest(export, f"{caller.address}/fhir"), 200, {"Expires": formatdate(export.ends, usegmt=True)}
        )

    @router.delete("/exports/{export_id}", response_model=None)
    def cancel(export_id: str, caller: Takes) -> Response:
        """End it; nothing of it can be fetched any more."""
        export = _own(export_id, caller)
        caller.note(export=export.id)
        context.clinic.exports.cancel(export.id)
        return fhir(_told(tr("the export is ended", "导出已终止")), 202)

    @router.get("/exports/{export_id}/{kind}.ndjson", response_model=None)
    def file(export_id: str, kind: str, caller: Takes) -> Response:
        """All resources of one type, a line each, read from the store as they are sent."""
        export = _own(export_id, caller)
        if kind not in (export.counts or {}) or not caller.reads(kind):
            raise _unknown()
        caller.note(export=export.id, type=kind)
        return StreamingResponse(_lines(context, export, kind), media_type=NDJSON)


def _begin(caller: Caller, counting: Counting, total: int, group: str = "") -> Response:
    exports, asked = caller.context.clinic.exports, read_asked(caller.request)
    kinds = _granted(asked, caller)
    if exports.held(caller.principal.id) >= MOST_HELD:
        raise Refusal(429, "too_many", tr("too many exports at a time", "导出任务过多"), retry_after_s=3600)
    request = str(caller.request.url)[:1000]
    begun = exports.begin(caller.principal.id, request, kinds, asked.since, total, group=group)
    counting.start(begun)
    caller.note(export=begun.id, types=len(kinds))
    where = f"{caller.address}/fhir/exports/{begun.id}"
    return fhir(_told(tr("the export has begun", "导出已开始")), 202, {"Content-Location": where})


def manifest(export: Export, base: str) -> dict[str, object]:
    """What a finished export consists of.

    >>> asked = {"id": "x1", "user_id": "u", "request": "r", "kinds": ("Patient",), "since": None, "created": 0.0}
    >>> manifest(Export(**asked, counts={"Patient": 2}), "https://h/fhir")["output"]
    [{'type': 'Patient', 'url': 'https://h/fhir/exports/x1/Patient.ndjson', 'count': 2}]
    """
    counts = export.counts or {}
    output = [
        {"type": kind, "url": f"{base}/exports/{export.id}/{kind}.ndjson", "count": count}
        for kind, count in counts.items()
    ]
    time = instant(export.created)
    return {
        "transactionTime": time,
        "request": export.request,
        "requiresAccessToken": True,
        "output": output,
        "error": [],
    }


def _lines(context: Context, export: Export, kind: str) -> Iterator[bytes]:
    for chart, id in exported(context.clinic, export):
        yield from lines_of(chart, id, kind)


def _granted(asked: Asked, caller: Caller) -> tuple[str, ...]:
    """The types to export; 403 where one that was asked for by name is not granted."""
    granted = tuple(kind for kind in asked.kinds if caller.reads(kind))
    if asked.named and len(granted) < len(asked.kinds):
        what = tr("the token's scopes do not grant this", "令牌的 scope 未授权此操作")
        raise Refusal(403, "insufficient_scope", what, where="_type")
    return granted


def _own(export_id: str, caller: Caller) -> Export:
    clinic = caller.context.clinic
    found = clinic.exports.get(export_id, caller.principal.id)
    if found is None or (found.group and clinic.groups.get(found.group, caller.principal.id) is None):
        raise _unknown()
    return found


def _unknown() -> Refusal:
    return Refusal(404, "unknown_export", tr("no such export, or it has ended", "没有该导出或已过期"))


def _told(text: str) -> dict[str, object]:
    issue = {"severity": "information", "code": "informational", "details": {"text": text}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
