"""CDS Hooks calls read strictly: what is missing, broken or of somebody else is refused by place."""

from __future__ import annotations

from typing import Any

import pytest
from _cds_calls import BY_HOOK, IBUPROFEN, PATIENT, Ear, answer, body, bundle

from bedside.server.cds_hooks.request import read_call
from bedside.server.errors import Refusal


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
