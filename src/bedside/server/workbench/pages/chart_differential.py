"""A tab of each patient: which rare diseases the chart's findings point to, and why; findings can be ticked off."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import Response

from bedside.deid import Policy, scrub
from bedside.facts.of_chart import facts_of
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.differential import answered, chosen
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page
from bedside.types import Facts, RawChart

Asks = Annotated[Caller, require("advise")]
ADDRESS = "/patients/{patient_id}/differential"


def add(router: APIRouter, context: Context) -> None:
    """The ranking of one chart; it comes after the page, as it opens the ontology at the first question."""

    @router.get(ADDRESS, response_model=None)
    def differential(patient_id: str, caller: Asks) -> Response:
        """The page around it."""
        caller.reach(patient_id)
        return page("chart_differential.html", caller, about=context.clinic.records.about(patient_id))

    @router.get(ADDRESS + "/first", response_model=None)
    def first(patient_id: str, caller: Asks) -> Response:
        """With the findings that are read in the chart."""
        chart, here = caller.chart(patient_id), ADDRESS.format(patient_id=patient_id)
        return answered(caller, lambda who: who.of_chart(chart), address=here, facts=_facts(chart))

    @router.post(ADDRESS, response_model=None)
    def again(patient_id: str, sent: Annotated[dict[str, Any], Body()], caller: Asks) -> Response:
        """With the findings as a reader left them."""
        chart, here = caller.chart(patient_id), ADDRESS.format(patient_id=patient_id)
        present, denied = chosen(sent, "present"), chosen(sent, "denied")
        return answered(
            caller, lambda who: who.of_ids(present, denied, sex=chart.sex), address=here, facts=_facts(chart)
        )


def _facts(chart: RawChart) -> Facts:
    return facts_of(scrub(chart, policy=Policy(action="tag")))


PAGE = Page(ADDRESS, "advise", "Differential", "鉴别诊断", 14, add)
