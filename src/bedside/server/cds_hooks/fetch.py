"""Reads what a client did not prefetch from its FHIR server, if the administrator has listed that server.

The address in a request is a stranger's word: it is used only where the settings name its host, by https (http on this
machine alone), without following redirects, so that no request can make the server knock on another door.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import Request

from bedside.errors import log_fault
from bedside.server.calling import caller, unheard
from bedside.server.cds_hooks.chart import Fetch
from bedside.server.cds_hooks.request import HookRequest

log = logging.getLogger("bedside.server")
TIMEOUT_S = 5.0
MOST_BYTES = 20_000_000


def fetcher(outbound: Iterable[str]) -> Fetch:
    """How resources are fetched, from the servers listed in `outbound` alone (`https://fhir.hospital.lan:8443`)."""
    listed = frozenset(filter(None, map(_place, outbound)))
    opener = caller()

    def fetch(call: HookRequest, query: str) -> dict[str, Any] | None:
        if call.fhir_server is None or call.authorization is None or not _may(call.fhir_server, listed):
            return None
        headers = {"Authorization": f"Bearer {call.authorization.access_token}", "Accept": "application/fhir+json"}
        request = Request(f"{call.fhir_server.rstrip('/')}/{query}", headers=headers)
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                told = json.loads(answer.read(MOST_BYTES + 1)[:MOST_BYTES])
        except (OSError, URLError, ValueError) as fault:  # what was not fetched is missing, and said to be
            log_fault(log, fault)
            return None
        return told if isinstance(told, dict) and told.get("resourceType") != "OperationOutcome" else None

    return fetch


def _may(server: str, listed: frozenset[tuple[str, int]]) -> bool:
    """Whether that server is on the list, and reached so that nobody on the way can listen."""
    try:
        parts = urlsplit(server)
        place = (parts.hostname or "", _port(parts))
    except ValueError:
        return False
    return unheard(parts) and parts.username is None and place in listed


def _place(written: str) -> tuple[str, int] | None:
    """Host and port of one line of the list; the line must be a whole address, so that its scheme tells the port."""
    parts = urlsplit(written)
    return (parts.hostname, _port(parts)) if parts.scheme in ("http", "https") and parts.hostname else None


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
