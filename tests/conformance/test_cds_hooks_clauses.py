"""`bedside conformance` finds our own server in order, and each fault of a broken one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.conformance._base import Answer, Check, http_client, try_all
from bedside.conformance._cds_hooks_calls import request
from bedside.conformance.cds_hooks import CHECKS
from bedside.errors import UsageError

SERVICE = {
    "hook": "order-sign",
    "id": "s1",
    "description": "x",
    "prefetch": {"patient": "Patient/{{context.patientId}}"},
}
CARD = {
    "uuid": "u",
    "summary": "Penicillin allergy",
    "indicator": "critical",
    "source": {"label": "x"},
    "suggestions": [
        {"label": "Remove", "actions": [{"type": "delete", "description": "x", "resourceId": "MedicationRequest/o1"}]}
    ],
    "selectionBehavior": "any",
    "links": [{"label": "x", "url": "https://example.org", "type": "absolute"}],
}


class Fake:
    """A server in order, but for one fault: `change` takes (method, path, body, status, told) to what it answers."""

    def __init__(self, change: Callable[..., tuple[int, Any]] = lambda *given: given[-2:]) -> None:
        self._change = change

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        status, told = self._change(method, path, body, *self._right(path, body))
        return Answer(status, {"content-type": "application/json"}, json.dumps(told).encode())

    def _right(self, path: str, body: Any) -> tuple[int, Any]:
        given = body if isinstance(body, dict) else {}
        if path == "/cds-services":
            return 200, {"services": [SERVICE]}
        if not path.startswith("/cds-services/s1"):
            return 404, {}
        if path.endswith("/feedback"):
            return 200, {}
        if given.get("hook") != "order-sign" or not {"context", "hookInstance"} <= given.keys():
            return 400, {}
        return (200, {"cards": [CARD]}) if given.get("prefetch") else (412, {})


def failed(client: Any) -> set[str]:
    return {one.id for one in try_all("cds-hooks", CHECKS, client) if one.outcome == "failed"}


def test_a_server_in_order_keeps_every_clause() -> None:
    tried = try_all("cds-hooks", CHECKS, Fake())
    assert {one.outcome for one in tried} == {"passed"}


def card(**change: Any) -> Callable[..., tuple[int, Any]]:
    def changed(method: str, path: str, body: Any, status: int, told: Any) -> tuple[int, Any]:
        return status, {"cards": [{**CARD, **change}]} if isinstance(told, dict) and told.get("cards") else told

    return changed


def service(**change: Any) -> Callable[..., tuple[int, Any]]:
    def changed(method: str, path: str, body: Any, status: int, told: Any) -> tuple[int, Any]:
        return status, {"services": [{**SERVICE, **change}]} if path == "/cds-services" else told

    return changed


def instead(was: int, status: int, told: Any = None) -> Callable[..., tuple[int, Any]]:
    return lambda method, path, body, found, right: (status, told) if found == was else (found, right)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (service(description=""), "services"),
        (service(prefetch={"patient": "Patient/{{patient}}"}), "prefetch"),
        (card(summary="x" * 141), "cards"),
        (card(indicator="success"), "cards"),
        (card(source={}), "cards"),
        (card(selectionBehavior=None), "suggestions"),
        (card(suggestions=[{"label": "x", "actions": [{"type": "delete", "description": "x"}]}]), "suggestions"),
        (card(links=[{"label": "x", "url": "/relative", "type": "absolute"}]), "links"),
        (instead(404, 200, {"cards": []}), "unknown"),
        (instead(400, 200, {"cards": []}), "context"),
        (instead(400, 500), "no-json"),
        (instead(412, 500), "no-data"),
        (lambda m, path, b, s, t: (500, {}) if path.endswith("feedback") else (s, t), "feedback"),
        (lambda m, path, b, s, t: (404, {}) if path == "/cds-services" else (s, t), "discovery"),
    ],
)
def test_each_fault_is_found_by_the_clause_it_breaks(change: Any, check: str) -> None:
    assert check in failed(Fake(change))


def test_a_call_carries_what_the_hook_requires() -> None:
    told = request(
        {"hook": "order-select", "id": "s", "prefetch": {"a": "AllergyIntolerance?patient={{context.patientId}}"}}
    )
    assert told["context"]["selections"] == ["MedicationRequest/o1"]
    assert told["prefetch"]["a"]["entry"][0]["resource"]["code"]["text"] == "Penicillin"


@pytest.fixture
def url() -> Iterator[str]:
    """The fake over HTTP."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(fake("GET", self.path))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                body = json.loads(sent)
            except ValueError:
                body = None
            self._answer(fake("POST", self.path, body))

        def _answer(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_command_says_clause_by_clause_and_its_exit_code_says_whether_all_is_kept(url: str) -> None:
    code, heard = call("conformance", url, "--standard", "cds-hooks", "--json")
    told = json.loads(heard.splitlines()[-1])
    assert (code, told["conforms"], len(told["tried"])) == (0, True, len(CHECKS))
    code, heard = call("conformance", url + "/elsewhere", "--standard", "cds-hooks")
    assert code == 3
    assert "NOT kept" in heard


def test_a_server_that_does_not_answer_is_said_and_an_address_that_is_none_refused() -> None:
    nobody: tuple[Check, ...] = CHECKS[:1]
    (tried,) = try_all("cds-hooks", nobody, http_client("http://127.0.0.1:9"))
    assert (tried.outcome, "no answer" in tried.why) == ("failed", True)
    with pytest.raises(UsageError, match="not an address"):
        http_client("file:///etc/passwd")
