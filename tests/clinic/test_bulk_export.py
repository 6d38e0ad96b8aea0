"""FHIR Bulk Data: a whole copy for a program that may have it, without restricted and erased patients."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bedside.clinic.exports import KEPT_S, Exports
from bedside.types import Entry, RawChart

ASYNC = {"prefer": "respond-async"}


def kicked_off(ward: Any, query: str = "", level: str = "", role: str = "exporter", **headers: str) -> Any:
    return ward.as_(role).get(f"/fhir/{level}$export{query}", headers={**ASYNC, **headers})


def at(answer: Any) -> str:
    return str(answer.headers["content-location"]).removeprefix("http://testserver")


def manifest(ward: Any, address: str) -> dict[str, Any]:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        answer = ward.as_("exporter").get(address)
        if answer.status_code == 200:
            return dict(answer.json())
        assert answer.status_code == 202
        assert answer.headers["x-progress"].endswith("patients")
        time.sleep(0.01)
    raise AssertionError("never ready")


def exported(ward: Any, query: str = "", level: str = "") -> dict[str, list[dict[str, Any]]]:
    told = manifest(ward, at(kicked_off(ward, query, level)))
    files = {}
    for one in told["output"]:
        answer = ward.as_("exporter").get(one["url"].removeprefix("http://testserver"))
        assert answer.headers["content-type"].startswith("application/fhir+ndjson")
        files[one["type"]] = [json.loads(line) for line in answer.text.splitlines()]
        assert len(files[one["type"]]) == one["count"]
    return files


@pytest.mark.parametrize("level", ["", "Patient/"])
def test_every_chart_is_exported_by_type_a_resource_a_line(ward: Any, level: str) -> None:
    files = exported(ward, level=level)
    assert {kind: len(lines) for kind, lines in files.items()} == {
        "Patient": 2,
        "Condition": 2,
        "MedicationStatement": 1,
    }
    assert {one["id"] for one in files["Patient"]} == set(ward.patients)


def test_what_is_exported_is_read_by_the_import(ward: Any, tmp_path: Any) -> None:
    from bedside.formats._base import ReadOptions
    from bedside.formats.fhir import read

    files = exported(ward)
    (tmp_path / "all.ndjson").write_text("\n".join(json.dumps(one) for lines in files.values() for one in lines))
    charts = [one for one in read(tmp_path / "all.ndjson", ReadOptions()) if isinstance(one, RawChart)]
    read_again = " ".join(entry.text for chart in charts for entry in chart.entries)
    assert all(said in read_again for said in ("2型糖尿病", "Apixaban 5 mg twice daily", "Atrial fibrillation"))


def test_a_restricted_patient_is_left_out_unless_consent_names_the_program(ward: Any) -> None:
    mary = ward.patients[0]
    ward.clinic.consent.restrict(mary, restricted=True)
    assert {one["id"] for one in exported(ward)["Patient"]} == {ward.patients[1]}
    ward.clinic.consent.grant(mary, ward.clinic.accounts.named("exporter").id, "agreed in writing")
    assert len(exported(ward)["Patient"]) == 2


def test_a_patient_erased_or_restricted_after_the_kick_off_is_in_no_file(ward: Any) -> None:
    address = at(kicked_off(ward))
    (patients,) = [one["url"] for one in manifest(ward, address)["output"] if one["type"] == "Patient"]
    ward.clinic.records.erase(ward.patients[0])
    ward.clinic.consent.restrict(ward.patients[1], restricted=True)
    assert ward.as_("exporter").get(patients.removeprefix("http://testserver")).text == ""


def test_since_a_time_only_what_came_in_after_it_and_nothing_after_the_kick_off(ward: Any) -> None:
    from datetime import UTC, datetime

    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    ward.clinic.records.keep(RawChart(patient="MRN-1001", entries=(Entry(id="n", kind="Condition", text="Gout"),)))
    address = at(kicked_off(ward, f"?_since={now}&_type=Condition"))
    (one,) = manifest(ward, address)["output"]
    ward.clinic.records.keep(RawChart(patient="MRN-1001", entries=(Entry(id="l", kind="Condition", text="Later"),)))
    lines = ward.as_("exporter").get(one["url"].removeprefix("http://testserver")).text.splitlines()
    assert [json.loads(line)["code"]["text"] for line in lines] == ["Gout"]


@pytest.mark.parametrize(
    ("query", "prefer", "status"),
    [
        ("", "", 400),
        ("?_type=Spaceship", "respond-async", 400),
        ("?_since=yesterday", "respond-async", 400),
        ("?_since=2026-13-01T00:00:00Z", "respond-async", 400),
        ("?_outputFormat=text/csv", "respond-async", 400),
        ("?_typeFilter=Condition%3Fcode=1", "respond-async", 400),
        ("?_typeFilter=Condition%3Fcode=1", "respond-async, handling=lenient", 202),
        ("?_outputFormat=application/fhir%2Bndjson&_type=Patient,Condition", "respond-async", 202),
    ],
)
def test_what_is_not_supported_is_refused_and_not_passed_over(ward: Any, query: str, prefer: str, status: int) -> None:
    answer = kicked_off(ward, query, prefer=prefer)
    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("role", ["clinician", "reviewer", "data_engineer", "auditor", "admin", "service"])
def test_nobody_else_takes_every_chart_out(ward: Any, role: str) -> None:
    assert kicked_off(ward, role=role).status_code == 403


def test_an_export_is_seen_by_whoever_began_it_and_by_nobody_else(ward: Any) -> None:
    address = at(kicked_off(ward))
    manifest(ward, address)
    other = ward.clinic.keys.make(ward.clinic.accounts.add("warehouse-2", "exporter").id)
    for path in (address, f"{address}/Patient.ndjson"):
        assert ward.client.get(path, headers={"x-api-key": other}).status_code == 404
    assert ward.as_("exporter").get(f"{address}/Observation.ndjson").status_code == 404


def test_a_cancelled_export_is_gone_and_an_old_one_has_ended(ward: Any, database: Any) -> None:
    address = at(kicked_off(ward))
    assert ward.as_("exporter").request("DELETE", address).status_code == 202
    assert ward.as_("exporter").get(address).status_code == 404
    now = [1_000.0]
    exports = Exports(database, lambda: now[0])
    begun = exports.begin("u", "r", ("Patient",), None, 0)
    assert exports.get(begun.id, "u") is not None
    now[0] += KEPT_S
    assert (exports.get(begun.id, "u"), exports.at("x-none", 1)) == (None, False)


def test_an_export_that_a_stopped_server_left_goes_on_when_it_is_asked_for(ward: Any) -> None:
    begun = ward.clinic.exports.begin(ward.clinic.accounts.named("exporter").id, "r", ("Patient",), None, 2)
    assert manifest(ward, f"/fhir/exports/{begun.id}")["output"][0]["count"] == 2


def test_each_file_that_was_fetched_stands_in_the_audit_log(ward: Any) -> None:
    from bedside.clinic.audit.read import AuditReader

    exported(ward, "?_type=Condition")
    lines = list(AuditReader(ward.data / "audit").search({"action": "patient.export"}))
    assert [one["detail"].get("type") for one in lines if "type" in one["detail"]] == ["Condition"]
