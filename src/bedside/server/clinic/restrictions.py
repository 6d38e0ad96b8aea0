"""/v1/patients/{id}: consent, restriction and breaking the glass."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bedside.clinic.consent import GLASS_S
from bedside.lang import tr
from bedside.server.clinic.access import Caller, require, unknown_patient
from bedside.server.clinic.context import Context
from bedside.server.clinic.patients import Reason
from bedside.server.errors import Refusal


class Restriction(BaseModel):
    """Whether only those with a grant see the chart, and who else is to have one."""

    restricted: bool
    users: list[str] = Field(default=[], max_length=100)
    reason: str = Field(min_length=5, max_length=500, pattern=r"\S")


class Opened(BaseModel):
    """The glass is broken: until when, in seconds from now."""

    grant: str
    seconds: float


class Granted(BaseModel):
    """Who was let in, how, why, and until when (seconds since 1970)."""

    id: str
    user_id: str
    kind: str
    reason: str
    created: float
    expires: float | None


def routers(context: Context) -> list[APIRouter]:
    """Who reaches a patient."""
    router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["consent"])
    consent = context.clinic.consent

    @router.post("/consent")
    def restrict(
        patient_id: str, sent: Restriction, caller: Annotated[Caller, require("consent.write")]
    ) -> Restriction:
        """Restrict a chart to those who are named here and whoever restricts it, or open it to all again."""
        _restrict(patient_id, sent, caller)
        return sent

    @router.post("/break-glass")
    def break_glass(patient_id: str, sent: Reason, caller: Annotated[Caller, require("patient.break_glass")]) -> Opened:
        """See a restricted chart for one hour, for a reason that is kept and that an auditor reads."""
        caller.concerns(patient_id)
        grant = consent.break_glass(patient_id, caller.principal.id, sent.reason)
        if grant is None:
            raise unknown_patient()
        caller.note(grant=grant)
        return Opened(grant=grant, seconds=GLASS_S)

    @router.get("/grants")
    def grants(patient_id: str, caller: Annotated[Caller, require("consent.read")]) -> list[Granted]:
        """Who was let in to this chart, and why."""
        caller.concerns(patient_id)
        if consent.reaches(caller.principal.id, patient_id) is None:
            raise unknown_patient()
        return [
            Granted(
                id=one.id,
                user_id=one.user_id,
                kind=one.kind,
                reason=one.reason,
                created=one.created,
                expires=one.expires,
            )
            for one in consent.grants(patient_id)
        ]

    return [router]


def _restrict(patient_id: str, sent: Restriction, caller: Caller) -> None:
    clinic = caller.context.clinic
    caller.concerns(patient_id)
    if caller.principal.role == "clinician":  # who may not see a chart may not open it either
        caller.reach(patient_id)
    users = [clinic.accounts.named(name) for name in sent.users]
    if None in users:
        raise Refusal(422, "unknown_user", tr("no such user", "没有该用户"), where="body.users")
    if not clinic.consent.restrict(patient_id, restricted=sent.restricted):
        raise unknown_patient()
    if sent.restricted:
        for id in {caller.principal.id, *(user.id for user in users if user)}:
            clinic.consent.grant(patient_id, id, sent.reason)
    caller.note(restricted=int(sent.restricted), users=len(users))
