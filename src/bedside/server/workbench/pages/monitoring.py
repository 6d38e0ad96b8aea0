"""Monitoring: alerts to see to, and how the server, its guards and its models have done in time."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from bedside.clinic.permissions import may
from bedside.clinic.watch.words import name_of, said
from bedside.lang import speaking
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.watching import acknowledged
from bedside.server.workbench.monitored import PERIODS, monitored
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page

USUAL_DAYS = 7


def add(router: APIRouter, context: Context) -> None:
    """The page, and acknowledging an alert on it."""
    watch = context.watch

    @router.get("/monitoring", response_model=None)
    def monitoring(caller: Annotated[Caller, require("metrics.read")], days: int = USUAL_DAYS) -> Response:
        """Alerts, figures and measurements of the last days."""
        now = time.time()
        watch.write(now)
        days = days if days in PERIODS else USUAL_DAYS
        with speaking(lang_of(caller.request)):
            shown = monitored(watch, days, now)
        return page(
            "monitoring.html",
            caller,
            days=days,
            periods=PERIODS,
            alerts=watch.alerts.all(limit=30),
            said=said,
            acts=may(caller.principal.role, "alerts.write"),
            checks=watch.runs.last(),
            when=_when,
            name_of=name_of,
            **shown,
        )

    @router.post("/monitoring/alerts/{alert_id}", response_model=None)
    def acknowledge(alert_id: str, caller: Annotated[Caller, require("alerts.write")]) -> Response:
        """See to an alert: it is not told again."""
        acknowledged(alert_id, caller)
        return RedirectResponse("/monitoring", 303)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds))


PAGE = Page("/monitoring", "metrics.read", "Monitoring", "运行监测", 70, add)
