"""A chart as a FHIR document, and what a model says of its notes as reports: nothing added, nothing lost silently."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from _fhir_r4 import faults
from bedside.model.forms import form_of
from bedside.server.service import Served
from bedside.types import Abstained, Advice, Entry, Failed, Finding, Prediction, Proposal, RawChart, Verdict, verdict

BLEEDS = Finding(rule="interaction.nsaid-anticoagulant", severity="critical", reason="Bleeding.", source="ACC 2020")
SECTIONS = {
    "en": ["Problems", "Allergies", "Medicines", "Results, the latest of each", "Procedures"],
    "zh": ["健康问题", "过敏与不良反应", "用药", "检查检验结果（各项最近一次）", "手术与操作"],
}
CHART = RawChart(
    patient="MRN-7",
    sex="female",
    birth_date="1950-04-01",
    entries=(
        Entry(id="c1", kind="Condition", text="Atrial fibrillation", time="2021-05-01"),
        Entry(id="a1", kind="AllergyIntolerance", text="Penicillin"),
        Entry(id="m1", kind="MedicationStatement", text="Apixaban 5 mg <b>twice</b> daily"),
        Entry(id="o1", kind="Observation", text="Potassium", value=4.1, unit="mmol/L", time="2024-01-02"),
        Entry(id="o2", kind="Observation", text="Potassium", value=5.6, unit="mmol/L", time="2025-02-03"),
        Entry(id="n1", kind="DocumentReference", text="Crushing chest pain since noon.", time="2025-02-03"),
        Entry(id="n2", kind="DocumentReference", text="Well. Wants a form signed.", time="2025-02-01"),
    ),
)


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def asked(ward: Any, operation: str, lang: str = "en") -> Any:
    id = ward.clinic.records.keep(CHART)[0]
    return ward.as_("clinician").get(f"/fhir/Patient/{id}/{operation}", headers={"accept-language": lang})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_chart_is_told_as_a_document_that_follows_fhir_in_both_languages(ward: Any, lang: str) -> None:
    bundle = asked(ward, "$summary", lang).json()
    assert faults(bundle) == []
    assert (bundle["type"], bundle["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    assert [one["title"] for one in of(bundle, "Composition")[0]["section"]] == SECTIONS[lang]


def test_a_summary_tells_the_latest_of_each_value_and_how_many_came_before(ward: Any) -> None:
    bundle = asked(ward, "$summary").json()
    assert [one["valueQuantity"]["value"] for one in of(bundle, "Observation")] == [5.6]
    results = of(bundle, "Composition")[0]["section"][3]["text"]["div"]
    assert "Potassium 5.6 mmol/L (2025-02-03; 1 earlier)" in results
    assert "4.1" not in results


def test_what_is_not_on_record_is_said_to_be_unknown_never_to_be_absent(ward: Any) -> None:
    sections = {one["title"]: one for one in of(asked(ward, "$summary").json(), "Composition")[0]["section"]}
    assert sections["Procedures"]["emptyReason"]["coding"][0]["code"] == "unavailable"
    assert "does not mean that there is none" in sections["Procedures"]["text"]["div"]
    assert "emptyReason" not in sections["Allergies"]


def test_a_summary_says_what_it_leaves_out_and_words_of_a_chart_are_no_markup(ward: Any) -> None:
    answer = asked(ward, "$summary")
    (composition,) = of(answer.json(), "Composition")
    assert "Not summarised: 2 notes" in composition["text"]["div"]
    assert "a clinician decides" in composition["text"]["div"]
    assert "&lt;b&gt;twice" in composition["section"][2]["text"]["div"]
    assert "chest pain" not in answer.text


def test_what_the_guard_objects_to_is_a_section_and_without_an_objection_there_is_none(open_ward: Any) -> None:
    objects = open_ward(guard=lambda proposal: verdict([BLEEDS] if "Apixaban" in proposal.text else []))
    bundle = asked(objects, "$summary").json()
    assert faults(bundle) == []
    (issue,) = of(bundle, "DetectedIssue")
    last = of(bundle, "Composition")[0]["section"][-1]
    assert (last["title"], last["entry"]) == (
        "What the guard objects to",
        [{"reference": f"urn:uuid:{issue['id']}"}],
    )


def test_a_guard_that_could_not_be_asked_is_no_summary(open_ward: Any) -> None:
    broke = Finding(rule="unchecked.rules", severity="critical", reason="not checked", source="bedside")
    assert asked(open_ward(guard=lambda proposal: verdict([broke])), "$summary").status_code == 500


def says(texts: Any, given: Any, removed: Any) -> list[Any]:
    """Urgent for pain, too unsure for anything else."""
    urgent = Advice(prediction=Prediction(label="urgent", probabilities={"urgent": 0.875, "routine": 0.125}))
    return [urgent if "pain" in text else Abstained(reason="Too unsure: ask a person.") for text in texts]


def triage(advise: Any = says, head: str = "classify") -> dict[str, Served]:
    return {"triage": Served("triage", "v1", advise, form_of(head))}


def test_each_note_has_a_report_that_names_its_note_and_its_model_and_an_unsure_one_is_only_registered(
    open_ward: Any,
) -> None:
    bundle = asked(open_ward(models=triage()), "$report?model=triage").json()
    patient = of(bundle, "DiagnosticReport")[0]["subject"]["reference"]
    assert faults(bundle, {patient: "Patient"}) == []
    told = [(one["status"], one["conclusion"].split(";")[0]) for one in of(bundle, "DiagnosticReport")]
    assert told[0] == ("preliminary", "urgent")
    assert told[1][0] == "registered"
    assert told[1][1].startswith("Too unsure: ask a person.")
    sources = [one["entity"][0]["what"]["identifier"]["value"] for one in of(bundle, "Provenance")]
    assert sources == ["n1", "n2"]
    assert "0.875  urgent" in of(bundle, "DiagnosticReport")[0]["conclusion"]
    names = {f"urn:uuid:{one['id']}": one["deviceName"][0]["name"] for one in of(bundle, "Device")}
    makers = [names[one["agent"][0]["who"]["reference"]] for one in of(bundle, "Provenance")]
    assert (set(names.values()), makers) == ({"bedside", "triage"}, ["triage", "triage"])


def test_a_conclusion_that_the_guard_blocks_is_not_given_its_reason_is(open_ward: Any) -> None:
    ward = open_ward(models=triage(), guard=lambda proposal: verdict([BLEEDS] if "urgent" in proposal.text else []))
    report = of(asked(ward, "$report?model=triage").json(), "DiagnosticReport")[0]
    assert report["status"] == "registered"
    assert "urgent" not in report["conclusion"]
    assert report["conclusion"].startswith("Bleeding.")


def test_a_conclusion_that_the_guard_warns_of_is_given_with_the_warning(open_ward: Any) -> None:
    warns = replace(BLEEDS, severity="warning")
    ward = open_ward(models=triage(), guard=lambda proposal: verdict([warns] if "urgent" in proposal.text else []))
    report = of(asked(ward, "$report?model=triage").json(), "DiagnosticReport")[0]
    assert report["status"] == "preliminary"
    assert report["conclusion"].startswith("urgent; Bleeding.")


def test_notes_beyond_what_one_request_reads_are_counted(open_ward: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.server.fhir.reports.MOST", 1)
    bundle = asked(open_ward(models=triage()), "$report?model=triage").json()
    assert len(of(bundle, "DiagnosticReport")) == 1
    assert of(bundle, "OperationOutcome")[0]["issue"][0]["details"]["text"] == "Older notes that were not read: 1."


@pytest.mark.parametrize("operation", ["$analyze", "$summary", "$report?model=triage"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_guard_is_asked_to_answer_in_the_readers_language(open_ward: Any, operation: str, lang: str) -> None:
    readers: list[str] = []

    def guard(proposal: Proposal) -> Verdict:
        readers.append(proposal.reader or proposal.lang)
        return verdict([])

    asked(open_ward(models=triage(), guard=guard), operation, lang)
    assert set(readers) == {lang}


@pytest.mark.parametrize(
    ("models", "query", "status"),
    [
        ({}, "?model=triage", 404),
        (triage(), "", 404),
        (triage(head="pair"), "?model=triage", 422),
        (triage(lambda texts, given, removed: [Failed(error_id="e1") for _ in texts]), "?model=triage", 500),
    ],
    ids=["no model", "none named", "reads two texts", "broke"],
)
def test_where_no_report_can_be_made_it_is_said_why(open_ward: Any, models: Any, query: str, status: int) -> None:
    answer = asked(open_ward(models=models), f"$report{query}")
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")


def test_a_chart_that_is_sent_is_reported_on_like_a_kept_one(open_ward: Any) -> None:
    note = {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/12"},
        "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(b"Pain. pain.").decode()}}],
    }
    patient = {"resourceType": "Patient", "id": "12", "gender": "female"}
    sent = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in (patient, note)]}
    answer = open_ward(models=triage()).as_("clinician").post("/fhir/Patient/$report?model=triage", json=sent)
    assert [one["status"] for one in of(answer.json(), "DiagnosticReport")] == ["preliminary"]
