"""/v1/dialogues, /v1/patients/{id}/dialogues: what was asked and answered; one's own, and those about a patient."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from bedside.clinic.dialogues import Dialogue
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context


class Told(BaseModel):
    """One question and its answer; `created` in seconds since 1970."""

    id: str
    user_id: str
    patient_id: str
    kind: str
    question: str
    answer: str
    created: float


def routers(context: Context) -> list[APIRouter]:
    """Reading dialogues; nobody writes or deletes one here."""
    router = APIRouter(prefix="/v1", tags=["dialogues"])
    dialogues = context.clinic.dialogues

    @router.get("/dialogues")
    def own(caller: Annotated[Caller, require("dialogue.own")]) -> list[Told]:
        """What I asked, newest first; without those about a patient whom I may see no longer."""
        found = dialogues.of_user(caller.principal.id)
        shown = [one for one in found if not one.patient_id or caller.sees(one.patient_id)]
        caller.note(found=len(shown))
        return [_told(one) for one in shown]

    @router.get("/patients/{patient_id}/dialogues")
    def of_patient(patient_id: str, caller: Annotated[Caller, require("dialogue.read")]) -> list[Told]:
        """What was asked about a patient, by whomever, to those who may see the chart."""
        caller.reach(patient_id)
        found = dialogues.of_patient(patient_id)
        caller.note(found=len(found))
        return [_told(one) for one in found]

    return [router]


def _told(one: Dialogue) -> Told:
    return Told(
        id=one.id,
        user_id=one.user_id,
        patient_id=one.patient_id,
        kind=one.kind,
        question=one.question,
        answer=one.answer,
        created=one.created,
    )
