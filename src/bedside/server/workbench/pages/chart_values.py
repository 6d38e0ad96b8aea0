"""A tab of each patient: every measured value in time, with its reference range, those out of range first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.values import series_of

SHOWN = 24


def add(router: APIRouter, context: Context) -> None:
    """The plots."""

    @router.get("/patients/{patient_id}/values", response_model=None)
    def values(
        patient_id: str,
        caller: Annotated[Caller, require("patient.read")],
        skip: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        """Measured values by name."""
        chart, about = caller.chart(patient_id), context.clinic.records.about(patient_id)
        found = series_of(chart)
        caller.note(series=len(found))
        some = found[skip : skip + SHOWN]
        return page("values.html", caller, about=about, series=some, count=len(found), shown=SHOWN, skip=skip)


PAGE = Page("/patients/{patient_id}/values", "patient.read", "Values", "检验", 12, add)
