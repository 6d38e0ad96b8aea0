"""Workers run jobs in processes of their own; what a kill cut short is gone on with, and ends as if undisturbed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.audit.read import AuditReader
from bedside.clinic.jobs.jobs import Job
from bedside.clinic.jobs.run import Attempt
from bedside.clinic.jobs.turns import Turns
from bedside.clinic.jobs.words import state_said
from bedside.clinic.jobs.worker import Worker
from bedside.clinic.open import Clinic, open_clinic

SRC = Path(__file__).parents[2] / "src"
WAITS = "import time, sys; print('ready', flush=True); time.sleep(600)"
FIT = ["notes.csv", "--text", "note", "--label", "sick", "--backbone", "echo", "--epochs", "30", "--seed", "1", "-o"]
PATIENCE_S = 300
HELD = """
import os, time
from pathlib import Path
from bedside import steps

def held(teller, amount, advance=steps.Teller.advance, seen=Path({seen!r})):
    advance(teller, amount)
    if teller._name == "fitting" and teller._done > 2 and not seen.exists():
        seen.touch()
        time.sleep(600)

if steps.VARIABLE in os.environ:
    steps.Teller.advance = held
"""
"""Laid under a worker: the first of its fits stops in the middle, so that it can be killed there and nowhere else."""


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
    monkeypatch.setenv("PYTHONPATH", str(SRC))
    with open_clinic(tmp_path / "data") as opened:
        work = opened.folder / "work"
        work.mkdir()
        words = [("chest pain and fever 发热", "yes"), ("walks well and eats well 良好", "no")] * 40
        rows = [f"{n},{text} {n},{sick}" for n, (text, sick) in enumerate(words)]
        (work / "notes.csv").write_text("\n".join(["patient,note,sick", *rows]) + "\n", encoding="utf-8")
        (work / "torn.csv").write_text("patient,note\n1,gout\n2,cough,what,is,this\n", encoding="utf-8")
        yield opened


def until(true: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def now(clinic: Clinic, job: Job) -> Job:
    found = clinic.jobs.get(job.id)
    assert found is not None
    return found


def hold_the_next_fit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is there once it is in the middle."""
    (folder / "sitecustomize.py").write_text(HELD.format(seen=str(folder / "fitting")))
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{SRC}")
    return folder / "fitting"


