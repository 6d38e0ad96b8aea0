"""FHIR Bulk Data: copies of a group's charts, for the program that made the group and for nobody else."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from bedside.types import Entry, RawChart

ASYNC = {"prefer": "respond-async"}


def group_of(*entities: dict[str, Any], **more: Any) -> dict[str, Any]:
    members = [{"entity": one} for one in entities]
    return {"resourceType": "Group", "type": "person", "actual": True, "member": members, **more}


def made(ward: Any, *entities: dict[str, Any]) -> str:
    answer = ward.as_("exporter").post("/fhir/Group", json=group_of(*entities))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(f"/fhir/Group/{answer.json()['id']}")
    return str(answer.json()["id"])


def by_id(id: str) -> dict[str, Any]:
    return {"reference": f"Patient/{id}"}


def begun(ward: Any, group: str, query: str = "") -> str:
    answer = ward.as_("exporter").get(f"/fhir/Group/{group}/$export{query}", headers=ASYNC)
    assert answer.status_code == 202
    return str(answer.headers["content-location"]).removeprefix("http://testserver")


def whole(ward: Any, address: str) -> dict[str, Any]:
    for _ in range(3000):
        answer = ward.as_("exporter").get(address)
        if answer.status_code == 200:
            return dict(answer.json())
        assert answer.status_code == 202
        time.sleep(0.01)
    raise AssertionError("never ready")


def files_of(ward: Any, told: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    addresses = {one["type"]: one["url"].removeprefix("http://testserver") for one in told["output"]}
    texts = {kind: ward.as_("exporter").get(at).text for kind, at in addresses.items()}
    return {kind: [json.loads(line) for line in text.splitlines()] for kind, text in texts.items()}


def test_the_patients_of_a_group_are_exported_and_no_others(ward: Any) -> None:
    mary, ming = ward.patients
    told = whole(ward, begun(ward, made(ward, by_id(ming))))
    assert {one["id"] for one in files_of(ward, told)["Patient"]} == {ming}
    told = whole(ward, begun(ward, made(ward, by_id(mary), by_id(ming))))
    assert {one["id"] for one in files_of(ward, told)["Patient"]} == {mary, ming}


def test_the_manifest_names_the_kick_off_and_only_the_types_asked_for(ward: Any) -> None:
    group = made(ward, by_id(ward.patients[0]))
    told = whole(ward, begun(ward, group, "?_type=Condition"))
    assert told["request"] == f"http://testserver/fhir/Group/{group}/$export?_type=Condition"
    assert [(one["type"], one["count"]) for one in told["output"]] == [("Condition", 1)]
    assert (told["requiresAccessToken"], told["error"]) == (True, [])


def test_since_a_time_only_what_came_in_after_it_of_the_group(ward: Any) -> None:
    group = made(ward, by_id(ward.patients[0]))
    since = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    for number, text in (("MRN-1001", "Gout"), ("住院-2002", "高血压病")):
        ward.clinic.records.keep(RawChart(patient=number, entries=(Entry(id="n", kind="Condition", text=text),)))
    told = whole(ward, begun(ward, group, f"?_since={since}&_type=Condition"))
    assert [one["code"]["text"] for one in files_of(ward, told)["Condition"]] == ["Gout"]


@pytest.mark.parametrize(
    ("query", "prefer", "status"),
    [
        ("", "", 400),
        ("?_type=Spaceship", "respond-async", 400),
        ("?patient=Patient/1", "respond-async", 400),
        ("?patient=Patient/1", "respond-async, handling=lenient", 202),
    ],
)
def test_a_kick_off_is_read_as_strictly_as_that_of_all_patients(
    ward: Any, query: str, prefer: str, status: int
) -> None:
    at = f"/fhir/Group/{made(ward, by_id(ward.patients[0]))}/$export{query}"
    answer = ward.as_("exporter").get(at, headers={"prefer": prefer})
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")


def test_members_are_named_by_our_ids_or_the_hospitals_numbers_each_once(ward: Any) -> None:
    ming = ward.patients[1]
    group = made(ward, {"identifier": {"value": "住院-2002"}}, by_id(ming))
    told = ward.as_("exporter").get(f"/fhir/Group/{group}").json()
    assert (told["quantity"], told["member"]) == (1, [{"entity": by_id(ming)}])
    (listed,) = [one["resource"] for one in ward.as_("exporter").get("/fhir/Group").json()["entry"]]
    assert (listed["id"], listed["meta"]["tag"][0]["code"], "member" in listed) == (group, "SUBSETTED", False)


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        (group_of(by_id("p" + "0" * 20)), "Group.member[0]"),
        (group_of({"identifier": {"value": "nobody"}}), "Group.member[0]"),
        (group_of({"display": "the tall one"}), "Group.member[0]"),
        (group_of(), "Group.member"),
        (group_of(by_id("x"), actual=False), "Group.actual"),
        (group_of(by_id("x"), type="animal"), "Group.type"),
        (group_of(by_id("x"), modifierExtension=[{"url": "not"}]), "Group.modifierExtension"),
        ({**group_of(), "member": [{"entity": by_id("x"), "inactive": True}]}, "Group.member[0]"),
        ({**group_of(), "member": ["x"]}, "Group.member[0]"),
    ],
)
def test_a_group_that_cannot_be_taken_whole_is_refused(ward: Any, sent: dict[str, Any], where: str) -> None:
    answer = ward.as_("exporter").post("/fhir/Group", json=sent)
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (422, [where])


def test_a_restricted_patient_is_no_member_and_looks_like_nobody_unless_consent_names_the_program(ward: Any) -> None:
    mary, ming = ward.patients
    group = made(ward, by_id(mary), by_id(ming))
    ward.clinic.consent.restrict(mary, restricted=True)
    refused = ward.as_("exporter").post("/fhir/Group", json=group_of(by_id(mary)))
    unknown = ward.as_("exporter").post("/fhir/Group", json=group_of(by_id("p" + "0" * 20)))
    assert refused.json()["issue"][0]["details"] == unknown.json()["issue"][0]["details"]
    told = whole(ward, begun(ward, group))
    assert {one["id"] for one in files_of(ward, told)["Patient"]} == {ming}
    ward.clinic.consent.grant(mary, ward.clinic.accounts.named("exporter").id, "agreed in writing")
    assert {one["id"] for one in files_of(ward, whole(ward, begun(ward, group)))["Patient"]} == {mary, ming}


def test_an_erased_patient_is_in_no_group(ward: Any) -> None:
    mary, ming = ward.patients
    group = made(ward, by_id(mary), by_id(ming))
    ward.clinic.records.erase(mary)
    told = ward.as_("exporter").get(f"/fhir/Group/{group}").json()
    assert (told["quantity"], told["member"]) == (1, [{"entity": by_id(ming)}])


def test_a_deleted_group_is_gone_with_its_exports_and_the_patients_stay(ward: Any) -> None:
    group = made(ward, by_id(ward.patients[0]))
    address = begun(ward, group)
    whole(ward, address)
    assert ward.as_("exporter").request("DELETE", f"/fhir/Group/{group}").status_code == 204
    for path in (address, f"{address}/Patient.ndjson", f"/fhir/Group/{group}", f"/fhir/Group/{group}/$export"):
        answer = ward.as_("exporter").get(path, headers=ASYNC)
        assert (answer.status_code, answer.json()["resourceType"]) == (404, "OperationOutcome"), path
    assert ward.clinic.records.count() == 2


def test_a_group_is_seen_by_whoever_made_it_and_by_nobody_else(ward: Any) -> None:
    group = made(ward, by_id(ward.patients[0]))
    other = {"x-api-key": ward.clinic.keys.make(ward.clinic.accounts.add("warehouse-2", "exporter").id), **ASYNC}
    for path in (f"/fhir/Group/{group}", f"/fhir/Group/{group}/$export"):
        assert ward.client.get(path, headers=other).status_code == 404
    assert ward.client.get("/fhir/Group", headers=other).json()["total"] == 0


@pytest.mark.parametrize("role", ["clinician", "data_engineer", "admin", "service"])
def test_nobody_but_an_exporter_makes_groups(ward: Any, role: str) -> None:
    sent = group_of(by_id(ward.patients[0]))
    assert ward.as_(role).post("/fhir/Group", json=sent).status_code == 403
