"""The workbench: pages behind a login, in both languages, that show a chart as it is and never as script."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.types import Entry, Finding, Identifier, Proposal, RawChart, Verdict, verdict

PASSWORD = "correct horse 7 电池"


def bleeds(proposal: Proposal) -> Verdict:
    """Objects to ibuprofen beside an anticoagulant."""
    found = Finding(rule="interaction.nsaid", severity="critical", reason="Serious bleeding.", source="ACC 2020")
    taken = " ".join(proposal.facts.medications)
    return verdict([found] if "ibuprofen" in proposal.text.lower() and "Apixaban" in taken else [])


def logged_in(ward: Any, role: str = "clinician") -> str:
    """Logs the ward's own client in, and gives the token of its pages."""
    answer = ward.client.post("/v1/login", json={"name": role, "password": PASSWORD})
    return str(answer.json()["csrf"])


def page(ward: Any, path: str, **headers: str) -> Any:
    return ward.client.get(path, headers=headers, follow_redirects=False)


def test_who_is_not_logged_in_is_led_to_the_login(ward: Any) -> None:
    for path in ("/", "/patients", f"/patients/{ward.patients[0]}", "/ask"):
        answer = page(ward, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Log in" in page(ward, "/login").text


def test_a_chart_is_found_and_read_in_either_language(ward: Any) -> None:
    logged_in(ward)
    assert "Mary O&#39;Brien" in page(ward, "/patients", **{"accept-language": "en"}).text
    found = page(ward, "/patients?query=王").text
    assert "王小明" in found
    assert "O&#39;Brien" not in found
    chart = page(ward, f"/patients/{ward.patients[0]}", **{"accept-language": "zh"}).text
    assert all(word in chart for word in ("Atrial fibrillation", "Apixaban 5 mg twice daily", "诊断", "临床医生决定"))


def test_who_goes_astray_in_a_browser_gets_a_page_and_a_program_an_error(ward: Any) -> None:
    for path, kind in (("/nowhere", "text/html"), ("/v1/nowhere", "application/json")):
        answer = ward.client.get(path, headers={"accept": "text/html,*/*"})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (404, kind)
    assert ward.client.get("/nowhere").json()["error"]["code"] == "not_found"


def test_the_language_chosen_stays_and_leads_back_to_the_page_but_to_no_other_site(ward: Any) -> None:
    logged_in(ward)
    back = page(ward, "/lang/zh?back=/patients")
    assert (back.status_code, back.headers["location"]) == (303, "/patients")
    assert "患者" in page(ward, "/patients", **{"accept-language": "en"}).text
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert (
            ward.client.get("/lang/en", params={"back": elsewhere}, follow_redirects=False).headers["location"] == "/"
        )


def test_a_proposal_is_weighed_beside_the_chart(open_ward: Any) -> None:
    ward = open_ward(guard=bleeds)
    token = logged_in(ward)
    at, sent = f"/patients/{ward.patients[0]}/check", {"proposal": "Start ibuprofen 400 mg."}
    answer = ward.client.post(at, json=sent, headers={"x-csrf-token": token})
    assert "Held back" in answer.text
    assert "Serious bleeding." in answer.text
    harmless = ward.client.post(at, json={"proposal": "Rest."}, headers={"x-csrf-token": token})
    assert "No rule here stands against it" in harmless.text
    assert ward.client.post(at, json=sent).status_code == 403  # another site has no token


def test_what_the_guard_says_of_a_chart_comes_after_the_page_and_a_guard_that_broke_is_said(open_ward: Any) -> None:
    def broken(proposal: Proposal) -> Verdict:
        raise RuntimeError("Mary")

    ward = open_ward(guard=broken)
    logged_in(ward)
    at = f"/patients/{ward.patients[0]}"
    assert page(ward, at).status_code == 200
    assert (page(ward, f"{at}/issues").status_code, "Mary" in page(ward, f"{at}/issues").text) == (500, False)


def test_what_stands_in_a_chart_is_never_run(ward: Any) -> None:
    evil = "<script>alert(1)</script>"
    chart = RawChart(
        patient="MRN-9",
        identifiers=(Identifier("NAME", evil),),
        entries=(Entry(id="c", kind="Condition", text=evil), Entry(id="n", kind="DocumentReference", text=evil)),
    )
    id, _ = ward.clinic.records.keep(chart)
    logged_in(ward)
    shown = page(ward, f"/patients/{id}")
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;" in shown.text
    assert "default-src 'self'" in shown.headers["content-security-policy"]
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("role", "status"), [("clinician", 200), ("reviewer", 200), ("admin", 403), ("auditor", 403)])
def test_who_runs_the_system_sees_no_chart(ward: Any, role: str, status: int) -> None:
    logged_in(ward, role)
    answer = page(ward, "/patients")
    assert answer.status_code == status
    assert ("Mary" in answer.text) == (status == 200)


def test_a_restricted_patient_is_counted_and_not_shown(ward: Any) -> None:
    ward.clinic.consent.restrict(ward.patients[0], restricted=True)
    logged_in(ward)
    shown = page(ward, "/patients").text
    assert "Mary" not in shown
    assert "Restricted and not shown: 1" in shown
    assert page(ward, f"/patients/{ward.patients[0]}").status_code == 403


def test_the_question_page_says_when_no_library_is_served(ward: Any) -> None:
    token = logged_in(ward)
    assert "No library is served here" in page(ward, "/ask").text
    answer = ward.client.post("/ask", json={"question": "What is gout?"}, headers={"x-csrf-token": token})
    assert answer.status_code == 404
