"""Whatever is sent, the server answers in its own shape and never with 500: from its description, and from noise."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core import NotSet

from bedside.server.clinic.parts import actions, load_parts, routers

QUIET = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        "resourceType",
        "entry",
        "resource",
        "Patient",
        "id",
        "subject",
        "reference",
        "code",
        "coding",
        "text",
        "valueQuantity",
        "value",
        "patient",
        "sex",
        "birth_date",
        "entries",
        "kind",
        "time",
        "unit",
        "codes",
        "identifiers",
        "type",
        "reason",
        "restricted",
        "users",
        "name",
        "password",
    ]
)
NEARLY = st.recursive(
    VALUES | st.sampled_from(["Bundle", "Patient", "Observation", "Patient/p1", "1950-13-45", "\ud800", "\0"]),
    lambda inner: st.dictionaries(KEYS, inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=20,
)
"""Words that a chart or a bundle has, in places where they do not belong."""


OURS, OPENAIS = {"code", "what", "request_id"}, {"message", "type", "param", "code"}


def answered(answer: Any) -> None:
    """Never our own fault, and every refusal in the shape of its standard, or as a page."""
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400 or answer.headers["content-type"].startswith("text/html"):
        return
    told = answer.json()
    if told.get("resourceType") == "OperationOutcome":
        assert {"severity", "code", "diagnostics"} <= told["issue"][0].keys()
    else:
        assert any(shape <= told["error"].keys() for shape in (OURS, OPENAIS))


def test_what_the_description_allows_and_nearly_allows_is_answered(ward: Any) -> None:
    schema = schemathesis.openapi.from_dict(ward.client.get("/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = set()
    for operation in operations:

        @QUIET
        @given(case=operation.as_strategy())
        def sends(case: Any) -> None:
            filled = {name: quote(str(value), safe="") for name, value in case.path_parameters.items()}
            sent = {} if isinstance(case.body, NotSet) else {"json": case.body}
            role = "admin" if "erase" in case.path else "clinician"
            answered(ward.as_(role).request(case.method, case.path.format(**filled), params=case.query, **sent))
            asked.add((case.method, case.path))

        sends()
    assert len(asked) == len(operations) >= 12


@pytest.mark.parametrize("action", ["patient.write", "patient.erase", "consent.write", "login"])
def test_json_of_any_shape_is_answered(ward: Any, action: str) -> None:
    address = {
        "patient.write": ("service", "/v1/patients"),
        "patient.erase": ("admin", "/v1/patients/p0/erase"),
        "consent.write": ("clinician", f"/v1/patients/{ward.patients[0]}/consent"),
        "login": ("", "/v1/login"),
    }
    role, path = address[action]

    @settings(QUIET, max_examples=15)
    @given(NEARLY)
    def sends(body: Any) -> None:
        answered(
            ward.as_(role).post(path, content=json.dumps(body).encode(), headers={"content-type": "application/json"})
        )

    sends()


ODD = (
    b"",
    b"{",
    b"\xff\xfe{}",
    b"[" * 100_000,
    b'{"resourceType": "Bundle", "entry": '
    + b'{"resource": {"resourceType": "Bundle", "entry": ' * 400
    + b"1"
    + b"}" * 801,
    b'{"a": 1e999}',
    b'{"a": NaN}',
    b'{"patient": "p", "entries": ' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"patient": "' + b"9" * 300 + b'"}',
    b'{"patient": "\\ud800"}',
    b'{"patient": "p\\u0000q", "entries": [{"id": "1", "kind": "Condition", "value": 1e308}]}',
    b'{"patient": "p", "sex": "maybe"}',
    b'{"resourceType": ["Patient"], "id": "p"}',
    b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": {"text": "Patient"}, "id": "p"}}]}',
    b'{"patient": "p", "deid": {}}',
)


def test_broken_deep_and_odd_bodies_are_answered(ward: Any) -> None:
    for body in ODD:
        answered(ward.as_("service").post("/v1/patients", content=body, headers={"content-type": "application/json"}))


def test_odd_addresses_and_queries_are_answered(ward: Any) -> None:
    found = [(method, path) for method, path, _ in actions(routers(load_parts(), ward.context)) if "{" in path]
    for value in ("%00", "%ff", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1--", "é" * 100, "😀", "%ed%a0%80"):
        for method, path in found:
            address = re.sub(r"\{[^}]*\}", lambda _, value=value: value, path)
            answered(ward.as_("clinician").request(method, address, json={"reason": "12345"}))
        answered(ward.as_("clinician").get(f"/v1/patients?query={value}&after={value}&limit={value}"))
        answered(ward.as_("clinician").get(f"/v1/patients?query={value}"))


def test_odd_methods_are_refused_in_the_one_shape(ward: Any) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        refused = ward.as_("clinician").request(method, "/v1/patients")
        assert (refused.status_code, refused.json()["error"]["code"]) == (405, "method_not_allowed"), method
