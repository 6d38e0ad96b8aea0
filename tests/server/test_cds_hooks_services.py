"""CDS Hooks without HTTP: calls read strictly, orders weighed beside chart and drafts, findings told as cards."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bedside.lang import speaking
from bedside.recent import Recent
from bedside.server.cds_hooks.cards import SUMMARY, card
from bedside.server.cds_hooks.feedback import read_feedback
from bedside.server.cds_hooks.orders import drafts_in
from bedside.server.cds_hooks.request import read_call
from bedside.server.cds_hooks.respond import respond
from bedside.server.cds_hooks.services import SERVICES, Service
from bedside.server.errors import Refusal
from bedside.types import Facts, Finding, Proposal, Verdict, verdict

EXAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "cds_hooks_examples" / "train.jsonl"
BY_HOOK = {one.hook: one for one in SERVICES}
PATIENT = {"resourceType": "Patient", "id": "12", "gender": "female", "birthDate": "1950-04-01"}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def of(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": text[:4],
        "subject": {"reference": "Patient/12"},
        "code": {"text": text},
        **more,
    }


ALLERGY = {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/12"}}
WARFARIN = {
    "resourceType": "MedicationRequest",
    "id": "w",
    "status": "active",
    "subject": {"reference": "Patient/12"},
    "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"},
}
IBUPROFEN = {
    "resourceType": "MedicationRequest",
    "id": "ibu",
    "status": "draft",
    "medicationCodeableConcept": {"text": "Ibuprofen 400 mg tablet"},
    "dosageInstruction": [
        {
            "doseAndRate": [{"doseQuantity": {"value": 400, "unit": "mg"}}],
            "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
        }
    ],
}
PREFETCH = {
    "patient": PATIENT,
    "conditions": bundle(of("Condition", "Atrial fibrillation")),
    "allergies": bundle({**ALLERGY, "code": {"text": "Penicillin"}}),
    "medications": bundle(WARFARIN),
    "labs": bundle(of("Observation", "Potassium", valueQuantity={"value": 6.9, "unit": "mmol/L"})),
}


def body(hook: str, **context: Any) -> dict[str, Any]:
    return {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "12", **context},
        "prefetch": copy.deepcopy(PREFETCH),
    }


class Ear:
    """A guard that keeps what it was asked, and finds what it is told to."""

    def __init__(self, *findings: Finding) -> None:
        self.heard: list[Proposal] = []
        self._findings = findings

    def __call__(self, proposal: Proposal) -> Verdict:
        self.heard.append(proposal)
        return verdict(self._findings)


def answer(told: dict[str, Any], guard: Any, **more: Any) -> dict[str, Any]:
    service = BY_HOOK[told["hook"]]
    nothing = {"fetch": lambda call, query: None, "stored": lambda patient: None}
    nothing["recent"] = Recent(most=9, seconds=60)
    return respond(service, read_call(told, service), guard=guard, **{**nothing, **more})


BLEEDS = Finding(
    rule="interaction.nsaid-anticoagulant",
    severity="critical",
    reason="Ibuprofen with warfarin raises the risk of serious bleeding. Choose paracetamol.",
    source="ACC 2020",
)


def test_an_order_is_weighed_beside_the_chart_and_a_card_offers_to_remove_it() -> None:
    ear = Ear(BLEEDS)
    (shown,) = answer(body("order-sign", draftOrders=bundle(IBUPROFEN)), ear)["cards"]
    (asked,) = ear.heard
    assert asked.text == "Start Ibuprofen 400 mg tablet 400 mg 3 times a day."
    assert (asked.facts.sex, asked.facts.medications, asked.facts.allergies[0].substance) == (
        "female",
        ("Warfarin 5 mg tablet",),
        "Penicillin",
    )
    assert asked.facts.age_years is not None
    assert asked.facts.age_years >= 76
    assert asked.facts.labs[0].value == 6.9
    assert (shown["indicator"], shown["source"]["label"]) == ("critical", "ACC 2020")
    assert shown["summary"] == "Ibuprofen with warfarin raises the risk of serious bleeding."
    assert shown["selectionBehavior"] == "at-most-one"
    (action,) = shown["suggestions"][0]["actions"]
    assert (action["type"], action["resourceId"]) == ("delete", "MedicationRequest/ibu")
    assert "a clinician decides" in shown["detail"]


def test_nothing_to_say_is_an_empty_list_and_a_guard_that_broke_never_is() -> None:
    told = body("order-sign", draftOrders=bundle(IBUPROFEN))
    assert answer(told, Ear()) == {"cards": []}
    broke = Finding(rule="unchecked.rules", severity="critical", reason="could not be checked", source="bedside")
    with pytest.raises(Refusal) as refused:
        answer(told, Ear(broke))
    assert refused.value.status == 500


def test_of_drafts_only_those_selected_are_judged_and_the_others_count_as_taken() -> None:
    other = {**IBUPROFEN, "id": "apx", "medicationCodeableConcept": {"text": "Apixaban 5 mg"}}
    ear = Ear()
    answer(body("order-select", draftOrders=bundle(IBUPROFEN, other), selections=["MedicationRequest/ibu"]), ear)
    (asked,) = ear.heard
    assert asked.text.startswith("Start Ibuprofen")
    assert asked.facts.medications == ("Warfarin 5 mg tablet", "Apixaban 5 mg")


def test_a_prefetch_that_is_sent_again_is_read_once_and_one_that_changed_is_read_anew() -> None:
    ear, recent = Ear(), Recent[Facts](most=9, seconds=60)
    sent = body("patient-view")
    sent["prefetch"] |= {"body": bundle()}
    answer(sent, ear, recent=recent)
    answer(sent, ear, recent=recent)
    assert (len(recent), ear.heard[0].facts) == (1, ear.heard[1].facts)
    sent["prefetch"]["labs"] = bundle(of("Observation", "Potassium", valueQuantity={"value": 4.1, "unit": "mmol/L"}))
    answer(sent, ear, recent=recent)
    assert [one.facts.labs[0].value for one in ear.heard] == [6.9, 6.9, 4.1]


def test_the_same_words_of_another_patient_are_another_patient() -> None:
    ear, recent = Ear(), Recent[Facts](most=9, seconds=60)
    for born in ("1950-04-01", "2020-04-01"):
        sent = body("patient-view")
        sent["prefetch"] |= {"body": bundle(), "patient": {**PATIENT, "birthDate": born}}
        answer(sent, ear, recent=recent)
    old, young = (one.facts.age_years or 0 for one in ear.heard)
    assert old - young == 70


def test_going_home_is_itself_what_is_weighed_at_discharge() -> None:
    ear = Ear()
    answer(body("encounter-discharge", encounterId="e1"), ear)
    with speaking("zh"):
        answer(body("encounter-discharge", encounterId="e1"), ear)
    assert [one.text for one in ear.heard] == ["Discharge home.", "准予出院回家。"]


@pytest.mark.parametrize("key", ["patient", "allergies", "medications", "labs", "conditions"])
def test_what_was_not_sent_is_fetched_or_the_call_is_412_by_name(key: str) -> None:
    told = body("order-sign", draftOrders=bundle(IBUPROFEN))
    gone = told["prefetch"].pop(key)
    with pytest.raises(Refusal) as refused:
        answer(told, Ear())
    assert (refused.value.status, refused.value.where) == (412, f"prefetch.{key}")
    asked: list[str] = []

    def fetch(call: Any, query: str) -> dict[str, Any] | None:
        asked.append(query)
        return (
            gone
            if key == "patient" or query.lower().startswith(gone["entry"][0]["resource"]["resourceType"].lower())
            else None
        )

    assert answer(told, Ear(), fetch=fetch) == {"cards": []}
    assert all("{{" not in query and "12" in query for query in asked)


def test_null_is_the_clients_word_that_there_is_nothing() -> None:
    told = body("order-sign", draftOrders=bundle(IBUPROFEN))
    told["prefetch"]["allergies"] = None
    ear = Ear()
    assert answer(told, ear) == {"cards": []}
    assert ear.heard[0].facts.allergies == ()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"hook": "order-select"}, "hook"),
        ({"hookInstance": None}, "hookInstance"),
        ({"context": None}, "context"),
        ({"context": {"userId": "Practitioner/1", "patientId": "12"}}, "context.draftOrders"),
        ({"context": {"userId": "Practitioner/1", "draftOrders": bundle()}}, "context.patientId"),
        ({"prefetch": {"patient": "12"}}, "prefetch.patient"),
        (
            {"fhirAuthorization": {"access_token": "t", "token_type": "Bearer", "scope": "s", "subject": "c"}},
            "fhirServer",
        ),
        (
            {"fhirServer": "https://f", "fhirAuthorization": {"access_token": "t", "token_type": "mac"}},
            "fhirAuthorization.token_type",
        ),
    ],
)
def test_a_call_that_breaks_the_specification_is_400_and_names_the_field(change: dict[str, Any], where: str) -> None:
    told = {**body("order-sign", draftOrders=bundle(IBUPROFEN)), **change}
    with pytest.raises(Refusal) as refused:
        read_call(told, BY_HOOK["order-sign"])
    assert (refused.value.status, refused.value.where) == (400, where)


def test_an_access_token_is_in_no_repr() -> None:
    given = {"access_token": "s3cret", "token_type": "Bearer", "scope": "user/*.read", "subject": "cds"}
    told = {**body("patient-view"), "fhirServer": "https://fhir.example.org", "fhirAuthorization": given}
    assert "s3cret" not in repr(read_call(told, BY_HOOK["patient-view"]))


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (
            {"resourceType": "MedicationOrder", "id": "1", "medicationReference": {"display": "oxybutynin CR tablet"}},
            "Start oxybutynin CR tablet.",
        ),
        (
            {
                "resourceType": "MedicationRequest",
                "id": "1",
                "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "阿莫西林胶囊"}}],
                "medicationReference": {"reference": "#m"},
                "dosageInstruction": [{"text": "0.5g 口服 每日三次"}],
            },
            "予阿莫西林胶囊 0.5g 口服 每日三次。",
        ),
        (
            {
                "resourceType": "ServiceRequest",
                "id": "1",
                "code": {"text": "MRI lumbar spine"},
                "reasonCode": [{"text": "back pain"}],
            },
            "Order MRI lumbar spine (back pain).",
        ),
        (
            {"resourceType": "MedicationRequest", "id": "1", "medicationCodeableConcept": {"text": "Methotrexate"}}
            | {"dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk"}}}]},
            "Start Methotrexate once a week.",
        ),
    ],
)
def test_an_order_becomes_the_sentence_a_clinician_would_say(order: dict[str, Any], sentence: str) -> None:
    assert drafts_in(bundle(order))[0].sentence == sentence


@pytest.mark.parametrize("over", [{"status": "revoked"}, {"doNotPerform": True}])
def test_an_order_that_is_over_or_says_do_not_proposes_nothing(over: dict[str, Any]) -> None:
    assert drafts_in(bundle({**IBUPROFEN, **over})) == []


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the specification's examples are beside the repository only")
def test_the_orders_of_the_specifications_own_examples_are_read() -> None:
    rows = [json.loads(line)["json"] for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    bundles = [
        row["context"].get("draftOrders") or row["context"].get("medications") for row in rows if "context" in row
    ]
    names = [one.name for held in bundles if isinstance(held, dict) for one in drafts_in(held)]
    assert any(name.startswith("Amoxicillin 120 MG/ML") for name in names)
    assert "Pureed diet" in " ".join(names)
    assert "oxybutynin (DITROPAN XL) CR tablet" in names


def test_a_summary_is_short_and_the_whole_reason_stands_below() -> None:
    reason = "word " * 60
    shown = card(Finding(rule="x", severity="warning", reason=reason, source="s"), None)
    assert len(shown["summary"]) <= SUMMARY
    assert reason in shown["detail"]
    assert "suggestions" not in shown


def test_discovery_speaks_the_language_of_the_caller() -> None:
    with speaking("zh"):
        titles = [one.told()["title"] for one in SERVICES]
    assert all(any("一" <= letter <= "鿿" for letter in title) for title in titles)
    assert {one.hook for one in SERVICES} == {
        "patient-view",
        "order-select",
        "order-sign",
        "encounter-start",
        "encounter-discharge",
    }


GIVEN = {"card": "c1", "outcome": "overridden", "outcomeTimestamp": "2026-01-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"outcome": "ignored"}, "feedback[0].outcome"),
        ({"outcome": "accepted"}, "feedback[0].acceptedSuggestions"),
        ({"card": ""}, "feedback[0].card"),
        ({"outcomeTimestamp": "yesterday"}, "feedback[0].outcomeTimestamp"),
        ({"overrideReason": {"reason": {"system": "s"}}}, "feedback[0].overrideReason.reason.code"),
    ],
)
def test_feedback_that_cannot_be_understood_is_refused_by_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_feedback({"feedback": [{**GIVEN, **change}]})
    assert (refused.value.status, refused.value.where) == (400, where)


def test_why_a_card_was_overridden_is_kept_and_what_was_written_is_in_no_repr() -> None:
    why = {"reason": {"code": "tolerated", "system": "urn:x"}, "userComment": "Mrs Miller took it for years"}
    (one,) = read_feedback({"feedback": [{**GIVEN, "overrideReason": why}]})
    assert (one.outcome, one.reason) == ("overridden", "tolerated")
    assert "Miller" not in repr(one)


def test_every_service_says_in_its_prefetch_what_it_needs() -> None:
    for one in SERVICES:
        assert isinstance(one, Service)
        assert {"patient", "allergies", "medications", "conditions", "labs"} <= one.told()["prefetch"].keys()


NOT_HAD = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


@pytest.mark.parametrize(("key", "came"), [("allergies", NOT_HAD), ("labs", NOT_HAD), ("allergies", PATIENT)])
def test_what_came_in_place_of_the_data_is_no_data(key: str, came: dict[str, Any]) -> None:
    told = body("order-sign", draftOrders=bundle(IBUPROFEN))
    told["prefetch"][key] = came
    with pytest.raises(Refusal) as refused:
        answer(told, Ear())
    assert (refused.value.status, refused.value.where) == (412, f"prefetch.{key}")


def test_nobody_is_weighed_by_the_chart_of_somebody_else() -> None:
    told = body("order-sign", draftOrders=bundle(IBUPROFEN))
    told["prefetch"]["patient"] = {**PATIENT, "id": "13"}
    with pytest.raises(Refusal) as refused:
        answer(told, Ear())
    assert (refused.value.status, refused.value.where) == (400, "prefetch.patient")
    told = body("order-sign", draftOrders=bundle(IBUPROFEN))
    told["prefetch"]["allergies"]["entry"][0]["resource"]["patient"] = {"reference": "Patient/13"}
    with pytest.raises(Refusal) as refused:
        answer(told, Ear())
    assert (refused.value.status, refused.value.where) == (400, "prefetch")


def test_a_patient_without_an_id_is_the_one_of_the_context() -> None:
    told, ear = body("order-sign", draftOrders=bundle(IBUPROFEN)), Ear()
    told["prefetch"]["patient"] = {name: part for name, part in PATIENT.items() if name != "id"}
    answer(told, ear)
    assert (ear.heard[0].facts.sex, len(ear.heard[0].facts.allergies)) == ("female", 1)


@pytest.mark.parametrize("drafts", [[], {}, [IBUPROFEN], {"resourceType": "Parameters"}])
def test_draft_orders_that_are_no_bundle_are_never_no_orders(drafts: Any) -> None:
    with pytest.raises(Refusal) as refused:
        answer(body("order-sign", draftOrders=drafts), Ear())
    assert (refused.value.status, refused.value.where) == (400, "context.draftOrders")


@pytest.mark.parametrize(
    "medicine",
    [
        {"medicationCodeableConcept": {"coding": [{"system": "http://rxnorm", "code": "723"}]}},
        {"medicationReference": {"reference": "Medication/elsewhere"}},
    ],
)
def test_a_medicine_without_a_name_is_told_not_to_have_been_checked(medicine: dict[str, Any]) -> None:
    order = {"resourceType": "MedicationRequest", "id": "m", "status": "draft", **medicine}
    (shown,) = answer(body("order-sign", draftOrders=bundle(order)), Ear())["cards"]
    assert (shown["indicator"], shown["source"]["topic"]["code"]) == ("warning", "medicines.unnamed")
    named = {**order, "medicationReference": {"reference": "Medication/elsewhere", "display": "Amoxicillin 500 mg"}}
    named.pop("medicationCodeableConcept", None)
    assert answer(body("order-sign", draftOrders=bundle(named)), Ear()) == {"cards": []}


@pytest.mark.parametrize(
    ("reason", "summary"),
    [
        ("Potassium is 6.2 mmol/L: stop it. Repeat the ECG.", "Potassium is 6.2 mmol/L: stop it."),
        ("Do not start; if taken, halve the dose.", "Do not start; if taken, halve the dose."),
        ("血钾6.2 mmol/L；停用。复查心电图。", "血钾6.2 mmol/L；停用。"),
        ("One clause; " + "and a long one " * 12, "One clause;"),
    ],
)
def test_a_summary_is_a_whole_sentence(reason: str, summary: str) -> None:
    assert card(Finding(rule="r", severity="critical", reason=reason, source="s"), None)["summary"] == summary
