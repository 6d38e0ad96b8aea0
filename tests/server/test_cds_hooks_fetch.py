"""What a client did not prefetch is read from its FHIR server, and from no server that is not listed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bedside.server.cds_hooks.fetch import fetcher
from bedside.server.cds_hooks.request import Authorization, HookRequest

PATIENT = {"resourceType": "Patient", "id": "12"}


class Hospital(ThreadingHTTPServer):
    """A FHIR server that keeps what it was asked."""

    asked: list[tuple[str, str]]


@pytest.fixture
def hospital() -> Iterator[Hospital]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers.get("Authorization", "")))
            if self.path.endswith("moved"):
                self.send_response(302)
                self.send_header("Location", "/fhir/Patient/12")
                self.end_headers()
                return
            gone = {"resourceType": "OperationOutcome", "issue": []}
            body = json.dumps(PATIENT if self.path == "/fhir/Patient/12" else gone).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = Hospital(("127.0.0.1", 0), Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def call(address: str | None, *, token: str | None = "t0k3n") -> HookRequest:
    authorization = Authorization(token, "user/*.read", "cds") if token else None
    return HookRequest("i", "12", {}, None, {}, fhir_server=address, authorization=authorization)


def test_a_listed_server_is_read_with_the_clients_token(hospital: Hospital) -> None:
    address = f"http://127.0.0.1:{hospital.server_port}"
    fetch = fetcher([address])
    assert fetch(call(f"{address}/fhir/"), "Patient/12") == PATIENT
    assert hospital.asked == [("/fhir/Patient/12", "Bearer t0k3n")]
    assert fetch(call(f"{address}/fhir"), "Patient/none") is None


def test_a_server_that_is_not_listed_is_never_knocked_at(hospital: Hospital) -> None:
    address = f"http://127.0.0.1:{hospital.server_port}"
    for listed in ([], ["https://fhir.example.org"], [f"http://127.0.0.1:{hospital.server_port + 1}"]):
        assert fetcher(listed)(call(f"{address}/fhir"), "Patient/12") is None
    assert fetcher([address])(call(f"{address}/fhir", token=None), "Patient/12") is None
    assert hospital.asked == []


def test_a_redirect_is_not_followed(hospital: Hospital) -> None:
    address = f"http://127.0.0.1:{hospital.server_port}"
    assert fetcher([address])(call(f"{address}/fhir"), "moved") is None
    assert [path for path, _ in hospital.asked] == ["/fhir/moved"]


@pytest.mark.parametrize(
    "address",
    [
        "http://fhir.example.org",
        "ftp://fhir.example.org",
        "file:///etc/passwd",
        "https://fhir.example.org@evil.example",
        "https://user@fhir.example.org",
        "https://fhir.example.org:bad",
        "not an address",
    ],
)
def test_an_address_that_is_unsafe_or_none_is_not_used(address: str) -> None:
    assert fetcher(["https://fhir.example.org", "http://fhir.example.org"])(call(address), "Patient/12") is None
