"""Reads what a client did not prefetch from its FHIR server, if the administrator has listed that server.

The address in a request is a stranger's word: `Peers` speaks to listed servers alone. The client's own token is used
where it sent one; else ours, where the settings register us with that server as a backend service.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from bedside.errors import ExchangeError, log_fault
from bedside.exchange.backend import FHIR_JSON, BackendClient
from bedside.exchange.peers import Peers
from bedside.server.cds_hooks.chart import Fetch
from bedside.server.cds_hooks.request import HookRequest

log = logging.getLogger("bedside.server")


def fetcher(outbound: Iterable[str], backends: Mapping[str, BackendClient] | None = None) -> Fetch:
    """How resources are fetched, from the servers listed in `outbound` alone (`https://fhir.hospital.lan:8443`)."""
    peers, own = Peers(outbound), backends or {}

    def fetch(call: HookRequest, query: str) -> dict[str, Any] | None:
        server = (call.fhir_server or "").rstrip("/")
        if not peers.lists(server) or (call.authorization is None and server not in own):
            return None
        try:
            if call.authorization is None:
                told = own[server].get(query)
            else:
                bearer = f"Bearer {call.authorization.access_token}"
                told = peers.get(f"{server}/{query}", accept=FHIR_JSON, authorization=bearer).json()
        except ExchangeError as fault:  # what was not fetched is missing, and said to be
            log_fault(log, fault)
            return None
        return told if told.get("resourceType") not in (None, "OperationOutcome") else None

    return fetch
