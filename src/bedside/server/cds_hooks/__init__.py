"""CDS Hooks 2.0: discovery, services and feedback (cds-hooks.hl7.org/2.0)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body

from bedside.lang import tr
from bedside.server.cds_hooks.feedback import read_feedback
from bedside.server.cds_hooks.fetch import fetcher
from bedside.server.cds_hooks.request import read_call
from bedside.server.cds_hooks.respond import respond
from bedside.server.cds_hooks.services import SERVICES, Service
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.types import RawChart

MOST_NOTED = 20
"""Cards and outcomes that one audit line names."""
BY_ID = {one.id: one for one in SERVICES}


def routers(context: Context) -> list[APIRouter]:
    """The addresses of CDS Hooks, at the path that the specification fixes."""
    router = APIRouter(prefix="/cds-services", tags=["CDS Hooks"])
    fetch = fetcher(context.settings.outbound)

    @router.get("")
    def discovery(caller: Annotated[Caller, require("public")]) -> dict[str, Any]:
        """The services, their hooks and what they ask to be sent."""
        return {"services": [one.told() for one in SERVICES]}

    @router.post("/{service_id}")
    def call(
        service_id: str, sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("advise")]
    ) -> dict[str, Any]:
        """Cards for what is ordered or seen: an empty list when there is nothing to say, 412 when data is missing."""
        service = _service(service_id)
        told = read_call(sent, service)
        answer = respond(service, told, guard=context.guard, fetch=fetch, stored=lambda id: _stored(id, caller))
        cards = answer["cards"]
        caller.note(service=service.id, cards=len(cards))
        caller.note(**{f"card{at}": _rule(one) for at, one in enumerate(cards[:MOST_NOTED])})
        return answer

    @router.post("/{service_id}/feedback")
    def feedback(
        service_id: str, sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("feedback.write")]
    ) -> dict[str, Any]:
        """What a clinician did with cards."""
        service = _service(service_id)
        told = read_feedback(sent)
        caller.note(service=service.id, outcomes=len(told))
        for at, one in enumerate(told[:MOST_NOTED]):
            caller.note(**{f"card{at}": one.card, f"outcome{at}": f"{one.outcome}:{one.reason}"})
        return {}

    return [router]


def _service(id: str) -> Service:
    if id not in BY_ID:
        raise Refusal(404, "unknown_service", tr("no such service", "没有该服务"), allowed=", ".join(BY_ID))
    return BY_ID[id]


def _stored(number: str, caller: Caller) -> RawChart | None:
    """The chart of the client's patient number that is kept here, if there is one and this caller may see it."""
    own = caller.context.clinic.records.patient_of(number)
    return None if own is None else caller.chart(own)


def _rule(card: dict[str, Any]) -> str:
    return str(card["source"]["topic"]["code"])
