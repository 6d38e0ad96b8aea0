"""A refusal as FHIR says it: an OperationOutcome."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bedside.server.errors import Refusal, as_json

JSON = "application/fhir+json"
CODES = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported"}
CODES |= {406: "not-supported", 412: "required", 413: "too-long", 415: "not-supported", 422: "processing"}
CODES |= {429: "throttled", 502: "transient", 503: "transient"}


def as_outcome(refusal: Refusal, request_id: str) -> Response:
    """The refusal as an OperationOutcome, with the request's id."""
    said = refusal.what if refusal.allowed is None else f"{refusal.what} ({refusal.allowed})"
    code = CODES.get(refusal.status, "exception" if refusal.status >= 500 else "processing")
    issue: dict[str, Any] = {"severity": "error", "code": code, "details": {"text": said}, "diagnostics": request_id}
    if refusal.where:
        issue["expression"] = [refusal.where]
    return fhir({"resourceType": "OperationOutcome", "issue": [issue]}, refusal.status, refusal.headers(request_id))


def fhir(resource: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A resource as an answer."""
    answer = as_json(resource, status, headers)
    answer.headers["content-type"] = JSON
    return answer
