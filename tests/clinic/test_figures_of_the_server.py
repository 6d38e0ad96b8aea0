"""The figures for Prometheus: what happened is counted under words of ours, and never under a patient or a caller's."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from bedside.clinic import outbound
from bedside.clinic.audit.log import AuditLog
from bedside.errors import AuditError
from bedside.review import Item, Queue, enqueue
from bedside.server.clinic.librarian import Librarian
from bedside.types import Finding, Proposal, Verdict, verdict

PASSWORD = "correct horse 7 电池"


def figures(ward: Any) -> str:
    return str(ward.as_("auditor").get("/metrics").text)


def slow_and_broken(proposal: Proposal) -> Verdict:
    """A guard of which one part took 200 ms and another could not be asked."""
    found = verdict([Finding(rule="unchecked.claims", severity="critical", reason="", source="bedside")])
    return Verdict(outcome=found.outcome, findings=found.findings, ms={"rules": 200.0})


def test_a_request_is_timed_by_route_and_a_slow_guard_by_name(open_ward: Any) -> None:
    ward = open_ward(guard=slow_and_broken)
    ward.as_("clinician").get(f"/patients/{ward.patients[0]}/issues")
    told = figures(ward)
    assert 'bedside_http_request_seconds_count{route="/patients/{patient_id}/issues"} 1.0' in told
    assert 'bedside_guard_seconds_bucket{guard="rules",le="0.1"} 0.0' in told
    assert 'bedside_guard_seconds_bucket{guard="rules",le="0.25"}' in told
    assert 'bedside_guard_failures_total{guard="claims"}' in told
    assert 'bedside_http_refusals_total{code="internal"} 1.0' in told
    assert "bedside_http_requests_under_way 1.0" in told  # the one that reads them


def test_logins_are_counted_as_done_or_as_why_they_were_refused(open_ward: Any) -> None:
    ward = open_ward()
    for password in ("wrong", PASSWORD):
        ward.client.post("/v1/login", json={"name": "clinician", "password": password})
    told = figures(ward)
    assert 'bedside_logins_total{outcome="done"} 1.0' in told
    assert 'bedside_logins_total{outcome="login_failed"} 1.0' in told
    assert "clinician" not in told


def test_a_caller_who_asks_too_much_is_counted_by_code(open_ward: Any) -> None:
    from bedside.server.clinic.settings import Limits

    ward = open_ward(limits=Limits(requests_per_second=0.001))
    ward.as_("clinician").get("/v1/me")
    ward.as_("clinician").get("/v1/me")
    assert 'bedside_http_refusals_total{code="rate_limited"} 1.0' in figures(ward)


def test_audit_lines_are_counted_and_so_is_one_that_could_not_be_written(ward: Any, monkeypatch: Any) -> None:
    ward.as_("clinician").get("/v1/me")

    def full(*_: Any) -> int:
        raise AuditError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(AuditLog, "write", full)
        assert ward.as_("clinician").get("/v1/me").status_code == 503
    told = figures(ward)
    assert 'bedside_audit_lines_total{outcome="written"} 1.0' in told
    assert 'bedside_audit_lines_total{outcome="failed"} 1.0' in told
    assert 'bedside_http_refusals_total{code="audit_failed"} 1.0' in told


def test_what_waits_for_readers_is_read_whenever_the_figures_are(ward: Any) -> None:
    assert 'bedside_queue_items{queue="review"} 0.0' in figures(ward)
    item = Item(why="reported", head="classify", text="No fever.", output={"label": "ill"})
    with Queue(ward.clinic.review) as queue:
        enqueue(queue, [item])
    assert 'bedside_queue_items{queue="review"} 1.0' in figures(ward)


def test_an_answer_of_the_library_is_counted_as_given_withheld_or_failed(tmp_path: Any) -> None:
    told: list[tuple[str, str]] = []
    librarian = Librarian(tmp_path / "nothing", told=lambda source, outcome, _: told.append((source, outcome)))
    try:
        librarian.ask("What is gout?", "en")
    except Exception:
        assert told == [("library", "failed")]
    else:
        raise AssertionError("a library that is not there answered")


def test_a_connection_out_that_was_refused_is_counted() -> None:
    listed, before = outbound.allowed(["fhir.hospital.lan"]), outbound.refused()
    for place in (("fhir.hospital.lan", 443), ("203.0.113.7", 443)):
        try:
            listed.check("socket.connect", (None, place))
        except outbound.Outbound:
            assert place[0] == "203.0.113.7"
    assert outbound.refused() == before + 1


def test_a_listed_address_must_also_be_one_nobody_can_listen_on() -> None:
    listed = outbound.allowed(["https://hook.lan:8443", "plain.lan"])
    assert listed.lets_address("https://hook.lan:8443/alerts")
    assert listed.lets_address("http://127.0.0.1:4318/v1/traces")
    for wrong in (
        "http://plain.lan/x",
        "https://hook.lan/x",
        "https://user:pw@hook.lan:8443/",
        "ftp://hook.lan:8443",
        "",
    ):
        assert not listed.lets_address(wrong), wrong


def test_memory_that_was_asked_twice_shows_a_hit() -> None:
    code = """
from bedside.library._question.kinds import kinds_headed
from bedside.server.clinic.metrics import ClinicMetrics
kinds_headed("Dosage"), kinds_headed("Dosage")
page = ClinicMetrics().page().decode()
assert 'bedside_cache_lookups_total{cache="heading",outcome="hit"} 1.0' in page
assert 'bedside_cache_lookups_total{cache="heading",outcome="miss"} 1.0' in page
assert 'cache="question",outcome="hit"} 0.0' in page
"""
    subprocess.run([sys.executable, "-c", code], check=True)
