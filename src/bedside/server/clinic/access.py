"""The door of every endpoint: who asks, may they do this, may they see this patient; what the audit line will say."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bedside.clinic.dialogues import Kind
from bedside.clinic.permissions import Action, may
from bedside.clinic.principal import NOBODY, Principal
from bedside.clinic.records import PATIENT_ID
from bedside.clinic.scopes import Scopes
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
    """Who asks, in this request, and all that they may reach; `only` is the one patient they are bound to, if any."""

    principal: Principal
    context: Context
    request: Request
    trail: Trail
    only: str = ""

    @property
    def request_id(self) -> str:
        """The request's id."""
        return self.request.scope["bedside.request_id"]

    @property
    def address(self) -> str:
        """Where this server is, without a slash at the end: as the settings say, else as the request does."""
        return (self.context.settings.public_url or str(self.request.base_url)).rstrip("/")

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
        if self.only and patient_id != self.only:
            raise _bound()

    def sees(self, patient_id: str) -> bool:
        """Whether this caller may see that patient, for a list that leaves the others out."""
        if self.only and patient_id != self.only:
            return False
        return bool(self.context.clinic.consent.reaches(self.principal.id, patient_id))

    def reads(self, kind: str) -> bool:
        """Whether resources of a type may be shown: all to those without a SMART token, to it what its scopes say."""
        return self.principal.scopes is None or self.principal.scopes.level(kind, "r") is not None

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
        if self.only and self.context.clinic.records.patient_of(chart.patient) != self.only:
            raise _bound()
        kept = self.context.clinic.records.keep(chart)
        self.trail.patient = kept[0]
        return kept

    def remember(self, kind: Kind, question: str, answer: str, patient_id: str = "") -> None:
        """Keep what was asked and answered; where it cannot be kept, no answer goes out."""
        id = self.context.clinic.dialogues.keep(self.principal.id, kind, question, answer, patient_id)
        if id is None:
            raise unknown_patient()
        self.note(dialogue=id)

    async def body(self) -> bytes:
        """The request's body; the shell has limited its size and time."""
        return await self.request.body()


def require(action: Action | Literal["public"], scope: str = "", *, audited: str = "") -> Any:
    """What an endpoint depends on: a `Caller` who may do `action`; everybody else is refused before it runs.

    `scope` is what a SMART token must grant as well (`Patient.r`); an endpoint without one lets none of them in.
    `audited` is what the audit log calls a request that anybody may send, from its first refusal on.
    """

    async def door(request: Request) -> Caller:
        context: Context = request.app.state.context
        trail: Trail = request.scope[TRAIL]
        trail.action = audited if action == "public" else action
        trail.principal = await run_in_threadpool(identify, request, context)
        if action != "public":
            _check(trail.principal, action, context, request)
        return Caller(trail.principal, context, request, trail, _bound_to(trail.principal, scope, action, context))

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


def _bound_to(who: Principal, scope: str, action: str, context: Context) -> str:
    """The one patient whom this caller reaches; empty for one who reaches all that the role does.

    Refusal (403) where a SMART token does not grant what the endpoint asks for.
    """
    if who.scopes is None or action in ("public", "self"):
        return who.patient
    level = who.scopes.level(*scope.split(".")) if scope else None
    if level is None or (level == "patient" and not who.patient):
        raise _not_granted(who.scopes, scope, level)
    if level != "patient":
        return ""
    told = who.patient if PATIENT_ID.fullmatch(who.patient) else context.clinic.records.patient_of(who.patient)
    if told is None:
        raise unknown_patient()
    return told


def _not_granted(scopes: Scopes, scope: str, level: str | None) -> Refusal:
    what = tr("the token's scopes do not grant this", "令牌的 scope 未授权此操作")
    if level == "patient":
        what = tr("the token has a patient scope and names no patient", "令牌为 patient 级 scope，但未指明患者")
    elif scopes.limited:
        what = tr("scopes with a query are not applied here and grant nothing", "不支持带查询条件的 scope，不予授权")
    return Refusal(403, "insufficient_scope", what, where=scope or None)


def _bound() -> Refusal:
    what = tr("this login or token is for another patient", "此登录或令牌仅限另一位患者")
    return Refusal(403, "another_patient", what)


def request_address(request: Request) -> str:
    """Where a request comes from, for limits only: what a trusted proxy says of it, else the other end."""
    host = request.client.host if request.client else "unknown"
    if host in request.app.state.context.settings.trusted_proxies:
        return request.headers.get("x-forwarded-for", host).rpartition(",")[2].strip() or host
    return host


def unknown_patient() -> Refusal:
    """What is said of a patient who is not there."""
    return Refusal(404, "unknown_patient", tr("no such patient", "没有该患者"))
