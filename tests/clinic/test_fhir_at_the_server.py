"""The FHIR facade: what it says it can do, kept patients as resources, and $analyze with its issues."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bedside.formats.fhir import read_resource
from bedside.types import Entry, Finding, Proposal, RawChart, Verdict, verdict

BLEEDS = Finding(rule="interaction.nsaid-anticoagulant", severity="critical", reason="Bleeding.", source="ACC 2020")


def both(proposal: Proposal) -> Verdict:
    """Objects where ibuprofen and apixaban meet, whichever is proposed."""
    asked, beside = proposal.text.lower(), " ".join(proposal.facts.medications).lower()
    pairs = (("ibuprofen", "apixaban"), ("apixaban", "ibuprofen"))
    return verdict([BLEEDS] if any(one in asked and other in beside for one, other in pairs) else [])


def kinds(bundle: dict[str, Any]) -> list[str]:
    return [one["resource"]["resourceType"] for one in bundle["entry"]]


def sent(*medicines: str) -> dict[str, Any]:
    patient = {"resourceType": "Patient", "id": "12", "gender": "female", "birthDate": "1950-04-01"}
    orders = [
        {
            "resourceType": "MedicationRequest",
            "id": str(at),
            "status": "active",
            "intent": "order",
            "subject": {"reference": "Patient/12"},
            "medicationCodeableConcept": {"text": name},
        }
        for at, name in enumerate(medicines)
    ]
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in (patient, *orders)]}


def test_two_medicines_that_do_not_go_together_are_one_issue_that_implicates_both(open_ward: Any) -> None:
    asker = open_ward(guard=both).as_("clinician")
    answer = asker.post("/fhir/Patient/$analyze", json=sent("Ibuprofen 400 mg", "Apixaban 5 mg", "Paracetamol 500 mg"))
    assert answer.headers["content-type"] == "application/fhir+json"
    assert kinds(answer.json()) == ["Device", "DetectedIssue", "Provenance", "AuditEvent"]
    issue = answer.json()["entry"][1]["resource"]
    assert (issue["severity"], issue["status"]) == ("high", "preliminary")
    assert [one["display"] for one in issue["implicated"]] == ["Ibuprofen 400 mg", "Apixaban 5 mg"]
    assert "a clinician decides" in issue["detail"]
    assert issue["meta"]["security"][0]["code"] == "AIAST"


def test_a_chart_with_nothing_against_it_has_no_issue_and_still_its_provenance(open_ward: Any) -> None:
    answer = open_ward(guard=both).as_("clinician").post("/fhir/$analyze", json=sent("Paracetamol 500 mg"))
    assert kinds(answer.json()) == ["Device", "Provenance", "AuditEvent"]


def test_a_guard_that_could_not_be_asked_is_an_operation_outcome_not_an_empty_bundle(open_ward: Any) -> None:
    broke = Finding(rule="unchecked.rules", severity="critical", reason="not checked", source="bedside")
    answer = open_ward(guard=lambda proposal: verdict([broke])).as_("clinician").post("/fhir/$analyze", json=sent("x"))
    assert (answer.status_code, answer.json()["resourceType"]) == (500, "OperationOutcome")


def test_a_kept_patient_is_read_searched_and_analyzed(open_ward: Any) -> None:
    ward = open_ward(guard=both)
    id, asker = ward.patients[0], ward.as_("clinician")
    assert asker.get(f"/fhir/Patient/{id}").json()["gender"] == "female"
    found = asker.get("/fhir/Patient", params={"identifier": "urn:mrn|MRN-1001"}).json()
    assert [one["resource"]["id"] for one in found["entry"]] == [id]
    assert kinds(asker.get(f"/fhir/Patient/{id}/$everything").json()) == ["Patient", "Condition", "MedicationStatement"]
    assert found["entry"][0]["fullUrl"].endswith(f"/fhir/Patient/{id}")
    assert asker.get(f"/fhir/Patient/{id}/$analyze").status_code == 200
    assert "O'Brien" not in asker.get(f"/fhir/Patient/{id}/$everything").text


def test_what_is_given_out_is_read_back_as_the_same_chart() -> None:
    from bedside.server.fhir.resources import resources_of
    from bedside.server.fhir.searchset import searchset

    chart = RawChart(
        patient="MRN-1",
        sex="male",
        birth_date="1970-01-02",
        entries=(
            Entry(id="c1", kind="Condition", text="2型糖尿病", time="2020-01-02"),
            Entry(id="o/1", kind="Observation", text="Potassium", value=6.1, unit="mmol/L", time="2020-01-03"),
            Entry(id="n1", kind="DocumentReference", text="Denies chest pain."),
        ),
    )
    given = searchset(resources_of(chart, "p1"), "http://here/fhir")
    (back,) = [one for one in read_resource(given, "x") if isinstance(one, RawChart)]
    assert [(one.kind, one.value, one.unit, one.time) for one in back.entries] == [
        ("Condition", None, None, "2020-01-02"),
        ("Observation", 6.1, "mmol/L", "2020-01-03"),
        ("DocumentReference", None, None, None),
    ]
    assert "Denies chest pain." in back.entries[2].text
    assert (back.sex, back.birth_date) == ("male", "1970-01-02")


@pytest.mark.parametrize(
    ("method", "path", "role", "status", "code"),
    [
        ("GET", "/fhir/Patient/nobody", "clinician", 404, "not-found"),
        ("GET", "/fhir/Patient/nobody", "", 401, "login"),
        ("GET", "/fhir/Patient/nobody", "auditor", 403, "forbidden"),
        ("POST", "/fhir/$analyze", "clinician", 422, "processing"),
        ("GET", "/fhir/Observation", "clinician", 404, "not-found"),
    ],
)
def test_every_refusal_is_an_operation_outcome(
    ward: Any, method: str, path: str, role: str, status: int, code: str
) -> None:
    body = {"resourceType": "Bundle", "type": "collection", "entry": []} if method == "POST" else None
    answer = ward.as_(role).request(method, path, **({"json": body} if body else {}))
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/fhir+json"


def test_anyone_may_read_what_the_facade_can_do_and_how_to_be_let_in(ward: Any) -> None:
    told = ward.as_("").get("/fhir/metadata").json()
    assert (told["resourceType"], told["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    names = {one["type"]: {of["name"] for of in one.get("operation", ())} for one in told["rest"][0]["resource"]}
    assert names["Patient"] == {"analyze", "differential", "everything", "export", "report", "summary"}
    assert names["Group"] == {"export"}
    smart = ward.as_("").get("/.well-known/smart-configuration").json()
    assert "private_key_jwt" in smart["token_endpoint_auth_methods_supported"]


def points_to(bundle: dict[str, Any]) -> str:
    (risk,) = (one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "RiskAssessment")
    return str(risk["prediction"][0]["outcome"]["text"])


def signs(*names: str) -> dict[str, Any]:
    patient = {"resourceType": "Patient", "id": "12", "gender": "male", "birthDate": "2010-04-01"}
    found = [
        {
            "resourceType": "Condition",
            "id": str(at),
            "subject": {"reference": "Patient/12"},
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"text": name},
        }
        for at, name in enumerate(names)
    ]
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in (patient, *found)]}


MARFAN = ("Ectopia lentis", "Arachnodactyly", "Aortic root aneurysm", "Pectus excavatum", "Tall stature")


def test_a_chart_with_signs_of_marfan_points_to_it_about_the_patient_that_was_sent(open_ward: Any) -> None:
    ward = open_ward(guard=both)
    answer = ward.as_("clinician").post("/fhir/Patient/$differential", json=signs(*MARFAN))
    assert answer.status_code == 200
    bundle = answer.json()
    assert points_to(bundle) == "Marfan syndrome"
    assert "Patient" not in kinds(bundle)
    assert {"Observation", "ClinicalImpression", "Provenance", "AuditEvent"} <= set(kinds(bundle))
    inside = {one["fullUrl"] for one in bundle["entry"]} | {"Patient/12"}
    assert set(re.findall(r'"reference": ?"([^"]+)"', answer.text)) <= inside
    assert "a clinician decides" in answer.text


def test_what_the_guard_says_of_the_list_is_told_beside_it(open_ward: Any) -> None:
    objects = Finding(rule="sex.impossible", severity="warning", reason="Not in a man.", source="test")
    ward = open_ward(guard=lambda proposal: verdict([objects] if "Consider" in proposal.text else []))
    bundle = ward.as_("clinician").post("/fhir/Patient/$differential", json=signs(*MARFAN)).json()
    assert kinds(bundle).count("DetectedIssue") == 1


def test_a_chart_without_a_finding_is_refused_in_words_and_a_role_that_may_not_advise_too(open_ward: Any) -> None:
    ward = open_ward(guard=both)
    none = ward.as_("clinician").post("/fhir/Patient/$differential", json=signs())
    assert (none.status_code, none.json()["resourceType"]) == (422, "OperationOutcome")
    assert ward.as_("auditor").post("/fhir/Patient/$differential", json=signs(*MARFAN)).status_code == 403


def test_a_guard_that_could_not_be_asked_is_no_differential(open_ward: Any) -> None:
    broke = Finding(rule="unchecked.rules", severity="critical", reason="not checked", source="bedside")
    ward = open_ward(guard=lambda proposal: verdict([broke]))
    assert ward.as_("clinician").post("/fhir/Patient/$differential", json=signs(*MARFAN)).status_code == 500


@pytest.mark.parametrize("asked", [{"_count": "0"}, {"_summary": "count"}, {"_summary": "count", "_count": "1"}])
def test_how_many_patients_there_are_is_told_without_any_of_them(ward: Any, asked: dict[str, str]) -> None:
    told = ward.as_("clinician").get("/fhir/Patient", params=asked).json()
    assert (told["total"], "entry" in told) == (len(ward.patients), False)
    none = ward.as_("clinician").get("/fhir/Patient", params={**asked, "name": "nobodysname"}).json()
    assert none["total"] == 0


def test_a_wish_for_line_breaks_is_taken_and_another_summary_refused(ward: Any) -> None:
    assert ward.as_("clinician").get("/fhir/Patient", params={"_pretty": "true"}).status_code == 200
    assert ward.as_("clinician").get("/fhir/Patient", params={"_summary": "text"}).status_code == 400


def test_every_operation_is_defined_at_the_address_it_is_told_by(ward: Any) -> None:
    told = ward.as_("").get("/fhir/metadata").json()
    named = [one["definition"] for one in told["rest"][0]["operation"]]
    urls = [one for one in named if "/fhir/OperationDefinition/" in one]
    assert len(urls) == 4
    for url in urls:
        made = ward.as_("").get(url[url.index("/fhir") :]).json()
        assert (made["resourceType"], made["url"]) == ("OperationDefinition", url)
    assert ward.as_("").get("/fhir/OperationDefinition/Patient-none").status_code == 404
