"""Requests that real clients send, allowed or forbidden: each gets the status that HTTP and FHIR name."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

FHIR = "application/fhir+json"
CHART = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "1"}}]}
BODY = json.dumps(CHART).encode()


@pytest.mark.parametrize("path", ["/cds-services", "/fhir/metadata", "/livez", "/openapi.json"])
def test_what_can_be_read_can_be_asked_after_by_head(ward: Any, path: str) -> None:
    asked, read = ward.as_("").request("HEAD", path), ward.as_("").get(path)
    assert (asked.status_code, asked.headers["content-type"]) == (200, read.headers["content-type"])


@pytest.mark.parametrize("path", ["/patients/", "/fhir/metadata/", "/livez/"])
def test_a_slash_too_many_is_answered_and_leads_to_no_other_host(ward: Any, path: str) -> None:
    answer = ward.as_("clinician").get(path, headers={"host": "evil.example"}, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (200, None)


def test_behind_a_proxy_the_server_names_itself_as_the_settings_do(open_ward: Any) -> None:
    ward = open_ward(public_url="https://bedside.hospital.example/")
    told = ward.as_("").get("/fhir/metadata").json()
    assert told["implementation"]["url"] == "https://bedside.hospital.example/fhir"
    members = [{"entity": {"reference": f"Patient/{ward.patients[0]}"}}]
    group = {"resourceType": "Group", "type": "person", "actual": True, "member": members}
    made = ward.as_("exporter").post("/fhir/Group", json=group)
    assert made.headers["location"].startswith("https://bedside.hospital.example/fhir/Group/")


def test_a_compressed_body_is_415_and_said_to_be_so(ward: Any) -> None:
    headers = {"content-type": FHIR, "content-encoding": "gzip"}
    answer = ward.as_("clinician").post("/fhir/$analyze", content=gzip.compress(BODY), headers=headers)
    assert (answer.status_code, answer.json()["resourceType"]) == (415, "OperationOutcome")
    headers = {"content-type": FHIR, "content-encoding": "identity"}
    assert ward.as_("clinician").post("/fhir/$analyze", content=BODY, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (f"{FHIR}; charset=utf-8", 200),
        (f"{FHIR}; fhirVersion=4.0", 200),
        ("application/fhir+xml", 415),
        ("text/plain", 415),
    ],
)
def test_a_body_of_another_type_is_415(ward: Any, kind: str, status: int) -> None:
    answer = ward.as_("clinician").post("/fhir/$analyze", content=BODY, headers={"content-type": kind})
    assert answer.status_code == status


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b'{"a": [1, -Infinity]}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_400(ward: Any, body: bytes) -> None:
    answer = ward.as_("clinician").post("/fhir/$analyze", content=body, headers={"content-type": FHIR})
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "invalid")


def test_nan_in_a_text_is_a_text(ward: Any) -> None:
    body = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "NaN"}}]}
    assert ward.as_("clinician").post("/fhir/$analyze", json=body).status_code == 200


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        ("application/fhir+xml", "", 406),
        ("*/*", "?_format=xml", 406),
        ("application/fhir+xml;q=0.9, application/fhir+json;q=0.1", "", 200),
        ("application/fhir+xml", "?_format=json", 200),
        ("*/*", "", 200),
    ],
)
def test_who_reads_xml_only_is_told_that_it_is_not_spoken(ward: Any, accept: str, query: str, status: int) -> None:
    assert ward.as_("").get(f"/fhir/metadata{query}", headers={"accept": accept}).status_code == status


def test_a_search_finds_by_all_that_it_names_and_refuses_what_it_would_pass_over(ward: Any) -> None:
    asker, (first, *_) = ward.as_("clinician"), ward.patients
    about = asker.get(f"/fhir/Patient/{first}").json()
    number, born = about["identifier"][0]["value"], about["birthDate"]

    def found(query: str) -> list[str]:
        return [one["resource"]["id"] for one in asker.get(f"/fhir/Patient?{query}").json().get("entry", ())]

    assert found(f"_id={first}") == found(f"identifier={number}") == found(f"identifier=urn:mrn|{number}") == [first]
    assert first in found(f"birthdate={born}")
    assert found(f"_id={first}&birthdate=1801-01-01") == found(f"identifier={number[:-1]}") == found("_id=none") == []
    for passed_over in ("foo=1", "name:exact=Ann", "gender=male", "_count=-1", "_count=x"):
        refused = asker.get(f"/fhir/Patient?{passed_over}")
        assert (refused.status_code, refused.json()["resourceType"]) == (400, "OperationOutcome"), passed_over
    lenient = asker.get("/fhir/Patient?foo=1", headers={"prefer": "handling=lenient"})
    assert lenient.status_code == 200


def test_a_long_list_comes_page_by_page(ward: Any) -> None:
    asker = ward.as_("clinician")
    every = asker.get("/fhir/Patient").json()
    assert every["total"] == len(every["entry"]) > 1
    page = asker.get("/fhir/Patient?_count=1").json()
    assert (len(page["entry"]), "total" in page) == (1, False)
    link = {one["relation"]: one["url"] for one in page["link"]}
    after = asker.get(link["next"].split("testserver")[-1]).json()
    assert after["entry"][0]["resource"]["id"] == every["entry"][1]["resource"]["id"]


def test_everything_may_be_asked_for_by_type(ward: Any) -> None:
    asker, at = ward.as_("clinician"), f"/fhir/Patient/{ward.patients[0]}/$everything"
    told = asker.get(f"{at}?_type=Condition,Patient").json()["entry"]
    assert {one["resource"]["resourceType"] for one in told} == {"Patient", "Condition"}
    assert asker.get(f"{at}?_type=Foo").status_code == 400


@pytest.mark.parametrize(
    "body",
    [b'{"text": "cough", "text": "chest pain"}', b'{"patient": {"id": 1, "id": 2}}', b'[{"a": 1, "\\u0061": 2}]'],
)
def test_a_name_that_stands_twice_is_refused_so_that_no_second_patient_wins_in_silence(ward: Any, body: bytes) -> None:
    json_type = {"content-type": "application/json"}
    for path in ("/v1/chat/completions", "/cds-services/none", "/fhir/$analyze"):
        answer = ward.as_("clinician").post(path, content=body, headers=json_type)
        assert (path, answer.status_code) == (path, 400)
        assert "named_twice" in answer.text or "stands twice" in answer.text


@pytest.mark.parametrize("name", ["authorization", "x-api-key"])
def test_of_two_keys_neither_counts_even_where_they_are_the_same(ward: Any, name: str) -> None:
    shown = f"Bearer {ward.keys['clinician']}" if name == "authorization" else ward.keys["clinician"]
    once = ward.client.get("/v1/models", headers=[(name, shown)])
    twice = ward.client.get("/v1/models", headers=[(name, shown), (name, shown)])
    assert (once.status_code, twice.status_code) == (200, 400)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/fhir/metadata", "GET, HEAD"),
        ("PUT", "/cds-services", "GET, HEAD"),
        ("PUT", "/v1/chat/completions", "POST"),
        ("DELETE", "/fhir/Group", "GET, HEAD, POST"),
    ],
)
def test_a_method_that_an_address_lacks_is_answered_with_those_it_has(
    ward: Any, method: str, path: str, allowed: str
) -> None:
    answer = ward.as_("clinician").request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_refusal_in_fhir_says_how_to_come_in(ward: Any) -> None:
    answer = ward.as_("").get("/fhir/Patient")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    ("body", "status"),
    [('{"id": 1, "id": 2}', 400), ('{"value": NaN}', 400), ('{"text": "\\ud800"}', 422)],
    ids=["named twice", "no number", "half a surrogate pair"],
)
def test_what_is_refused_in_one_encoding_is_refused_in_every_one(
    ward: Any, encoding: str, body: str, status: int
) -> None:
    headers = {"content-type": FHIR}
    answer = ward.as_("clinician").post("/fhir/$analyze", content=body.encode(encoding), headers=headers)
    assert answer.status_code == status
