"""What goes wrong in a hospital: the power goes, the disk is full, a client is slow, a body is vast."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bedside.clinic._database import open_database
from bedside.clinic.audit.read import AuditReader
from bedside.clinic.open import open_clinic
from bedside.errors import ClinicError
from bedside.server.clinic.shell import Shell
from bedside.server.errors import Refusal

SRC = Path(__file__).parents[2] / "src"
WATCHER = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        where = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
        host = where[0] if isinstance(where, tuple) else where
        if host not in ("127.0.0.1", "localhost", None) and isinstance(where, (tuple, str)):
            os.write(2, f"CALLED OUT {event} {where}".encode())
            os._exit(97)
sys.addaudithook(watch)
"""
"""Laid under the whole server: the first connection to anywhere else ends it, and the tests with it."""


@pytest.fixture(scope="module")
def served(start_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server on fresh data under the watcher."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "sitecustomize.py").write_text(WATCHER)
    return start_server("[limits]\nbody_s = 5\nbody_bytes = 200_000\nrequests_per_second = 0\n", path=folder)


def test_a_body_of_100_megabytes_is_refused_at_its_first_line(served: Any) -> None:
    head = f"POST /v1/patients HTTP/1.1\r\nhost: x\r\nx-api-key: {served.key}\r\ncontent-length: 104857600\r\n\r\n"
    with served.speak(head.encode()) as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_large_body_from_nobody_is_not_taken_in(served: Any) -> None:
    head = "POST /v1/patients HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"
    with served.speak(head.encode()) as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 401")


def test_a_body_that_does_not_say_how_long_it_is_is_refused_once_it_is_too_long(served: Any) -> None:
    head = f"POST /v1/patients HTTP/1.1\r\nhost: x\r\nx-api-key: {served.key}\r\ntransfer-encoding: chunked\r\n\r\n"
    block = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with served.speak(head.encode()) as line:
        for _ in range(24):
            try:
                line.sendall(block)
            except OSError:
                break
        assert line.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_client_that_never_ends_its_body_is_let_go_and_holds_up_nobody(served: Any) -> None:
    head = f"POST /v1/patients HTTP/1.1\r\nhost: x\r\nx-api-key: {served.key}\r\ncontent-length: 50\r\n\r\n" + "{"
    with served.speak(head.encode()) as line:
        assert served.keep("NOT-HELD-UP")
        assert line.recv(1000).startswith(b"HTTP/1.1 408")


def test_a_head_without_end_is_refused(served: Any) -> None:
    with served.speak(b"GET /livez HTTP/1.1\r\nhost: x\r\n") as line:
        with suppress(OSError):  # it is refused before it is all sent
            line.sendall(b"x-a: " + b"a" * 200_000)
        assert line.recv(1000).startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))


def test_after_kill_9_everything_that_was_acknowledged_is_there_and_the_audit_log_is_whole(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged: dict[str, str] = {}

    def send(sender: int) -> None:
        try:
            for n in range(1000):
                number = f"KILL-{sender}-{n}"
                acknowledged[number] = served.keep(number)
        except (OSError, HTTPException):
            pass  # the server is gone, and this one was not acknowledged

    senders = [threading.Thread(target=send, args=(n,)) for n in range(3)]
    for one in senders:
        one.start()
    while len(acknowledged) < 30 and any(one.is_alive() for one in senders):
        time.sleep(0.01)
    assert served.process.poll() is None, served.process.stderr and served.process.stderr.read()
    os.kill(served.process.pid, signal.SIGKILL)
    for one in senders:
        one.join()
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
    with open_clinic(served.data) as clinic:
        assert {number: clinic.records.patient_of(number) for number in acknowledged} == acknowledged
        log = AuditReader(served.data / "audit")
        assert log.verify().good
        written = {line["patient"] for line in log.search({"action": "patient.write", "outcome": "done"})}
        assert set(acknowledged.values()) <= written


def test_on_sigterm_what_is_under_way_is_answered_and_the_server_ends(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(SRC), "BEDSIDE_HOME": str(tmp_path)}
    (tmp_path / "settings.toml").write_text("workers = 0\ndrain_s = 300.0\n")
    command = [sys.executable, "-m", "bedside", "serve", "--demo", "--json", "--port", "0"]
    command += ["--settings", str(tmp_path / "settings.toml")]
    head = b"POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 40\r\n"
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), timeout=300) as line:
                line.sendall(head + b"expect: 100-continue\r\n\r\n")
                assert line.recv(4000).startswith(b"HTTP/1.1 100")  # it is under way
                process.send_signal(signal.SIGTERM)
                line.sendall(b'{"name": "clinician", "password": "no"} ')
                assert b"login_failed" in b"".join(iter(lambda: line.recv(4000), b""))
            assert process.wait(300) == 0
        finally:
            process.kill()
    assert list((tmp_path / "demo").iterdir()) == []
    assert list((tmp_path / "keys").iterdir()) == []


def test_a_request_that_outlasts_the_draining_is_told_that_the_server_ends_and_nothing_is_raised(ward: Any) -> None:
    async def cut() -> list[Any]:
        begun, sent = asyncio.Event(), []

        async def forever(*_: Any) -> None:
            begun.set()
            await asyncio.Event().wait()

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/v1/patients", "query_string": b"", "headers": []}
        shell = Shell(forever, ward.context, lambda _: Refusal.response)
        task = asyncio.create_task(shell(scope, receive, send))
        await begun.wait()
        task.cancel()
        await task
        return sent

    start, body = ward.client.portal.call(cut)
    assert start["status"] == 503
    assert json.loads(body["body"])["error"]["code"] == "ending"


def test_on_a_full_disk_an_import_is_refused_and_what_was_kept_stays(ward: Any) -> None:
    engine = ward.clinic.database.engine
    engine.dispose()
    limit: Any = lambda connection, _: connection.execute("PRAGMA max_page_count = 1")  # noqa: E731
    event.listen(engine, "connect", limit)
    chart = {"patient": "BIG", "entries": [{"id": "1", "kind": "Condition", "text": os.urandom(60_000).hex()}]}
    refused = ward.as_("service").post("/v1/patients", json=chart)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    assert ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}").status_code == 200
    event.remove(engine, "connect", limit)
    engine.dispose()
    assert ward.as_("service").post("/v1/patients", json=chart).status_code == 201


def test_without_an_audit_line_there_is_no_answer(ward: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bedside.chain.os.write", full)
    refused = ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "audit_failed")
    assert "Atrial" not in refused.text
    assert ward.client.get("/livez").status_code == 200
    monkeypatch.undo()
    assert ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}").status_code == 200


def test_our_own_fault_is_told_by_an_id_without_a_word_of_the_chart(
    ward: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Any, id: str) -> None:
        raise RuntimeError("cannot digest Mary O'Brien")

    monkeypatch.setattr("bedside.clinic.records.Records.chart", broken)
    answer = ward.as_("clinician").get(f"/v1/patients/{ward.patients[0]}")
    assert answer.status_code == 500
    assert answer.json()["error"]["error_id"] in caplog.text
    assert "Brien" not in answer.text + caplog.text


def test_a_damaged_database_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "clinic.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(ClinicError, match="cannot be used"):
        open_database(tmp_path)
