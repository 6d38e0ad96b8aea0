"""A field of a request that cannot be understood or kept, as every address of the API refuses it."""

from __future__ import annotations

from bedside.server.errors import Refusal


def wrong(where: str, what: str, allowed: str | None = None) -> Refusal:
    """The refusal (400) that names the field, and what may stand there."""
    return Refusal(400, "invalid_request_error", what, where=where, allowed=allowed)
