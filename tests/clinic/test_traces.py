"""Traces: where the time of a request went, as part of the caller's own trace; and nothing of any patient."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.errors import ConfigError
from bedside.guards._pipeline import asked
from bedside.server.clinic.settings import ClinicSettings
from bedside.server.clinic.tracing import Tracing, open_tracing, parent_of
from bedside.spans import span, traced_by
from bedside.types import Finding, Proposal, Verdict

sdk = pytest.importorskip("opentelemetry.sdk.trace.export")
memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRETS = (
    "Mary",
    "O'Brien",
    "MRN-1001",
    "王小明",
    "Apixaban",
    "ibuprofen",
    "bleeding",
    "clinician",
    "reviewer",
    "1950",
)


class Bleeds:
    """A guard that quotes the chart in what it finds."""

    name, order = "bleeds", 1

    def check(self, proposal: Proposal) -> list[Finding]:
        said = f"Mary O'Brien: bleeding, {proposal.text}"
        return [Finding(rule="Mary O'Brien", severity="critical", reason=said, source="Mary")]


class Breaks:
    """A guard that breaks with the chart's words in its message."""

    name, order = "breaks", 2

    def check(self, proposal: Proposal) -> list[Finding]:
        raise RuntimeError(f"Mary O'Brien takes {proposal.facts.medications}")


def guard(proposal: Proposal) -> Verdict:
    return asked(proposal, [Bleeds(), Breaks()])


@pytest.fixture
def traced(open_ward: Any) -> Any:
    """A ward, and what it exported."""
    exporter = memory.InMemorySpanExporter()
    tracing = Tracing(sdk.SimpleSpanProcessor(exporter))
    yield open_ward(guard=guard, tracing=tracing), exporter
    tracing.close()


def ids(span: Any) -> tuple[str, str]:
    return f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}" if span.parent else ""


def test_a_request_is_a_step_of_the_callers_trace_and_each_guard_a_step_of_the_request(traced: Any) -> None:
    ward, exporter = traced
    headers = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
    ward.as_("clinician").get(f"/patients/{ward.patients[0]}/issues", headers=headers)
    steps = {one.name: one for one in exporter.get_finished_spans()}
    assert ids(steps["request"]) == (TRACE, CALLER)
    assert {one.context.trace_id for one in steps.values()} == {int(TRACE, 16)}
    assert steps["guard bleeds"].parent.span_id == steps["guards"].context.span_id
    assert dict(steps["request"].attributes) == {
        "bedside.method": "GET",
        "bedside.route": "/patients/{patient_id}/issues",
        "bedside.status": 500,
    }
    assert dict(steps["guard bleeds"].attributes) == {"bedside.findings": 1}
    assert dict(steps["guard breaks"].attributes) == {"error.type": "RuntimeError"}
    assert not steps["guard breaks"].status.is_ok


def test_nothing_of_a_patient_a_caller_or_a_user_is_exported_wherever_it_stands(traced: Any) -> None:
    ward, exporter = traced
    id = ward.patients[0]
    headers = {
        "traceparent": f"00-{TRACE}-{CALLER}-01",
        "tracestate": "patient=Mary",
        "baggage": "name=Mary",
        "x-request-id": "MRN-1001",
        "user-agent": "Mary",
    }
    doctor = ward.as_("clinician")
    doctor.get(f"/v1/patients/{id}?query=Mary", headers=headers)
    doctor.get("/v1/patients?query=Mary", headers=headers)
    doctor.get("/nowhere/Mary", headers=headers)
    doctor.get("/cds-services/Mary", headers=headers)
    doctor.post(f"/patients/{id}/check", json={"proposal": "Start ibuprofen for Mary."}, headers=headers)
    doctor.post("/v1/patients", content=b'{"Mary": "O\'Brien"', headers=headers)
    doctor.request("MARY", f"/v1/patients/{id}", headers=headers)
    ward.client.post("/v1/login", json={"name": "reviewer", "password": "Mary"}, headers=headers)
    exported = exporter.get_finished_spans()
    assert len(exported) > 8
    told = " ".join(one.to_json() + str(one.events) + str(one.links) for one in exported)
    assert [word for word in (*SECRETS, id) if word.lower() in told.lower()] == []


def test_a_caller_who_does_not_record_is_not_recorded_and_a_broken_header_begins_a_trace(traced: Any) -> None:
    ward, exporter = traced
    ward.as_("clinician").get("/v1/me", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    assert exporter.get_finished_spans() == ()
    for wrong in ("Mary", f"01-{TRACE}-{CALLER}-01", f"00-{'0' * 32}-{CALLER}-01", f"00-{TRACE}-{CALLER}-01-x"):
        assert parent_of(wrong) is None
        ward.as_("clinician").get("/v1/me", headers={"traceparent": wrong})
    assert TRACE not in {ids(one)[0] for one in exporter.get_finished_spans()}
    assert len(exporter.get_finished_spans()) == 4


def test_two_requests_are_two_traces_and_a_step_outside_of_any_is_none(traced: Any) -> None:
    ward, exporter = traced
    ward.as_("clinician").get("/v1/me")
    ward.as_("clinician").get("/v1/me")
    assert len({ids(one)[0] for one in exporter.get_finished_spans()}) == 2
    exporter.clear()
    with span("guard rules") as note:
        note(findings=1)
    assert exporter.get_finished_spans() == ()


def test_a_step_keeps_codes_that_are_known_and_drops_words_and_names_that_are_not(traced: Any) -> None:
    ward, exporter = traced
    with traced_by(ward.context.tracing), span("model") as note:
        note(outcome="abstained", findings=3, verdict="Mary O'Brien", patient="p1")
    (step,) = exporter.get_finished_spans()
    assert dict(step.attributes) == {"bedside.outcome": "abstained", "bedside.findings": 3}


def test_without_an_address_nothing_traces_and_an_unlisted_address_stops_the_start() -> None:
    assert open_tracing(ClinicSettings()) is None
    for settings in (
        ClinicSettings(traces="https://traces.example.org/v1/traces"),
        ClinicSettings(traces="http://otel.lan:4318/v1/traces", outbound=["otel.lan:4318"]),  # in clear over the net
    ):
        with pytest.raises(ConfigError, match="not listed"):
            open_tracing(settings)
    listed = ClinicSettings(traces="https://otel.lan:4318/v1/traces", outbound=["https://otel.lan:4318"])
    tracing = open_tracing(listed)
    assert tracing is not None
    tracing.close()
