"""A tab of each patient: the whole chart on one axis of time, and as a list that is filtered and paged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.workbench.entries import GROUPS, OTHERS, group_names, group_of, lines
from bedside.server.workbench.page import page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.timeline import SPANS, axis

SHOWN = 50
Reads = Annotated[Caller, require("patient.read")]


def add(router: APIRouter, context: Context) -> None:
    """The timeline."""

    @router.get("/patients/{patient_id}/timeline", response_model=None)
    def timeline(
        patient_id: str,
        caller: Reads,
        group: str = "",
        span: str = "all",
        until: str = "",
        skip: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        """Every entry of a chart: `group` of one kind, `span` before the last entry, `until` a day of a mark."""
        chart, about = caller.chart(patient_id), context.clinic.records.about(patient_id)
        group = group if group in (*GROUPS, OTHERS) else ""
        known = lines(chart.entries, group)
        wanted = [one for one in known if not until or one.day[: len(until)] <= until] if until else known
        caller.note(entries=len(chart.entries))
        return page(
            "timeline.html",
            caller,
            about=about,
            axis=axis([one for one in chart.entries if group in ("", group_of(one))], span),
            found=wanted[skip : skip + SHOWN],
            count=len(wanted),
            shown=SHOWN,
            asked={"group": group, "span": span if span in SPANS else "all", "until": until[:10], "skip": skip},
            there=[one for one in (*GROUPS, OTHERS) if any(group_of(entry) == one for entry in chart.entries)],
            names=group_names,
        )


PAGE = Page("/patients/{patient_id}/timeline", "patient.read", "Timeline", "时间轴", 11, add)
