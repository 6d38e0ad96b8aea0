"""A tab of each patient: the documents to be read, and words to be found in them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.documents import find
from bedside.server.workbench.entries import lines
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

SHOWN = 20
Reads = Annotated[Caller, require("patient.read")]


def add(router: APIRouter, context: Context) -> None:
    """The documents, newest first."""

    @router.get("/patients/{patient_id}/documents", response_model=None)
    def documents(patient_id: str, caller: Reads, skip: Annotated[int, Query(ge=0)] = 0) -> Response:
        """A page of documents."""
        chart, about = caller.chart(patient_id), context.clinic.records.about(patient_id)
        found = lines(chart.entries, "documents")
        caller.note(documents=len(found))
        some = found[skip : skip + SHOWN]
        return page("documents.html", caller, about=about, found=some, count=len(found), shown=SHOWN, skip=skip)

    @router.post("/patients/{patient_id}/documents/find", response_model=None)
    def search(patient_id: str, sent: Annotated[dict[str, Any], Body()], caller: Reads) -> Response:
        """Where words stand in them; posted, as what is looked for may say something of the patient."""
        found, count = find(lines(caller.chart(patient_id).entries, "documents"), text(sent, "words"))
        caller.note(found=count)
        return page("found.html", caller, found=found, count=count, patient=patient_id, shown=SHOWN)


PAGE = Page("/patients/{patient_id}/documents", "patient.read", "Documents", "文书", 13, add)
