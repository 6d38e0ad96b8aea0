"""A disk that takes no more bytes, a line torn by a power cut, a decayed page: told, and nothing acknowledged lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.audit.read import AuditReader
from bedside.clinic.doctor import examine
from bedside.clinic.open import open_clinic
from bedside.commands._call import call
from bedside.errors import ClinicError
from bedside.types import RawChart

resource = pytest.importorskip("resource")


@pytest.fixture(scope="module")
def served(start_server: Any) -> Any:
    """A server of these tests; the power cut, which comes last, ends it."""
    return start_server()


def room(served: Any, bytes: int) -> None:
    """How large the files of a running server may grow: what a full disk is to it."""
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (bytes, resource.RLIM_INFINITY))


def test_a_full_disk_refuses_what_it_cannot_keep_and_goes_on_without_hands_when_there_is_room(
    served: Any,
) -> None:
    before = served.keep("BEFORE")
    room(served, 1)
    refused = [served.ask("/v1/patients", {"patient": "DURING", "entries": []}), served.ask(f"/v1/patients/{before}")]
    assert [status for status, _ in refused] == [503, 503]
    assert {told["error"]["code"] for _, told in refused} <= {"unavailable", "audit_failed"}
    assert "Gout" not in str(refused)
    assert served.ask("/livez")[0] == 200
    room(served, resource.RLIM_INFINITY)
    after = served.keep("AFTER")
    assert [served.ask(f"/v1/patients/{id}")[0] for id in (before, after)] == [200, 200]
    found = AuditReader(served.data / "audit").verify()
    assert found.good


def test_after_a_power_cut_within_a_line_of_the_log_the_server_starts_and_all_that_was_answered_is_there(
    served: Any, start_server: Any
) -> None:
    kept = served.keep("KEPT")
    served.kill()
    (log,) = (served.data / "audit").glob("2*.jsonl")
    with log.open("ab") as torn:
        torn.write(b'{"n": 3, "time": "2026-')
    again = start_server(after=served)
    status, told = again.ask(f"/v1/patients/{kept}")
    assert (status, told["number"]) == (200, "KEPT")
    assert AuditReader(served.data / "audit").verify().good


def decay(path: Any) -> None:
    """Overwrite every page of a SQLite file but the first."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = bytearray(path.read_bytes())
    held[4096:] = b"\xa5" * (len(held) - 4096)
    path.write_bytes(held)


def test_a_decayed_page_is_told_by_server_and_doctor_and_nothing_of_it_is_served(
    ward: Any,
) -> None:
    ward.clinic.database.engine.dispose()
    decay(ward.data / "clinic.db")
    answer = ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    (check,) = [one for one in examine(ward.data) if one.name == "database"]
    assert not check.good


def test_one_decayed_chart_is_not_served_and_the_others_are(ward: Any) -> None:
    with sqlite3.connect(ward.data / "clinic.db") as database:
        database.execute(
            "UPDATE pieces SET sealed = zeroblob(length(sealed)) WHERE patient_id = ?", (ward.patients[0],)
        )
    database.close()
    asked = ward.as_("clinician")
    assert asked.get(f"/v1/patients/{ward.patients[0]}").status_code == 503
    assert asked.get(f"/v1/patients/{ward.patients[1]}").status_code == 200


def _key(folder: Path, digit: str) -> Path:
    path = folder / digit
    path.write_text(digit * 64)
    path.chmod(0o600)
    return path


def test_a_server_does_not_start_without_the_master_key_or_with_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BEDSIDE_CLINIC_KEY", raising=False)
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    with open_clinic(tmp_path / "data", key_file=_key(tmp_path, "a")) as clinic:
        clinic.records.keep(RawChart(patient="P1"))
    with pytest.raises(ClinicError, match="master key of this data is missing"):
        call("serve", "--data", str(tmp_path / "data"), "--port", "0")
    with pytest.raises(ClinicError, match="master key that is not at hand"):
        call("serve", "--data", str(tmp_path / "data"), "--port", "0", "--key-file", str(_key(tmp_path, "b")))
