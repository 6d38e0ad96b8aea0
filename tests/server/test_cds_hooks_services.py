"""CDS Hooks without HTTP: calls read strictly, orders weighed beside chart and drafts, findings told as cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from _cds_calls import BLEEDS, IBUPROFEN, PATIENT, Ear, answer, body, bundle, of

from bedside.lang import speaking
from bedside.recent import Recent
from bedside.server.cds_hooks.cards import SUMMARY, card
from bedside.server.cds_hooks.feedback import read_feedback
from bedside.server.cds_hooks.orders import drafts_in
from bedside.server.cds_hooks.services import SERVICES, Service
from bedside.server.errors import Refusal
from bedside.types import Facts, Finding

EXAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "cds_hooks_examples" / "train.jsonl"


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
