"""A backup made while people work is restored as a server's data: nothing of before is missing, the log is whole."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.audit.log import Event
from bedside.clinic.audit.read import AuditReader
from bedside.clinic.backup import _signed_years, back_up
from bedside.clinic.doctor import examine
from bedside.clinic.open import open_clinic
from bedside.commands._call import call
from bedside.errors import AuditError, ClinicError, UsageError
from bedside.review import Queue


def test_a_backup_under_way_while_patients_come_in_restores_all_that_was_there_when_it_began(
    ward: Any, tmp_path: Path
) -> None:
    def come_in() -> None:
        for n in range(40):
            ward.as_("service").post("/v1/patients", json={"patient": f"MEANWHILE-{n}", "entries": []})

    with Queue(ward.clinic.review):
        pass
    asked = ward.as_("service")
    assert asked.post("/v1/patients", json={"patient": "BEFORE", "entries": []}).status_code == 201
    coming = threading.Thread(target=come_in)
    coming.start()
    made = back_up(ward.data, tmp_path / "copy")
    coming.join()
    assert made.databases == 2
    with open_clinic(tmp_path / "copy") as restored:
        before = restored.records.patient_of("BEFORE")
        assert before is not None
        assert restored.records.chart(before) is not None
        assert restored.keys.who(ward.keys["clinician"]) is not None
        log = AuditReader(tmp_path / "copy" / "audit")
        assert log.verify().unsigned == 0
        written = {line["patient"] for line in log.search({"action": "patient.write", "outcome": "done"})}
        here = {one.id for one in restored.records.search(limit=100)} - set(ward.patients)
        assert before in written & here
        assert AuditReader(ward.data / "audit").verify().good


def test_a_line_written_while_the_log_is_copied_is_not_in_the_copy(
    ward: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(log: Path, head: dict[str, int]) -> Any:
        ward.clinic.audit.write(Event(action="advise", outcome="done"))
        return _signed_years(log, head)

    ward.clinic.audit.write(Event(action="advise", outcome="done"))
    monkeypatch.setattr("bedside.clinic.backup._signed_years", meanwhile)
    assert back_up(ward.data, tmp_path / "copy").audit_lines == 1
    assert AuditReader(tmp_path / "copy" / "audit").verify().unsigned == 0


def test_a_restored_server_goes_on_with_the_same_log(ward: Any, tmp_path: Path) -> None:
    ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}")
    back_up(ward.data, tmp_path / "copy")
    with open_clinic(tmp_path / "copy") as restored:
        assert restored.audit.write(Event(action="advise", outcome="done")) == 2
    assert AuditReader(tmp_path / "copy" / "audit").verify().lines == 2
    assert all(one.good for one in examine(tmp_path / "copy") if one.name in ("audit", "database", "data folder"))


def test_what_is_damaged_is_not_backed_up_as_if_it_were_whole(ward: Any, tmp_path: Path) -> None:
    ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}")
    (log,) = (ward.data / "audit").glob("2*.jsonl")
    log.write_bytes(log.read_bytes().replace(b'"done"', b'"none"'))
    with pytest.raises(AuditError, match="was changed"):
        back_up(ward.data, tmp_path / "copy")
    (ward.data / "cards.sqlite").write_bytes(b"SQLite format 3\0" + b"\xa5" * 8000)
    with pytest.raises(ClinicError, match="damaged"):
        back_up(ward.data, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_backup_is_made_from_the_command_line_and_never_over_another_one_or_within_the_data(
    ward: Any, tmp_path: Path
) -> None:
    _, told = call("backup", "--data", str(ward.data), "-o", str(tmp_path / "copy"))
    assert "1 databases" in told
    for wrong in (tmp_path / "copy", ward.data / "copy"):
        with pytest.raises(UsageError, match="new folder"):
            call("backup", "--data", str(ward.data), "-o", str(wrong))
