"""`bedside conformance` finds each fault of a server that speaks SMART or Bulk Data wrongly."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bedside.conformance import bulk, smart
from bedside.conformance._base import Answer, try_all

SMART = {
    "token_endpoint": "https://login.example/token",
    "grant_types_supported": ["client_credentials"],
    "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["ES384"],
    "scopes_supported": ["openid", "launch/patient", "system/*.rs", "patient/Observation.rs?category=laboratory"],
}
KEY = {"kty": "EC", "crv": "P-384", "kid": "k", "x": "x", "y": "y"}
Change = Callable[[str, str, int, dict[str, str], Any], tuple[int, dict[str, str], Any]]


def failed(checks: Any, client: Any) -> set[str]:
    return {one.id for one in try_all("x", checks, client) if one.outcome == "failed"}


def smart_server(key: dict[str, Any] = KEY, **change: Any) -> Any:
    def client(method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        told = {"keys": [key]} if path.endswith("jwks.json") else {**SMART, **change}
        return Answer(200, {}, json.dumps(told).encode())

    return client


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, set()),
        ({"token_endpoint": "http://login.example/token"}, {"grants"}),
        ({"grant_types_supported": ["authorization_code"]}, {"grants"}),
        ({"code_challenge_methods_supported": ["S256", "plain"]}, {"configuration"}),
        ({"scopes_supported": ["patient/*.read"]}, {"scopes"}),
        ({"scopes_supported": ["system/Patient.sr"]}, {"scopes"}),
        ({"token_endpoint_auth_signing_alg_values_supported": ["HS256"]}, {"backend"}),
        ({"key": {**KEY, "d": "secret"}}, {"keys"}),
        ({"key": {**KEY, "kid": None}}, {"keys"}),
    ],
)
def test_each_fault_of_a_smart_server_is_found(change: dict[str, Any], fault: set[str]) -> None:
    assert failed(smart.CHECKS, smart_server(**change)) == fault


def bulk_server(change: Change = lambda method, path, *told: told) -> Any:
    """A server in order but for what `change` makes of (status, headers, body)."""
    gone: list[str] = []
    asked = [""]

    def right(method: str, path: str, headers: Any) -> tuple[int, dict[str, str], Any]:
        if "_type=Spaceship" in path:
            return 400, {}, {"resourceType": "OperationOutcome"}
        if path.startswith("/fhir/Group/no-such"):
            return 404, {}, {"resourceType": "OperationOutcome"}
        if path.split("?")[0] == "/fhir/Group":
            return 200, {}, {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Group", "id": "ours"}}]}
        if "$export" in path:
            begun = (headers or {}).get("Prefer") == "respond-async"
            gone.clear()
            asked[:] = [f"https://h{path}"]
            return (202, {"content-location": "https://h/fhir/job"}, {}) if begun else (400, {}, {})
        if method == "DELETE":
            gone.append(path)
            return 202, {}, {}
        if path == "/fhir/job":
            output = [{"type": "Patient", "url": "https://h/fhir/file"}]
            told = {
                "transactionTime": "t",
                "request": asked[-1],
                "requiresAccessToken": True,
                "output": output,
                "error": [],
            }
            return (404, {}, {}) if gone else (200, {}, told)
        return 200, {"content-type": "application/fhir+ndjson"}, {"resourceType": "Patient"}

    def client(method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        status, told, said = change(method, path, *right(method, path, headers))
        return Answer(status, told, json.dumps(said).encode() + b"\n")

    return client


def on(place: str, status: int | None = None, headers: dict[str, str] | None = None, **said: Any) -> Change:
    """Another status, headers or fields where the path or method is that one."""

    def change(method: str, path: str, *told: Any) -> tuple[int, dict[str, str], Any]:
        if place not in (method, path.split("?")[0]):
            return told  # type: ignore[return-value]
        return status or told[0], told[1] if headers is None else headers, {**told[2], **said}

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda method, path, *told: told, set()),
        (on("/fhir/file", headers={"content-type": "application/json"}), {"ndjson"}),
        (on("/fhir/file", resourceType="Observation"), {"ndjson"}),
        (on("DELETE", 200), {"cancel"}),
        (on("/fhir/Patient/$export", 200), {"kick-off", "async", "manifest", "ndjson", "cancel", "unknown-type"}),
        (on("/fhir/Patient/$export", headers={}), {"kick-off", "manifest", "ndjson", "cancel"}),
        (on("/fhir/job", output=[{"type": "Condition", "url": "https://h/fhir/file"}]), {"manifest", "group"}),
        (on("/fhir/job", 200), {"cancel"}),
    ],
)
def test_each_fault_of_a_bulk_server_is_found(change: Change, fault: set[str]) -> None:
    assert failed(bulk.CHECKS, bulk_server(change)) == fault


def test_a_server_without_exports_is_not_faulted() -> None:
    refused = bulk_server(lambda method, path, *told: (403, {}, {}))
    assert {one.outcome for one in try_all("bulk", bulk.CHECKS, refused)} == {"skipped"}
