"""CDS Hooks 2.0: discovery, services and feedback (cds-hooks.hl7.org/2.0)."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from fastapi import APIRouter, Body

from bedside.errors import BedsideError, log_fault
from bedside.lang import tr
from bedside.recent import Recent
from bedside.review import Queue, enqueue
from bedside.server.cds_hooks.feedback import Feedback, read_feedback
from bedside.server.cds_hooks.fetch import fetcher
from bedside.server.cds_hooks.overridden import for_review, reason_code
from bedside.server.cds_hooks.request import read_call
from bedside.server.cds_hooks.respond import respond
from bedside.server.cds_hooks.services import SERVICES, Service
from bedside.server.cds_hooks.shown import ShownCard, ShownCards, rule_of
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.metrics import UNKNOWN
from bedside.server.errors import Refusal, log
from bedside.types import Facts, RawChart

MOST_NOTED = 20
"""Cards and outcomes that one audit line names."""
RECENT_VISITS, VISIT_S = 256, 300.0
"""Patients whose facts (without identity) are kept from call to call, and for how many seconds."""
BY_ID = {one.id: one for one in SERVICES}


def routers(context: Context) -> list[APIRouter]:
    """The addresses of CDS Hooks, at the path that the specification fixes."""
    router = APIRouter(prefix="/cds-services", tags=["CDS Hooks"])
    by_client, by_us = fetcher(context.settings.outbound), fetcher(context.settings.outbound, context.backends)
    recent = Recent[Facts](most=RECENT_VISITS, seconds=VISIT_S)
    shown = ShownCards(context.clinic.folder / "cards.sqlite")

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
        # our own token reads every patient: it is for programs alone
        fetch = by_us if caller.principal.role == "service" else by_client
        answer = respond(
            service, told, guard=context.guard, fetch=fetch, stored=lambda id: _stored(id, caller), recent=recent
        )
        cards = answer["cards"]
        caller.note(service=service.id, cards=len(cards))
        caller.note(**{f"card{at}": rule_of(one) for at, one in enumerate(cards[:MOST_NOTED])})
        _remember(shown, service, cards, context)
        return answer

    @router.post("/{service_id}/feedback")
    def feedback(
        service_id: str, sent: Annotated[dict[str, Any], Body()], caller: Annotated[Caller, require("feedback.write")]
    ) -> dict[str, Any]:
        """What a clinician did with cards."""
        service = _service(service_id)
        told = [(one, shown.get(service.id, one.card)) for one in read_feedback(sent)]
        caller.note(service=service.id, outcomes=len(told))
        for at, (one, card) in enumerate(told[:MOST_NOTED]):
            outcome = f"{one.outcome}:{reason_code(one.reason)}"
            caller.note(**{f"card{at}": card.id if card else UNKNOWN, f"outcome{at}": outcome})
        _hand_on(told, context)
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


def _remember(shown: ShownCards, service: Service, cards: list[dict[str, Any]], context: Context) -> None:
    """Keep which rule each card rests on, and count it; where that fails the cards are shown all the same."""
    for one in cards:
        context.metrics.card(rule_of(one), "shown")
    try:
        shown.keep(service.id, cards)
    except (BedsideError, sqlite3.Error) as fault:
        log_fault(log, fault)


def _hand_on(told: list[tuple[Feedback, ShownCard | None]], context: Context) -> None:
    """Critical cards set aside go to the people who check; then all are counted by rule."""
    items = [item for one, card in told if (item := for_review(one, card))]
    if items:
        with Queue(context.clinic.review) as queue:
            enqueue(queue, items)
    for one, card in told:
        context.metrics.card(card.rule if card else "", one.outcome)
