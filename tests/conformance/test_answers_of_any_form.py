"""Whatever a server answers, `bedside conformance` says which clauses are not kept; it never ends by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.conformance._base import Answer, try_all
from bedside.conformance.standards import STANDARDS

NAMES = ("id", "data", "object", "services", "hook", "description", "prefetch", "cards", "rest", "operation", "error")
NAMES += ("resource", "resourceType", "type", "entry", "choices", "issue", "grant_types_supported", "name")
WORDS = ("Patient", "CapabilityStatement", "Bundle", "list", "model", "patient-view", "searchset", "analyze", "x")
LEAVES = st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(WORDS)
TOLD = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)
TYPES = ("application/json", "application/fhir+json", "text/event-stream")


@pytest.mark.parametrize("standard", STANDARDS)
@given(told=TOLD, status=st.sampled_from((200, 202, 400, 404, 405, 412, 500)), kind=st.sampled_from(TYPES))
def test_an_answer_of_any_form_keeps_a_clause_or_does_not(standard: str, told: Any, status: int, kind: str) -> None:
    def client(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        return Answer(status, {"content-type": kind}, json.dumps(told).encode())

    tried = try_all(standard, STANDARDS[standard], client)
    assert len(tried) == len(STANDARDS[standard])
    assert all(one.why for one in tried if one.outcome == "failed")


def test_a_service_without_a_name_fails_its_calls_and_says_what_was_missing() -> None:
    def client(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        return Answer(200, {"content-type": "application/json"}, b'{"services": [{}]}')

    tried = {one.id: one for one in try_all("cds-hooks", STANDARDS["cds-hooks"], client)}
    assert tried["calls"].outcome == "failed"
    assert "'hook'" in tried["calls"].why
