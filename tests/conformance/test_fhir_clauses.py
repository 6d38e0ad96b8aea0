"""`bedside conformance` holds FHIR's operations to what they promise: a document begins with its Composition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bedside.conformance._base import Answer, Broken, NotTried
from bedside.conformance.fhir import CHECKS

RUN = {check.id: check.run for check in CHECKS}
DOCUMENT = {"type": "document", "identifier": {"value": "1"}, "entry": [{"resource": {"resourceType": "Composition"}}]}
COLLECTION = {"type": "collection", "entry": [{"resource": {"resourceType": "Provenance"}}]}


class Server:
    """Tells the operations `told`, and answers each of them with `answer`."""

    def __init__(
        self, answer: dict[str, Any], told: tuple[str, ...] = ("analyze", "summary"), status: int = 200
    ) -> None:
        self._answer, self._told, self._status = answer, told, status

    def __call__(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        operations = [{"name": name} for name in self._told]
        told = {"resourceType": "CapabilityStatement", "rest": [{"operation": operations}]}
        is_told = path.endswith("/metadata")
        return Answer(200 if is_told else self._status, {}, json.dumps(told if is_told else self._answer).encode())


def test_a_document_and_a_provenance_are_what_is_promised() -> None:
    RUN["summary"](Server(DOCUMENT))
    RUN["analyze"](Server(COLLECTION))


@pytest.mark.parametrize(
    "answer",
    [
        {**DOCUMENT, "type": "collection"},
        {**DOCUMENT, "identifier": None},
        {**DOCUMENT, "entry": [{"resource": {"resourceType": "Patient"}}, *DOCUMENT["entry"]]},
        {**DOCUMENT, "entry": []},
    ],
    ids=["no document", "no number", "Composition second", "empty"],
)
def test_a_summary_that_is_no_document_is_not_kept(answer: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        RUN["summary"](Server(answer))


def test_an_analysis_without_provenance_or_with_an_error_is_not_kept() -> None:
    for server in (Server(DOCUMENT), Server(COLLECTION, status=500)):
        with pytest.raises(Broken):
            RUN["analyze"](server)


def test_what_a_server_does_not_tell_or_does_not_let_one_ask_is_not_tried() -> None:
    for server in (Server(DOCUMENT, told=()), Server(DOCUMENT, status=403)):
        with pytest.raises(NotTried):
            RUN["summary"](server)


PATIENT = {"resourceType": "Patient", "id": "7"}
FOUND = {"entry": [{"fullUrl": "https://ward.example/fhir/Patient/7", "resource": PATIENT}], "total": 1}


class Searched:
    """Tells that patients can be searched and answers by what is asked; `changed` answers stand for those given."""

    def __init__(self, **changed: Any) -> None:
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": 0}
        types = [{"type": "Patient", "interaction": [{"code": "search-type"}]}]
        operations = [{"name": "analyze", "definition": "https://ward.example/fhir/OperationDefinition/analyze"}]
        self._answers = {
            "metadata": {"resourceType": "CapabilityStatement", "rest": [{"resource": types, "operation": operations}]},
            "identifier": bundle,
            "_summary": {**bundle, "total": 1},
            "_count": {**bundle, **FOUND},
            "OperationDefinition": {"resourceType": "OperationDefinition"},
        } | changed

    def __call__(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        told = next(answer for name, answer in self._answers.items() if name in path)
        if method == "DELETE":
            return Answer(405, {"allow": str(told.get("allow", "GET, HEAD"))}, b"{}")
        return Answer(200 if told else 404, {}, json.dumps(told).encode())


def test_a_search_its_count_and_its_definitions_are_what_is_promised() -> None:
    for id in ("search", "definitions", "method"):
        RUN[id](Searched())


@pytest.mark.parametrize(
    "changed",
    [
        {"identifier": {"resourceType": "Bundle", "type": "collection"}},
        {"_summary": {"resourceType": "Bundle", "type": "searchset", **FOUND}},
        {"_summary": {"resourceType": "Bundle", "type": "searchset", "total": "1"}},
        {"_count": {"entry": [{"fullUrl": "https://ward.example/fhir/Patient/8", "resource": PATIENT}]}},
        {"_count": {"entry": [{"resource": PATIENT}]}},
    ],
    ids=["no searchset", "a count with its rows", "a count that is no number", "another's address", "no address"],
)
def test_a_search_that_is_otherwise_is_not_kept(changed: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        RUN["search"](Searched(**changed))


def test_an_operation_without_its_definition_and_a_refusal_without_methods_are_not_kept() -> None:
    for id, server in (
        ("definitions", Searched(OperationDefinition=None)),
        ("definitions", Searched(OperationDefinition={"resourceType": "OperationOutcome"})),
        ("method", Searched(metadata={"allow": "POST"})),
    ):
        with pytest.raises(Broken):
            RUN[id](server)
