"""A program's own access to a FHIR server: SMART backend services, a token kept until it is nearly over.

Source: SMART App Launch 2.2, "Backend Services" (hl7.org/fhir/smart-app-launch/backend-services.html).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from bedside.errors import ExchangeError
from bedside.exchange.discovery import discover
from bedside.exchange.peers import Peers, Reply
from bedside.exchange.signing import SigningKey
from bedside.lang import tr

EARLY_S = 30
"""A token this near to its end is asked for anew, so that it does not end on the way."""
FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token and when it ends, in seconds of the client's clock; its repr does not show it."""

    value: str = field(repr=False)
    until: float


class BackendClient:
    """Reads one FHIR server as the program that is registered there as `client_id`. Threads may share it."""

    def __init__(
        self,
        peers: Peers,
        fhir: str,
        client_id: str,
        key: SigningKey,
        scopes: Sequence[str] = ("system/*.rs",),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.fhir, self.peers = fhir.rstrip("/"), peers
        self._client_id, self._key, self._scopes, self._clock = client_id, key, tuple(scopes), clock
        self._held: AccessToken | None = None
        self._lock = Lock()

    def get(self, query: str) -> dict[str, Any]:
        """A resource or a search below the server's address; raises `ExchangeError` for anything but 200."""
        answer = self.ask(f"{self.fhir}/{query.lstrip('/')}")
        if answer.status != 200:
            raise ExchangeError(tr("the FHIR server refused", "FHIR 服务器拒绝了请求"), value=answer.status)
        return answer.json()

    def ask(self, address: str, accept: str = FHIR_JSON, **headers: str) -> Reply:
        """Read an address of that server; a token that it no longer takes is asked for anew, once."""
        for fresh in (False, True):
            token = self.token(fresh=fresh)
            answer = self.peers.get(address, accept=accept, authorization=f"Bearer {token}", **headers)
            if answer.status != 401:
                break
        return answer

    def token(self, *, fresh: bool = False) -> str:
        """A token that holds for a while yet."""
        with self._lock:
            if fresh or self._held is None or self._clock() >= self._held.until - EARLY_S:
                self._held = self._asked()
            return self._held.value

    def _asked(self) -> AccessToken:
        where = discover(self.peers, self.fhir)
        form = {"grant_type": "client_credentials", "scope": " ".join(self._scopes)}
        form |= self._key.authentication(self._client_id, where.token)
        return read_token(self.peers.post_form(where.token, form, accept="application/json"), self._clock())


def read_token(answer: Reply, now: float) -> AccessToken:
    """The token in a token endpoint's answer; raises `ExchangeError` that repeats the error's code and nothing else."""
    told = answer.json()
    value, kind, life = told.get("access_token"), str(told.get("token_type", "")), told.get("expires_in", 0)
    if answer.status != 200 or not isinstance(value, str) or not value or kind.lower() != "bearer":
        code = told.get("error")
        said = code if isinstance(code, str) and code.isascii() and code.replace("_", "").isalpha() else answer.status
        raise ExchangeError(tr("no token was given", "未获得令牌"), value=said)
    seconds = life if isinstance(life, int | float) and not isinstance(life, bool) and 0 < life < 86_400 else 60
    return AccessToken(value, now + seconds)
