"""A tab of each patient: a question to the library, answered for this patient, with what the chart warns of."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from bedside.deid import Policy, scrub
from bedside.facts.of_chart import person_of
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.answer import answered
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page

Asks = Annotated[Caller, require("advise")]
ADDRESS = "/patients/{patient_id}/ask"


def add(router: APIRouter, context: Context) -> None:
    """The question and its answer for one patient."""

    @router.get(ADDRESS, response_model=None)
    def ask(patient_id: str, caller: Asks) -> Response:
        """A question about this patient."""
        caller.reach(patient_id)
        about = context.clinic.records.about(patient_id)
        return page("chart_ask.html", caller, about=about, library=context.librarian)

    @router.post(ADDRESS, response_model=None)
    def answer(patient_id: str, sent: Annotated[dict[str, Any], Body()], caller: Asks) -> Response:
        """The answer; identity is taken off the chart first, and IdentityError raised where that fails."""
        chart = scrub(caller.chart(patient_id), policy=Policy(action="tag"))
        return answered(caller, sent, person_of(chart), patient_id)


PAGE = Page(ADDRESS, "advise", "Ask", "提问", 15, add)
