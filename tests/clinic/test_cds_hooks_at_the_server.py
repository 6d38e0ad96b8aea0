"""CDS Hooks over HTTP: discovery at the specified path, cards, silence, missing data, failure, feedback, who may."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.conformance._base import Answer, try_all
from bedside.conformance.cds_hooks import CHECKS
from bedside.types import Finding, Proposal, Verdict, verdict

DRAFT = {
    "resourceType": "MedicationRequest",
    "id": "ibu",
    "status": "draft",
    "medicationCodeableConcept": {"text": "Ibuprofen 400 mg tablet"},
    "dosageInstruction": [{"text": "three times daily"}],
}


def call(number: str = "12", **prefetch: Any) -> dict[str, Any]:
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/1",
            "patientId": number,
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": DRAFT}]},
        },
        **({"prefetch": prefetch} if prefetch else {}),
    }


EMPTY = {"resourceType": "Bundle", "type": "searchset"}
SENT = {
    "patient": {"resourceType": "Patient", "id": "12", "gender": "female", "birthDate": "1950-04-01"},
    "conditions": EMPTY,
    "allergies": EMPTY,
    "medications": EMPTY,
    "labs": EMPTY,
}
AT = "/cds-services/bedside-order-sign"


def logged(ward: Any) -> str:
    """The last line of the audit log."""
    (file,) = (ward.data / "audit").glob("2*.jsonl")
    return file.read_text(encoding="utf-8").splitlines()[-1]


def bleeds(proposal: Proposal) -> Verdict:
    """Objects to ibuprofen beside an anticoagulant."""
    taken = " ".join(proposal.facts.medications)
    found = Finding(rule="interaction.nsaid", severity="critical", reason="Bleeding.", source="ACC 2020")
    return verdict([found] if "Apixaban" in taken and "Ibuprofen" in proposal.text else [])


def test_anyone_may_discover_the_services_in_their_language(ward: Any) -> None:
    told = ward.as_("").get("/cds-services", headers={"accept-language": "zh"})
    assert told.status_code == 200
    assert {one["id"] for one in told.json()["services"]} >= {"bedside-order-sign", "bedside-patient-view"}
    assert "医嘱" in told.json()["services"][0]["title"]


def test_nothing_to_say_is_200_with_no_cards(ward: Any) -> None:
    answer = ward.as_("service").post(AT, json=call(**SENT))
    assert (answer.status_code, answer.json()) == (200, {"cards": []})


def test_a_patient_who_is_kept_here_needs_no_prefetch(open_ward: Any) -> None:
    ward = open_ward(guard=bleeds)
    (card,) = ward.as_("service").post(AT, json=call("MRN-1001")).json()["cards"]
    assert card["source"]["topic"]["code"] == "interaction.nsaid"
    line = logged(ward)
    assert "interaction.nsaid" in line
    assert "Ibuprofen" not in line


def test_a_stranger_without_prefetch_is_412_and_an_unknown_service_404(ward: Any) -> None:
    assert ward.as_("service").post(AT, json=call()).status_code == 412
    assert ward.as_("service").post("/cds-services/none", json=call(**SENT)).status_code == 404


def test_a_guard_that_breaks_is_500_and_never_an_empty_list(open_ward: Any) -> None:
    def broken(proposal: Proposal) -> Verdict:
        raise RuntimeError("Mary O'Brien")

    answer = open_ward(guard=broken).as_("service").post(AT, json=call(**SENT))
    assert answer.status_code == 500
    assert "cards" not in answer.json()
    assert "Mary" not in answer.text


@pytest.mark.parametrize(("role", "status"), [("service", 200), ("clinician", 200), ("auditor", 403), ("", 401)])
def test_who_may_ask_for_cards(ward: Any, role: str, status: int) -> None:
    assert ward.as_(role).post(AT, json=call(**SENT)).status_code == status


def test_feedback_is_taken_and_counted_without_the_clinicians_words(ward: Any) -> None:
    why = {"reason": {"code": "tolerated", "system": "urn:x"}, "userComment": "Mrs Miller took it for years"}
    outcome = {
        "card": "c-1",
        "outcome": "overridden",
        "overrideReason": why,
        "outcomeTimestamp": "2026-01-01T10:00:00Z",
    }
    answer = ward.as_("service").post(f"{AT}/feedback", json={"feedback": [outcome]})
    assert answer.status_code == 200
    line = logged(ward)
    assert "overridden:tolerated" in line
    assert "Miller" not in line
    assert ward.as_("service").post(f"{AT}/feedback", json={"feedback": []}).status_code == 400


def test_our_own_server_keeps_every_clause_of_the_standard(open_ward: Any) -> None:
    def penicillin(proposal: Proposal) -> Verdict:
        found = Finding(rule="allergy.penicillin", severity="critical", reason="Anaphylaxis.", source="BSACI 2015")
        return verdict([found] if proposal.facts.allergies and "Amoxicillin" in proposal.text else [])

    asker = open_ward(guard=penicillin).as_("service")

    def client(method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        given = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        answer = asker.request(method, path, **given)
        return Answer(
            answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content
        )

    tried = {one.id: one.outcome for one in try_all("cds-hooks", CHECKS, client)}
    assert {id for id, outcome in tried.items() if outcome != "passed"} == {"links"}
    assert tried["links"] == "skipped"