def work(clinic: Clinic) -> None:
    Worker(Turns(clinic.jobs, lease_s=500), clinic.audit).run(once=True)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb that waits for ever, in place of any other."""
    real = subprocess.Popen
    monkeypatch.setattr(
        "bedside.clinic.jobs.run.subprocess.Popen",
        lambda words, **given: real([sys.executable, "-c", WAITS], **given),
    )


def test_a_job_runs_to_its_end_and_leaves_its_result_and_a_line_in_the_audit_log(clinic: Clinic) -> None:
    job = clinic.jobs.add("import", ["notes.csv", "--map", "text=note", "-o", "charts.jsonl"], by="u1")
    torn = clinic.jobs.add("import", ["torn.csv", "--map", "text=note", "-o", "torn.jsonl"], by="u1")
    bad = clinic.jobs.add("import", ["notes.csv", "--map", "text=none", "-o", "bad.jsonl"], by="u1")
    work(clinic)
    done, failed = now(clinic, job), now(clinic, bad)
    assert now(clinic, torn).state == "partial"
    assert (done.state, done.attempts) == ("done", 1)
    assert done.result is not None
    assert done.result["totals"]["charts"] == 80
    assert len((clinic.folder / "work" / "charts.jsonl").read_text().splitlines()) == 80
    assert failed.state == "failed"
    assert state_said(failed) == "failed: its input cannot be used"
    assert list((clinic.folder / "jobs").iterdir()) == []
    lines = list(AuditReader(clinic.folder / "audit").search({"action": "jobs.run"}))
    assert [(line["detail"]["job"], line["outcome"]) for line in lines] == [
        (job.id, "done"),
        (torn.id, "partial"),
        (bad.id, "failed"),
    ]


def test_a_job_knows_neither_the_master_key_nor_another_machine(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = (
        "import runpy, sys\nfrom bedside.clinic.jobs import leash\n"
        "key = 'import os; print(os.environ.get(sys.argv[1]))'\n"
        "def run(*a, **k):\n exec(key)\n import socket\n socket.getaddrinfo('example.org', 80)\n"
        "runpy.run_module = run\nleash.main()"
    )
    real = subprocess.Popen
    monkeypatch.setattr(
        "bedside.clinic.jobs.run.subprocess.Popen",
        lambda words, **given: real([sys.executable, "-c", asks, "BEDSIDE_CLINIC_KEY"], **given),
    )
    attempt = Attempt("j" + "0" * 20, [], clinic.folder, "en")
    assert attempt.wait(PATIENCE_S) == 1
    folder = clinic.folder / "jobs" / ("j" + "0" * 20)
    assert (folder / "out").read_text() == "None\n"
    assert "Outbound" in (folder / "err").read_text()
    attempt.close()


def test_a_cancelled_job_ends_with_all_its_processes(clinic: Clinic, waits: None) -> None:
    job = clinic.jobs.add("import", ["notes.csv", "-o", "charts.jsonl"], by="u1")
    worker = threading.Thread(target=work, args=(clinic,))
    worker.start()
    until(lambda: (clinic.folder / "jobs" / job.id / "out").exists(), "begun")
    clinic.jobs.cancel(job.id)
    worker.join(PATIENCE_S)
    assert now(clinic, job).state == "cancelled"


def test_a_worker_that_is_asked_to_end_gives_its_job_back(clinic: Clinic, waits: None) -> None:
    job = clinic.jobs.add("import", ["notes.csv", "-o", "charts.jsonl"], by="u1")
    worker = Worker(Turns(clinic.jobs, lease_s=500), clinic.audit)
    thread = threading.Thread(target=worker.run)
    thread.start()
    until(lambda: (clinic.folder / "jobs" / job.id / "out").exists(), "begun")
    worker.stop()
    thread.join(PATIENCE_S)
    assert (now(clinic, job).state, now(clinic, job).reason, now(clinic, job).attempts) == (
        "queued",
        "worker_stopped",
        0,
    )


def test_a_process_that_is_killed_each_time_fails_with_its_signal(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.Popen
    ends = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    monkeypatch.setattr(
        "bedside.clinic.jobs.run.subprocess.Popen", lambda words, **given: real([sys.executable, "-c", ends], **given)
    )
    job = clinic.jobs.add("import", ["notes.csv", "-o", "charts.jsonl"], by="u1")
    work(clinic)
    assert (now(clinic, job).state, now(clinic, job).reason, now(clinic, job).attempts) == ("failed", "signal_9", 3)


def test_what_follows_a_job_may_fail_without_ending_the_worker(clinic: Clinic) -> None:
    def breaks(job: Job, result: dict[str, Any]) -> None:
        raise RuntimeError("cannot digest Mary O'Brien")

    job = clinic.jobs.add("import", ["notes.csv", "--map", "text=note", "-o", "charts.jsonl"], by="u1")
    Worker(Turns(clinic.jobs, lease_s=500), clinic.audit, breaks).run(once=True)
    assert (now(clinic, job).state, now(clinic, job).reason) == ("failed", "internal")
    assert "Mary" not in json.dumps(dict(now(clinic, job).result or {}))


def test_after_kill_9_of_worker_the_next_goes_on_and_the_model_is_the_one_undisturbed(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = clinic.jobs.add("fit", [*FIT, "straight"], by="u1")
    work(clinic)
    assert now(clinic, straight).state == "done"
    job = clinic.jobs.add("fit", [*FIT, "killed"], by="u1")
    fitting = hold_the_next_fit(tmp_path, monkeypatch)
    words = ["jobs", "work", "--data", str(clinic.folder), "--lease", "1"]
    with subprocess.Popen([sys.executable, "-m", "bedside", *words], start_new_session=True) as worker:
        try:
            until(fitting.exists, "fitting")
        finally:
            worker.kill()
    assert now(clinic, job).state == "running"
    until(lambda: not _alive(job.id), "its process ended with it")
    until(lambda: (work(clinic), now(clinic, job).state == "done")[1], "taken again")
    assert now(clinic, job).attempts == 2
    one, other = (
        json.loads((clinic.folder / "work" / name / "manifest.json").read_text())["sha256"]
        for name in ("straight", "killed")
    )
    assert one["head.safetensors"] == other["head.safetensors"]
    assert one["calibration.json"] == other["calibration.json"]


def test_when_the_server_is_killed_its_worker_ends_too_and_the_job_waits_for_the_next(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, fitting = clinic.jobs.add("fit", [*FIT, "m"], by="u1"), hold_the_next_fit(tmp_path, monkeypatch)
    words = ["serve", "--data", str(clinic.folder), "--port", "0", "--json"]
    with subprocess.Popen([sys.executable, "-m", "bedside", *words], stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert json.loads(server.stdout.readline())["url"]
            until(fitting.exists, "taken by the worker beside the server")
        finally:
            server.kill()
    until(lambda: now(clinic, job).state == "queued", "given back")
    assert (now(clinic, job).reason, now(clinic, job).attempts) == ("worker_stopped", 0)
    until(lambda: not _alive(job.id), "its process ended")


def _alive(job_id: str) -> bool:
    """Whether any process still writes for that job."""
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if job_id.encode() in place.read_bytes():
                return True
        except OSError:
            continue
    return False
