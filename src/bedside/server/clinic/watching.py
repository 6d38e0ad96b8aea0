"""/v1/outcomes: what proved true of answers; /v1/watch: checks and alerts, and acknowledging one."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bedside.clinic.watch.answers import check_groups
from bedside.clinic.watch.words import said
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal

MOST = 1000


class Outcome(BaseModel):
    """What proved true: `answer` is the X-Request-ID of the answer (`ID/N` of the N-th of several texts, from 0).

    `truth` is one of the labels that the model weighed; `groups` are of `sex` and `age`, by their codes.
    """

    answer: str = Field(min_length=1, max_length=160)
    truth: str = Field(min_length=1, max_length=128)
    groups: dict[str, str] = Field(default={}, max_length=8)


class Outcomes(BaseModel):
    """Several at once."""

    outcomes: list[Outcome] = Field(min_length=1, max_length=MOST)


class Refused(BaseModel):
    """One that was not kept: its place in the list, and why."""

    at: int
    code: str


class Told(BaseModel):
    """How many were kept, and which were not."""

    kept: int
    refused: list[Refused]


class AlertTold(BaseModel):
    """An alert; times are seconds since 1970."""

    id: str
    code: str
    level: str
    subject: str
    said: str
    check: str
    opened: float
    seen: float
    times: int
    acknowledged: float | None
    acknowledged_by: str
    closed: float | None


class State(BaseModel):
    """The alerts, the open ones first, and the last run of each check."""

    alerts: list[AlertTold]
    checks: list[dict[str, Any]]


class Acknowledged(BaseModel):
    """Which alert was acknowledged."""

    acknowledged: str


def routers(context: Context) -> list[APIRouter]:
    """Outcomes in, alerts out."""
    router = APIRouter(prefix="/v1", tags=["watch"])
    watch = context.watch

    @router.post("/outcomes")
    def outcomes(sent: Outcomes, caller: Annotated[Caller, require("feedback.write")]) -> Told:
        """Tell what proved true of answers; one that cannot be kept does not keep the others out."""
        now = time.time()
        watch.write(now)  # the answer may be a moment old
        codes = [_kept(one, context, now) for one in sent.outcomes]
        refused = [Refused(at=at, code=code) for at, code in enumerate(codes) if code != "kept"]
        caller.note(kept=len(codes) - len(refused), refused=len(refused))
        return Told(kept=len(codes) - len(refused), refused=refused)

    @router.get("/watch")
    def state(caller: Annotated[Caller, require("metrics.read")]) -> State:
        """The alerts, and what the checks did last."""
        alerts = [AlertTold(said=said(one.code, one.subject, one.detail), **_plain(one)) for one in watch.alerts.all()]
        checks = [
            {"check": name, "state": run.state, "due": run.due, "ended": run.ended, "detail": dict(run.detail)}
            for name, run in watch.runs.last().items()
        ]
        caller.note(alerts=len(alerts))
        return State(alerts=alerts, checks=checks)

    @router.post("/watch/alerts/{alert_id}/acknowledge")
    def acknowledge(alert_id: str, caller: Annotated[Caller, require("alerts.write")]) -> Acknowledged:
        """Say that somebody sees to it: it is not told again."""
        acknowledged(alert_id, caller)
        return Acknowledged(acknowledged=alert_id)

    return [router]


def acknowledged(alert_id: str, caller: Caller) -> None:
    """Put down that the caller sees to an alert; Refusal (404) where none such is open."""
    if not caller.context.watch.alerts.acknowledge(alert_id, caller.principal.name, time.time()):
        raise Refusal(404, "unknown_alert", tr("no such open alert", "没有该未关闭的告警"))
    caller.note(alert=alert_id)


def _kept(one: Outcome, context: Context, now: float) -> str:
    if list(check_groups(one.groups)):
        return "unknown_group"
    return context.watch.ground.answers.outcome(one.answer, one.truth, one.groups, now)


def _plain(alert: Any) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in AlertTold.model_fields if name != "said"}
