"""A restricted chart: closed to colleagues, open by consent, open for an hour by breaking the glass, all of it seen."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.clinic.audit.read import AuditReader
from bedside.clinic.consent import GLASS_S, Consent

REASON = {"reason": "unconscious in the emergency room 昏迷"}


@pytest.fixture
def restricted(ward: Any) -> str:
    """A patient whose chart only an administrator has a grant for."""
    sent = {"restricted": True, "reason": "the patient works here"}
    assert ward.as_("admin").post(f"/v1/patients/{ward.patients[0]}/consent", json=sent).status_code == 200
    return ward.patients[0]


def test_a_restricted_chart_is_closed_and_an_open_one_is_not(ward: Any, restricted: str) -> None:
    refused = ward.as_("clinician").get(f"/v1/patients/{restricted}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "needs_break_glass")
    assert ward.as_("clinician").get(f"/v1/patients/{ward.patients[1]}").status_code == 200


def test_a_restricted_patient_has_no_name_in_a_list(ward: Any, restricted: str) -> None:
    rows = ward.as_("clinician").get("/v1/patients").json()["patients"]
    assert {row["id"]: row["name"] for row in rows} == {restricted: "", ward.patients[1]: "王小明"}


def test_breaking_the_glass_opens_the_chart_and_an_auditor_reads_why(ward: Any, restricted: str) -> None:
    opened = ward.as_("clinician").post(f"/v1/patients/{restricted}/break-glass", json=REASON)
    assert opened.json()["seconds"] == GLASS_S
    assert ward.as_("clinician").get(f"/v1/patients/{restricted}").status_code == 200
    assert ward.as_("reviewer").get(f"/v1/patients/{restricted}").status_code == 403
    grants = ward.as_("auditor").get(f"/v1/patients/{restricted}/grants").json()
    assert [one["reason"] for one in grants if one["kind"] == "break_glass"] == [REASON["reason"]]


def test_without_a_reason_the_glass_does_not_break(ward: Any, restricted: str) -> None:
    assert (
        ward.as_("clinician").post(f"/v1/patients/{restricted}/break-glass", json={"reason": "   "}).status_code == 422
    )
    assert ward.as_("clinician").get(f"/v1/patients/{restricted}").status_code == 403


def test_the_patients_consent_opens_the_chart_to_whom_it_names(ward: Any, restricted: str) -> None:
    sent = {"restricted": True, "users": ["reviewer"], "reason": "second opinion, agreed"}
    ward.as_("admin").post(f"/v1/patients/{restricted}/consent", json=sent)
    assert ward.as_("reviewer").get(f"/v1/patients/{restricted}").status_code == 200
    assert ward.as_("clinician").get(f"/v1/patients/{restricted}").status_code == 403
    sent = {"restricted": True, "users": [], "reason": "the patient took it back"}
    ward.as_("admin").post(f"/v1/patients/{restricted}/consent", json=sent)
    assert ward.as_("reviewer").get(f"/v1/patients/{restricted}").status_code == 403


def test_who_may_not_see_a_chart_may_not_open_it_to_all(ward: Any, restricted: str) -> None:
    sent = {"restricted": False, "reason": "no need any more"}
    assert ward.as_("clinician").post(f"/v1/patients/{restricted}/consent", json=sent).status_code == 403


def test_after_an_hour_the_glass_is_whole_again_and_a_clock_put_back_does_not_keep_it_open(ward: Any) -> None:
    now = [1_800_000_000.0]
    consent, patient = Consent(ward.clinic.records, lambda: now[0]), ward.patients[0]
    consent.restrict(patient, restricted=True)
    consent.break_glass(patient, "u1", "emergency")
    assert consent.reaches("u1", patient) is True
    now[0] += GLASS_S + 1
    assert consent.reaches("u1", patient) is False
    now[0] -= 86400
    assert consent.reaches("u1", patient) is False


def test_all_of_it_stands_in_the_audit_log_without_the_reasons_words(ward: Any, restricted: str) -> None:
    ward.as_("clinician").get(f"/v1/patients/{restricted}")
    ward.as_("clinician").post(f"/v1/patients/{restricted}/break-glass", json=REASON)
    ward.as_("clinician").get(f"/v1/patients/{restricted}")
    written = "".join(path.read_text() for path in (ward.data / "audit").glob("2*.jsonl"))
    assert "unconscious" not in written
    acts = [
        (one["name"], one["action"], one["outcome"])
        for one in AuditReader(ward.data / "audit").search({"patient": restricted})
    ]
    assert acts == [
        ("admin", "consent.write", "done"),
        ("clinician", "patient.read", "needs_break_glass"),
        ("clinician", "patient.break_glass", "done"),
        ("clinician", "patient.read", "done"),
    ]
