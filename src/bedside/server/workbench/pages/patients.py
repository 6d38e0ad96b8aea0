"""Finding a patient, reading a chart, weighing a proposal for its patient."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from bedside.lang import speaking
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.check import checked
from bedside.server.workbench.entries import group_names
from bedside.server.workbench.page import TOUR_COOKIE, lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.patient import issues_of, shown
from bedside.server.workbench.sent import text

FOUND = 50


def add(router: APIRouter, context: Context) -> None:
    """The patients that the caller may see, and each one's chart."""
    records = context.clinic.records

    @router.get("/patients", response_model=None)
    def patients(caller: Annotated[Caller, require("patient.search")], query: str = "", tour: int = 0) -> Response:
        """Search the patients."""
        found = records.search(query[:200], limit=FOUND)
        reached = [one for one in found if caller.sees(one.id)]
        caller.note(found=len(found))
        values = {"query": query, "found": reached, "hidden": len(found) - len(reached)}
        empty = not (query or found) and not records.count()
        return page("patients.html", caller, **values, empty=empty, tour=_tour(caller, tour))

    @router.get("/patients/{patient_id}", response_model=None)
    def patient(patient_id: str, caller: Annotated[Caller, require("patient.read")]) -> Response:
        """One patient: problems, medicines, values in time, documents; what the guard says comes when it is ready."""
        chart, about = caller.chart(patient_id), records.about(patient_id)
        caller.note(entries=len(chart.entries))
        return page("patient.html", caller, about=about, names=group_names, **shown(chart))

    @router.get("/patients/{patient_id}/issues", response_model=None)
    def of_chart(patient_id: str, caller: Annotated[Caller, require("advise")]) -> Response:
        """What the guard says of a chart as it is, for the patient's page."""
        with speaking(lang_of(caller.request)):
            found = issues_of(caller.chart(patient_id), context.guard)
        caller.note(issues=len(found))
        return page("issues.html", caller, issues=found)

    @router.post("/patients/{patient_id}/check", response_model=None)
    def check(
        patient_id: str, sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]
    ) -> Response:
        """What the guard says of a proposal for this patient."""
        with speaking(lang_of(caller.request)):
            proposal = text(sent, "proposal")
            verdict = checked(caller.chart(patient_id), proposal, context.guard)
        answer = "\n".join([verdict.outcome, *(one.reason for one in verdict.findings)])
        caller.remember("check", proposal, answer, patient_id)
        caller.note(verdict=verdict.outcome, findings=len(verdict.findings))
        return page("verdict.html", caller, verdict=verdict)


def _tour(caller: Caller, asked: int) -> bool:
    """Whether the tour is shown: on the first visit of a browser, and to who asks for it."""
    return bool(asked) or TOUR_COOKIE not in caller.request.cookies


PAGE = Page("/patients", "patient.search", "Patients", "患者", 10, add)
