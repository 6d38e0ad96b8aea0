"""Bulk Data from a record system: waited for, every bad line counted, gone on with where it broke off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_ehr import HELD, PATIENT, FakeEhr

from bedside.clinic.open import open_clinic
from bedside.commands._call import call
from bedside.errors import ExchangeError
from bedside.exchange import bulk
from bedside.exchange.backend import BackendClient
from bedside.exchange.bulk import BulkImport
from bedside.exchange.peers import Peers
from bedside.exchange.signing import make_signing_key
from bedside.types import RawChart


def lines(*told: Any) -> bytes:
    return b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in told)


@pytest.fixture
def begin(ehr: FakeEhr, tmp_path: Path) -> Any:
    """Begins, or goes on with, an import into a list of charts."""
    key = make_signing_key(tmp_path / "key.json")
    ehr.record.clients["bedside"] = key.public()
    kept: list[RawChart] = []

    def begun(keep: Any = kept.append) -> BulkImport:
        client = BackendClient(Peers([ehr.url]), ehr.fhir, "bedside", key)
        return BulkImport(client, tmp_path / "state.json", keep, sleep=lambda seconds: None)

    begun.kept = kept  # type: ignore[attr-defined]
    return begun


def test_all_files_are_taken_after_the_wait_and_the_export_is_ended_there(begin: Any, ehr: FakeEhr) -> None:
    ehr.record.files = {"Patient.1": lines(PATIENT), "Observation.1": lines(*HELD["Observation"])}
    ehr.record.polls, said = 3, []
    taken = begin().run(told=said.append)
    assert said.count("half way") == 3
    assert {chart.patient for chart in begin.kept} == {"12"}
    assert [entry.value for chart in begin.kept for entry in chart.entries] == [4.1, 139.0]
    assert (taken.bad_count, ehr.record.deleted) == (0, True)


def test_bad_lines_are_counted_with_their_numbers_and_the_good_ones_kept(begin: Any, ehr: FakeEhr) -> None:
    good = HELD["Condition"][0]
    ehr.record.files = {"Condition.1": lines(good, b"{broken\n", b"\n", b"[]\n", b'{"id": "x"}\n', b"\xff\xfe\n", good)}
    taken = begin().run()
    assert (taken.bad, taken.bad_count) == ({"Condition 1": [2, 4, 5, 6]}, 4)
    assert [entry.text for chart in begin.kept for entry in chart.entries] != []


def test_what_belongs_to_nobody_is_not_kept_as_somebody(begin: Any, ehr: FakeEhr) -> None:
    orphan = {key: value for key, value in HELD["Condition"][0].items() if key != "subject"}
    ehr.record.files = {"Condition.1": lines(orphan, orphan)}
    taken = begin().run()
    assert begin.kept == []
    assert taken.bad_count + taken.doubts > 0


def test_an_import_that_broke_off_goes_on_behind_the_last_batch_that_was_kept(
    begin: Any, ehr: FakeEhr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    many = [{**HELD["Condition"][0], "id": f"c{n}", "code": {"text": f"Illness {n}"}} for n in range(6)]
    ehr.record.files = {"Condition.1": lines(*many)}
    kept: list[RawChart] = []

    def breaks(chart: RawChart) -> None:
        if len(kept) == 2:
            raise RuntimeError("power cut")
        kept.append(chart)

    with pytest.raises(RuntimeError):
        begin(breaks).run()
    begin(kept.append).run()
    texts = [entry.text for chart in kept for entry in chart.entries]
    assert sorted(texts) == [f"Illness {n}" for n in range(6)]
    assert sum("$export" in path for path in ehr.record.asked) == 1


def test_an_export_that_ended_there_is_begun_anew_the_next_time(begin: Any, ehr: FakeEhr) -> None:
    ehr.record.polls = 0
    ehr.record.files = {"Patient.1": lines(PATIENT)}
    first = begin()
    first.taken.status = f"{ehr.url}/bulk/status/gone"
    first._save()
    with pytest.raises(ExchangeError):
        begin().run()


def test_a_file_on_a_server_that_is_not_listed_is_not_fetched(begin: Any, ehr: FakeEhr) -> None:
    one = begin()
    one._waited = lambda told: {"output": [{"type": "Patient", "url": "https://evil.example/1"}]}
    with pytest.raises(ExchangeError, match="not listed"):
        one.run()


def test_the_state_of_another_import_is_refused(begin: Any, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"fhir": "https://other.lan/r4"}')
    with pytest.raises(ExchangeError, match="another import"):
        begin()


def test_the_command_keeps_the_charts_and_leaves_its_line_in_the_audit_log(
    ehr: FakeEhr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
    monkeypatch.setattr(
        "bedside.clinic.outbound.shut_in", lambda listed: None
    )  # it could not be undone in this process
    public = json.loads(call("exchange", "key", "-o", str(tmp_path / "key.json"), "--json")[1])
    ehr.record.clients["bedside"] = public["keys"][0]
    settings = tmp_path / "bedside.toml"
    settings.write_text(
        f'outbound = ["{ehr.url}"]\n[[fhir_servers]]\nfhir = "{ehr.fhir}"\nclient_id = "bedside"\n'
        f'key = "{tmp_path / "key.json"}"\n'
    )
    data = ["--data", str(tmp_path / "data"), "--settings", str(settings), "--json"]
    with open_clinic(tmp_path / "data"):
        pass
    ehr.record.polls = 0
    ehr.record.files = {"Patient.1": lines(PATIENT, b"{\n"), "Condition.1": lines(*HELD["Condition"])}
    code, out = call("exchange", "import", *data)[:2]
    assert (code, json.loads(out)["bad_lines"]) == (3, {"Patient 1": [2]})
    assert json.loads(call("exchange", "patient", "12", *data)[1])["new"] is False
    with open_clinic(tmp_path / "data") as clinic:
        assert clinic.records.patient_of("12") is not None
    log = "".join(path.read_text() for path in (tmp_path / "data" / "audit").glob("2*.jsonl"))
    assert "exchange.import" in log
    assert "exchange.patient" in log
