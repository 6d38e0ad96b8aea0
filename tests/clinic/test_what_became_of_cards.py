"""A critical card that is set aside comes before the people who check; figures tell of rules and never of patients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bedside.review import Queue
from bedside.server.cds_hooks.shown import KEPT_DAYS, ShownCards
from bedside.types import Finding, Proposal, Verdict, verdict

AT = "/cds-services/bedside-order-sign"
DRAFT = {
    "resourceType": "MedicationRequest",
    "id": "ibu",
    "status": "draft",
    "medicationCodeableConcept": {"text": "Ibuprofen 400 mg tablet"},
}
CALL = {
    "hook": "order-sign",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {
        "userId": "Practitioner/1",
        "patientId": "MRN-1001",
        "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": DRAFT}]},
    },
}


def objects(severity: str) -> Any:
    """A guard that objects to everything, that gravely."""

    def guard(proposal: Proposal) -> Verdict:
        return verdict([Finding(rule="interaction.nsaid", severity=severity, reason="Bleeding.", source="ACC 2020")])  # type: ignore[arg-type]

    return guard


def card_of(ward: Any) -> str:
    (card,) = ward.as_("service").post(AT, json=CALL).json()["cards"]
    return str(card["uuid"])


def overrides(ward: Any, card: str, code: str = "tolerated", service: str = AT) -> int:
    why = {"reason": {"code": code}, "userComment": "Mrs Miller took it for years"}
    told = {"card": card, "outcome": "overridden", "overrideReason": why, "outcomeTimestamp": "2026-01-01T10:00:00Z"}
    return int(ward.as_("service").post(f"{service}/feedback", json={"feedback": [told]}).status_code)


def waiting(ward: Any) -> list[Any]:
    with Queue(ward.clinic.review) as queue:
        return [one.item for one in queue.items()]


def figures(ward: Any) -> str:
    return str(ward.as_("auditor").get("/metrics").text)


def test_a_critical_card_set_aside_is_told_by_rule_reason_and_service_alone(open_ward: Any) -> None:
    ward = open_ward(guard=objects("critical"))
    card = card_of(ward)
    assert overrides(ward, card) == overrides(ward, card) == 200
    (item,) = waiting(ward)  # told twice, there once
    assert (item.why, item.reason) == ("reported", "tolerated")
    assert item.output == {"rule": "interaction.nsaid", "service": "bedside-order-sign"}
    assert not any(word in repr(item) + item.text for word in ("Miller", "MRN", "buprofen", card))
    assert (ward.clinic.review.parent, ward.clinic.review.stat().st_mode & 0o77) == (ward.data, 0)


def test_a_warning_set_aside_or_a_critical_card_followed_is_counted_only(open_ward: Any) -> None:
    ward = open_ward(guard=objects("warning"))
    overrides(ward, card_of(ward))
    followed = {"outcome": "accepted", "acceptedSuggestions": [{"id": "s"}], "outcomeTimestamp": "2026-01-01T10:00:00Z"}
    told = {"feedback": [{"card": card_of(ward), **followed}]}
    assert ward.as_("service").post(f"{AT}/feedback", json=told).status_code == 200
    assert waiting(ward) == []
    assert 'bedside_cards_total{outcome="shown",rule="interaction.nsaid"} 2.0' in figures(ward)
    assert 'bedside_cards_total{outcome="overridden",rule="interaction.nsaid"} 1.0' in figures(ward)
    assert 'bedside_cards_total{outcome="accepted",rule="interaction.nsaid"} 1.0' in figures(ward)


def test_a_card_that_was_never_shown_fills_neither_queue_nor_figures_with_a_clients_words(open_ward: Any) -> None:
    ward = open_ward(guard=objects("critical"))
    assert overrides(ward, "Mary O'Brien", code="Mary says so") == 200
    assert overrides(ward, card_of(ward), service="/cds-services/bedside-patient-view") == 200
    assert waiting(ward) == []
    assert 'bedside_cards_total{outcome="overridden",rule="unknown"} 2.0' in figures(ward)
    overrides(ward, card_of(ward), code="Mary says so")
    assert waiting(ward)[0].reason == "unlisted"
    log = "".join(file.read_text(encoding="utf-8") for file in (ward.data / "audit").glob("*.jsonl"))
    assert "Mary" not in figures(ward) + log


def test_requests_and_verdicts_are_counted_by_route_and_never_by_patient(open_ward: Any) -> None:
    ward = open_ward(guard=objects("critical"))
    card_of(ward)
    id = ward.patients[0]
    ward.as_("clinician").get(f"/v1/patients/{id}")
    ward.as_("").get(f"/v1/patients/{id}")
    ward.as_("").get("/nowhere/Mary")
    told = figures(ward)
    assert 'bedside_http_requests_total{route="/v1/patients/{patient_id}",status="200"} 1.0' in told
    assert 'bedside_http_requests_total{route="/v1/patients/{patient_id}",status="401"} 1.0' in told
    assert 'bedside_http_requests_total{route="unknown",status="404"} 1.0' in told
    assert 'bedside_guard_verdicts_total{verdict="block"} 1.0' in told
    assert not any(word in told for word in (id, "MRN", "Mary", "clinician"))


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("service", 200), ("clinician", 403), ("", 401)])
def test_who_may_read_the_figures(ward: Any, role: str, status: int) -> None:
    assert ward.as_(role).get("/metrics").status_code == status


def test_cards_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    now = [1_700_000_000.0]
    shown = ShownCards(tmp_path / "cards.sqlite", clock=lambda: now[0])
    card = {"uuid": "a", "indicator": "critical", "source": {"topic": {"code": "r"}}}
    shown.keep("s", [card])
    now[0] += KEPT_DAYS * 86_400 - 1
    shown.keep("s", [{**card, "uuid": "b"}])
    assert shown.get("s", "a") is not None
    now[0] += 2
    shown.keep("s", [{**card, "uuid": "c"}])
    assert (shown.get("s", "a"), shown.get("s", "b") is None) == (None, False)
