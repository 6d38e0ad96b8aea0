"""The audit log: what was done stands there, in order, and nothing can be changed, taken out or cut off unseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.audit.log import AuditLog, Event
from bedside.clinic.audit.read import AuditReader
from bedside.clinic.audit.retention import AUDIT_YEARS, prune
from bedside.clinic.audit.signer import open_signer
from bedside.errors import AuditError, UsageError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, ring: Any, clock: Clock) -> AuditLog:
    folder = tmp_path / "audit"
    folder.mkdir()
    return AuditLog(folder, open_signer(folder / "signer.json", ring), clock)


def read(log: AuditLog) -> AuditReader:
    return AuditReader(log.folder)


def fill(log: AuditLog, n: int = 5) -> None:
    for k in range(n):
        log.write(Event(action="patient.read", outcome="done", who=f"u{k}", patient=f"p{k % 2}"))


def change(path: Path, how: str) -> None:
    lines = path.read_text().splitlines()
    if how == "changed":
        lines[2] = lines[2].replace('"p0"', '"p9"')
    elif how == "removed":
        del lines[2]
    elif how == "swapped":
        lines[1], lines[2] = lines[2], lines[1]
    elif how == "corrupt":
        lines[2] = lines[2][:20]
    elif how == "cut off":
        del lines[-1]
    path.write_text("\n".join(lines) + "\n")


def test_what_was_written_is_found_by_person_patient_and_time(log: AuditLog) -> None:
    fill(log)
    assert [line["who"] for line in read(log).search({"patient": "p0"})] == ["u0", "u2", "u4"]
    assert [line["who"] for line in read(log).search({}, since="2026-11-23T12:00:05")] == ["u4"]
    assert read(log).verify().lines == 5


@pytest.mark.parametrize("how", ["changed", "removed", "swapped", "corrupt", "cut off"])
def test_a_log_that_was_tampered_with_is_found_out(log: AuditLog, how: str) -> None:
    fill(log)
    change(log.folder / "2026.jsonl", how)
    with pytest.raises(AuditError):
        read(log).verify()


def test_a_log_that_was_cut_off_takes_no_more_lines(log: AuditLog) -> None:
    fill(log)
    change(log.folder / "2026.jsonl", "cut off")
    with pytest.raises(AuditError, match="changed"):
        fill(log, 1)


@pytest.mark.parametrize("gone", ["head.json", "2026.jsonl"])
def test_a_file_that_vanished_is_found_out(log: AuditLog, gone: str) -> None:
    fill(log)
    (log.folder / gone).unlink()
    with pytest.raises(AuditError):
        read(log).verify()
    with pytest.raises(AuditError):
        fill(log, 1)


def test_a_forged_end_is_not_signed(log: AuditLog) -> None:
    fill(log)
    head = json.loads((log.folder / "head.json").read_text())
    (log.folder / "head.json").write_text(json.dumps({**head, "n": 4}))
    with pytest.raises(AuditError, match="changed"):
        read(log).verify()


def test_a_log_put_back_whole_is_found_out_with_a_checkpoint_kept_elsewhere(log: AuditLog) -> None:
    fill(log)
    before = {path: path.read_bytes() for path in log.folder.iterdir()}
    fill(log)
    kept = read(log).head()
    for path, was in before.items():
        path.write_bytes(was)
    assert read(log).verify().lines == 5
    with pytest.raises(AuditError, match="missing at the end"):
        read(log).verify(kept)


def test_lines_slipped_in_after_the_signed_end_are_told(log: AuditLog) -> None:
    fill(log)
    head = (log.folder / "head.json").read_bytes()
    fill(log, 3)
    (log.folder / "head.json").write_bytes(head)
    found = read(log).verify()
    assert (found.unsigned, found.good) == (3, False)


def test_a_line_torn_by_a_power_cut_is_dropped_and_the_log_goes_on(log: AuditLog) -> None:
    fill(log)
    with (log.folder / "2026.jsonl").open("ab") as torn:
        torn.write(b'{"n": 6, "time": "2026')
    fill(log, 1)
    assert read(log).verify().lines == 6


def test_threads_and_processes_side_by_side_keep_one_chain(log: AuditLog, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bedside.clinic.keys.keyring import keyring;"
        "from bedside.clinic.audit.signer import open_signer; from bedside.clinic.audit.log import AuditLog, Event;"
        "folder = Path(sys.argv[1]); log = AuditLog(folder, open_signer(folder / 'signer.json', keyring([b'm' * 32])));"
        "[log.write(Event(action='a', outcome='done')) for _ in range(20)]"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    others = [subprocess.Popen([sys.executable, "-c", code, str(log.folder)], env=env) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        [*pool.map(lambda _: fill(log, 1), range(20))]
    assert [other.wait(600) for other in others] == [0, 0]
    assert read(log).verify().lines == 60


def test_a_disk_that_is_full_refuses_the_act_and_leaves_no_half_line(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(log)
    write = os.write
    monkeypatch.setattr("bedside.chain.os.write", lambda handle, data: write(handle, data[: len(data) // 2]))
    with pytest.raises(AuditError, match="cannot be written"):
        fill(log, 1)
    monkeypatch.undo()
    fill(log, 1)
    assert read(log).verify().lines == 6


def test_a_clock_put_back_a_year_is_noted_and_the_order_stays(log: AuditLog, clock: Clock) -> None:
    fill(log, 2)
    clock.now -= timedelta(days=400)
    fill(log, 2)
    found = read(log).verify()
    assert (found.lines, found.clock_back) == (4, (3,))


def test_a_new_year_is_a_new_file_of_the_same_chain(log: AuditLog, clock: Clock) -> None:
    fill(log, 2)
    clock.now += timedelta(days=60)
    fill(log, 2)
    assert [path.name for path in read(log).years()] == ["2026.jsonl", "2027.jsonl"]
    assert read(log).verify().lines == 4


def test_a_younger_file_than_the_law_asks_is_not_deleted_and_an_older_one_may_be(
    log: AuditLog, clock: Clock, ring: Any
) -> None:
    signer = open_signer(log.folder / "signer.json", ring)
    fill(log, 3)
    clock.now = datetime(2027, 1, 5, tzinfo=UTC)
    fill(log, 2)
    with pytest.raises(UsageError, match="15 years"):
        prune(read(log), signer, 2027, datetime(2026 + AUDIT_YEARS, 12, 31, tzinfo=UTC))
    assert read(log).verify().lines == 5
    assert prune(read(log), signer, 2027, datetime(2027 + AUDIT_YEARS, 1, 1, tzinfo=UTC)) == ["2026.jsonl"]
    found = read(log).verify()
    assert (found.lines, found.first) == (2, 4)
    fill(log, 1)
    assert read(log).verify().lines == 3


def test_no_text_of_a_patient_slips_into_a_line(log: AuditLog) -> None:
    log.write(
        Event(
            action="advise",
            outcome="done",
            detail={"hook": "patient-view", "said": "chest pain since Monday", "话": "胸痛"},
        )
    )
    (line,) = read(log).lines()
    assert line["detail"] == {"hook": "patient-view", "said": "text:23", "话": "text:2"}


def test_every_256_lines_a_checkpoint_is_kept(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.chain.os.fsync", lambda handle: None)
    fill(log, 257)
    assert len((log.folder / "checkpoints.jsonl").read_text().splitlines()) == 1
    assert read(log).verify().checkpoints == 2
