"""The door of every endpoint: who asks, may they do this, may they see this patient; what the audit line will say."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bedside.clinic.permissions import Action, may
from bedside.clinic.principal import NOBODY, Principal
from bedside.clinic.records import PATIENT_ID
from bedside.lang import Lang, tr
from bedside.server.clinic.context import Context
from bedside.server.clinic.identify import identify, nobody
from bedside.server.errors import Refusal
from bedside.server.predict import language
from bedside.types import RawChart

Door = Callable[[Request], Coroutine[Any, Any, "Caller"]]
TRAIL = "bedside.trail"


@dataclass
class Trail:
    """What is known of a request so far, for its audit line."""

    action: str = ""
    principal: Principal = NOBODY
    patient: str = ""
    outcome: str = ""
    detail: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Caller:
    """Who asks, in this request, and all that they may reach."""

    principal: Principal
    context: Context
    request: Request
    trail: Trail

    @property
    def request_id(self) -> str:
        """The request's id."""
        return self.request.scope["bedside.request_id"]

    @property
    def lang(self) -> Lang:
        """The language to answer in."""
        return language(self.request.headers.get("accept-language", ""))

    def note(self, **codes: str | int) -> None:
        """Codes and counts for the audit line; never text."""
        self.trail.detail.update(codes)

    def concerns(self, patient_id: str) -> None:
        """Put down whom this request is about; 404 for what is no id of ours, which then stands in no log either."""
        if not PATIENT_ID.fullmatch(patient_id):
            raise unknown_patient()
        self.trail.patient = patient_id

    def reach(self, patient_id: str) -> None:
        """Go on only if this caller may see that patient: 404 for nobody, 403 for a restricted one not opened."""
        self.concerns(patient_id)
        reached = self.context.clinic.consent.reaches(self.principal.id, patient_id)
        if reached is None:
            raise unknown_patient()
        if not reached:
            what = tr("this chart is restricted", "该病历受限")
            allowed = tr("the patient's consent, or break-glass with a reason", "患者同意，或说明理由后紧急调阅")
            raise Refusal(403, "needs_break_glass", what, allowed=allowed)

    def chart(self, patient_id: str) -> RawChart:
        """A patient's whole chart, if this caller may see it."""
        self.reach(patient_id)
        chart = self.context.clinic.records.chart(patient_id)
        if chart is None:
            raise unknown_patient()
        return chart

    def patient_of(self, number: str) -> str:
        """Our id for the hospital's own patient number; 404 for nobody."""
        found = self.context.clinic.records.patient_of(number)
        if found is None:
            raise unknown_patient()
        return found

    def keep(self, chart: RawChart) -> tuple[str, bool]:
        """Keep a chart, or what is new of it: the patient's id, and whether it is a new one."""
        kept = self.context.clinic.records.keep(chart)
        self.trail.patient = kept[0]
        return kept

    async def body(self) -> bytes:
        """The request's body; the shell has limited its size and time."""
        return await self.request.body()


def require(action: Action | Literal["public"]) -> Any:
    """What an endpoint depends on: a `Caller` who may do `action`; everybody else is refused before it runs."""

    async def door(request: Request) -> Caller:
        context: Context = request.app.state.context
        trail: Trail = request.scope[TRAIL]
        trail.action = "" if action == "public" else action
        trail.principal = await run_in_threadpool(identify, request, context)
        if action != "public":
            _check(trail.principal, action, context, request)
        return Caller(trail.principal, context, request, trail)

    door.action = action  # type: ignore[attr-defined]
    return Depends(door)


def _check(principal: Principal, action: str, context: Context, request: Request) -> None:
    if principal is NOBODY:
        context.rate.take(f"address {request_address(request)}", 1)
        raise nobody()
    context.rate.take(principal.id, 1)
    if not may(principal.role, action):
        what = tr("your role may not do this", "您的角色无此权限")
        raise Refusal(403, "forbidden", what, where=action, allowed=principal.role)


def request_address(request: Request) -> str:
    """Where a request comes from, for limits only: what a trusted proxy says of it, else the other end."""
    host = request.client.host if request.client else "unknown"
    if host in request.app.state.context.settings.trusted_proxies:
        return request.headers.get("x-forwarded-for", host).rpartition(",")[2].strip() or host
    return host


def unknown_patient() -> Refusal:
    """What is said of a patient who is not there."""
    return Refusal(404, "unknown_patient", tr("no such patient", "没有该患者"))
