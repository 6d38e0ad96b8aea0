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
