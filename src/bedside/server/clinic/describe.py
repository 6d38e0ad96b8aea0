"""Completes the API description: how to show who one is, what each endpoint asks for, the shape of every refusal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bedside.clinic.permissions import TABLE
from bedside.server.clinic.identify import COOKIE
from bedside.server.openapi import ERROR, security_schemes

REFUSALS = {
    "400": "the body is not what its type says",
    "401": "nobody is known by what was shown",
    "403": "not this role, not this patient, or the page's token is missing",
    "404": "no such address, or no such patient",
    "406": "the caller reads nothing that is spoken here",
    "408": "the body did not arrive in time",
    "413": "the body is too long",
    "415": "the body is compressed, or not of the type that is read here",
    "422": "a field is wrong; `where` says which",
    "429": "too many requests; see Retry-After",
    "503": "not ready, too slow, or what is needed cannot be written; see Retry-After",
}
"""500 is not among them: it is always our own fault."""


def described(plain: dict[str, Any], actions: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """The description with the action and the roles of every operation, and its refusals."""
    schemas = plain.setdefault("components", {}).setdefault("schemas", {})
    schemas["Refusal"] = ERROR
    plain["components"]["securitySchemes"] = {
        **security_schemes(),
        "login": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    }
    for method, path, action in actions:
        operation = plain["paths"].get(path, {}).get(method.lower())
        if operation is None:
            continue
        public = action == "public"
        operation["security"] = [] if public else [{"bearer": []}, {"key": []}, {"login": []}]
        operation["x-action"] = action
        operation["x-roles"] = [] if public else TABLE[action].split()  # type: ignore[index]
        for status, why in REFUSALS.items():
            content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
            operation["responses"][status] = {"description": why, "content": content}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return plain
