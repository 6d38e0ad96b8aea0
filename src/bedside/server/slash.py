"""An address with a slash too many at its end is the address without it, answered at once.

A redirect would name host and scheme as the request claims them: anybody's host, and http behind a proxy that speaks
https for this server.
"""

from __future__ import annotations

from starlette.types import Scope


def without_slash(scope: Scope) -> Scope:
    """The request, as if its address ended without a slash.

    >>> without_slash({"path": "/fhir/metadata/"})["path"], without_slash({"path": "/"})["path"]
    ('/fhir/metadata', '/')
    """
    path = scope["path"]
    return {**scope, "path": path.rstrip("/") or "/"} if path.endswith("/") else scope
