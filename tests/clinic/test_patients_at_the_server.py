"""Charts through the front door: imported, found, read, erased; and who may not."""

from __future__ import annotations

from typing import Any

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "p9",
                "gender": "male",
                "birthDate": "1971-02-03",
                "name": [{"text": "Ann Lee"}],
            }
        },
        {
            "resource": {
                "resourceType": "Condition",
                "id": "c",
                "subject": {"reference": "Patient/p9"},
                "code": {"text": "Gout"},
            }
        },
    ],
}


def test_a_bundle_becomes_a_chart_that_is_found_by_name_and_read_back(ward: Any) -> None:
    made = ward.as_("data_engineer").post("/v1/patients", json=BUNDLE)
    assert made.status_code == 201
    (kept,) = made.json()["patients"]
    assert (kept["number"], kept["new"], kept["entries"]) == ("p9", True, 1)
    found = ward.as_("clinician").get("/v1/patients", params={"query": "ann"}).json()["patients"]
    assert [one["id"] for one in found] == [kept["id"]]
    chart = ward.as_("clinician").get(f"/v1/patients/{kept['id']}").json()["chart"]
    assert [entry["text"] for entry in chart["entries"]] == ["Gout"]


def names_found(ward: Any, query: str) -> list[str]:
    return [
        one["name"] for one in ward.as_("clinician").get("/v1/patients", params={"query": query}).json()["patients"]
    ]


def test_a_patient_is_found_by_name_number_or_birth(ward: Any) -> None:
    for query in ("mary", "O'Brien", "brien", "MRN-1001", "1950-03-02", "1950", "mary 1950"):
        assert names_found(ward, query) == ["Mary O'Brien"], query


def test_a_chinese_patient_is_found_by_any_part_of_the_name(ward: Any) -> None:
    for query in ("王", "小明", "住院-2002"):
        assert names_found(ward, query) == ["王小明"], query


def test_nobody_is_found_by_the_name_of_another(ward: Any) -> None:
    assert names_found(ward, "mary 1966") == []


def test_who_shows_nothing_is_told_to_log_in(ward: Any) -> None:
    refused = ward.as_("").get("/v1/patients")
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "unauthorized"


def test_an_erased_patient_is_gone_for_all(ward: Any) -> None:
    id = ward.patients[0]
    assert (
        ward.as_("admin").post(f"/v1/patients/{id}/erase", json={"reason": "asked to be forgotten"}).status_code == 200
    )
    assert ward.as_("clinician").get(f"/v1/patients/{id}").status_code == 404
    assert names_found(ward, "mary") == []
