"""The record of acts: who did what to whose chart, whether it is unchanged, and a copy for an auditor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from bedside.clinic.audit.newest import newest
from bedside.clinic.audit.read import AuditReader
from bedside.clinic.permissions import ACTIONS
from bedside.errors import AuditError
from bedside.lang import speaking
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page

SHOWN = 100
TIME = r"^(\d{4}-\d{2}-\d{2}(T[\d:.]{5,15})?)?$"
Reads = Annotated[Caller, require("audit.read")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an auditor looks for; empty fields ask for nothing."""

    who: str
    patient: str
    act: str
    outcome: str
    since: str
    until: str

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a line that must be as said."""
        told = {"who": self.who, "patient": self.patient, "action": self.act, "outcome": self.outcome}
        return {name: value for name, value in told.items() if value}


def asked(
    who: Annotated[str, Query(max_length=128)] = "",
    patient: Annotated[str, Query(max_length=40)] = "",
    act: Annotated[str, Query(max_length=40)] = "",
    outcome: Annotated[str, Query(max_length=40)] = "",
    since: Annotated[str, Query(pattern=TIME)] = "",
    until: Annotated[str, Query(pattern=TIME)] = "",
) -> Asked:
    """The search in an address."""
    return Asked(who.strip(), patient.strip(), act, outcome.strip(), since, until)


Wanted = Annotated[Asked, Depends(asked)]


def add(router: APIRouter, context: Context) -> None:
    """The log in the clinic's data folder."""
    folder = context.clinic.folder / "audit"

    @router.get("/audit", response_model=None)
    def audit(caller: Reads, wanted: Wanted) -> Response:
        """The newest lines that fit."""
        found = newest(folder, wanted.fields, since=wanted.since, until=wanted.until, limit=SHOWN)
        caller.note(found=len(found.lines))
        return page("audit.html", caller, wanted=wanted, found=found, acts=ACTIONS, query=caller.request.url.query)

    @router.post("/audit/verify", response_model=None)
    def verify(caller: Reads) -> Response:
        """Whether every line is as it was written."""
        values: dict[str, Any] = {"verified": None, "broken": None}
        with speaking(lang_of(caller.request)):
            try:
                values["verified"] = AuditReader(folder).verify()
            except AuditError as fault:
                values["broken"] = fault
        caller.note(whole=int(values["broken"] is None))
        return page("audit_verified.html", caller, **values)

    @router.get("/audit/export", response_model=None)
    def export(caller: Reads, wanted: Wanted) -> Response:
        """All lines that fit, oldest first, as JSONL; it breaks off at the first line that was changed."""
        caller.note(export=1)
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
        return StreamingResponse(
            _copied(AuditReader(folder), wanted), media_type="application/x-ndjson", headers=headers
        )


def _copied(reader: AuditReader, wanted: Asked) -> Iterator[bytes]:
    fields = {name: value for name, value in wanted.fields.items() if name != "who"}
    for line in reader.search(fields, wanted.since, wanted.until):
        if not wanted.who or wanted.who in (line.get("name"), line.get("who")):
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


PAGE = Page("/audit", "audit.read", "Audit", "审计", 80, add)
