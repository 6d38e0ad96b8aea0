"""What FHIR says was refuted, not done, cancelled, ended or deleted is not read as there."""

import json

import pytest
from _fhir_resources import HB, PATIENT, about, one
from _reading import read_text, texts

from bedside.formats.fhir import FORMAT

NOT_TAKING = {"system": "http://hl7.org/fhir/CodeSystem/medication-statement-adherence", "code": "not-taking"}


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("MedicationStatement", {"taken": "n"}, "Aspirin (status: not-taken)"),
        ("MedicationStatement", {"taken": "y"}, "Aspirin (status: active)"),
        ("MedicationStatement", {"wasNotTaken": True}, "Aspirin (status: not-taken)"),
        ("MedicationStatement", {"adherence": {"code": {"coding": [NOT_TAKING]}}}, "Aspirin (status: not-taken)"),
        ("Procedure", {"notDone": True}, "Aspirin (status: not-done)"),
        ("Procedure", {"notDone": False}, "Aspirin"),
        ("Immunization", {"notGiven": True}, "Aspirin (status: not-done)"),
    ],
)
def test_what_an_older_or_newer_version_says_was_not_done_is_not_read_as_done(tmp_path, kind, fields, said):
    code = {"text": "Aspirin", "coding": [{"system": "http://www.whocc.no/atc", "code": "B01AC06"}]}
    (entry,), _ = one(tmp_path, about(kind, status="active", code=code, **fields))
    assert entry.text == said
    assert bool(entry.codes) == ("not-" not in said)


def test_a_refuted_diagnosis_says_so_and_a_confirmed_one_needs_no_word(tmp_path):
    def status(code):
        return {"coding": [{"code": code}]}

    (refuted,), _ = one(tmp_path, about("Condition", code={"text": "肺炎"}, verificationStatus=status("refuted")))
    (sure,), _ = one(tmp_path, about("Condition", code={"text": "肺炎"}, verificationStatus=status("confirmed")))
    assert "refuted" in refuted.text
    assert sure.text == "肺炎"


@pytest.mark.parametrize(
    ("denied", "said"),
    [({"verificationStatus": {"coding": [{"code": "refuted"}]}}, "confirmed"), ({"status": "not-done"}, "completed")],
)
def test_a_reader_of_codes_does_not_see_what_was_refuted_or_not_done(tmp_path, denied, said):
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "233604007", "display": "Pneumonia"}]}
    (no,), _ = one(tmp_path, about("Condition", code=code, **denied))
    (yes,), _ = one(tmp_path, about("Condition", code=code, verificationStatus={"coding": [{"code": said}]}))
    assert (no.codes, yes.codes[0].code) == ((), "233604007")
    assert "Pneumonia (" in no.text


def test_a_course_that_ended_is_told_from_one_that_runs(tmp_path):
    (entry,), _ = one(tmp_path, about("MedicationRequest", medicationCodeableConcept={"text": "A"}, status="completed"))
    assert entry.text == "A (status: completed)"


@pytest.mark.parametrize(("kind", "status"), [("MedicationStatement", "not-taken"), ("Observation", "cancelled")])
def test_what_was_not_taken_or_was_cancelled_has_neither_code_nor_value(tmp_path, kind, status):
    said = {"code" if kind == "Observation" else "medicationCodeableConcept": HB, "status": status}
    (entry,), _ = one(tmp_path, about(kind, **said, valueQuantity={"value": 9.0, "unit": "g/dL"}))
    assert (entry.codes, entry.value) == ((), None)
    assert status in entry.text


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_history_the_newest_version_is_read_and_what_was_deleted_is_not(tmp_path, newest_first):
    versions = [
        {"resource": {**about("Condition", id="c", code={"text": text}), "meta": {"versionId": str(number)}}}
        for number, text in enumerate(("Anaemia?", "Iron deficiency anaemia"), 1)
    ]
    gone = {"resource": about("Condition", id="d", code={"text": "Gout"}), "request": {"method": "DELETE"}}
    listed = [{"resource": PATIENT}, *(reversed(versions) if newest_first else versions), gone]
    text = json.dumps({"resourceType": "Bundle", "type": "history", "entry": listed})
    charts, problems = read_text(FORMAT, tmp_path, text)
    assert [t for t in texts(charts) if "naemia" in t or "Gout" in t] == ["Iron deficiency anaemia"]
    assert sorted(problem.what for problem in problems) == ["an older version; left out", "deleted; left out"]
