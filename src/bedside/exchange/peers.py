"""HTTP to listed servers alone: https (http on this machine), no redirects, no proxy, bounded in bytes and seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlencode, urlsplit
from urllib.request import Request

from bedside.calling import caller, unheard
from bedside.errors import ExchangeError
from bedside.lang import tr

TIMEOUT_S = 5.0
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; raises `ExchangeError` where it is none."""
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise ExchangeError(tr("the other server's answer is no JSON object", "对方服务器的应答不是 JSON 对象"))
        return told


class Peers:
    """The servers that an administrator has listed, by host and port; every other address is refused.

    >>> Peers(["https://fhir.hospital.lan/r4"]).lists("https://fhir.hospital.lan/token")
    True
    >>> Peers(["https://fhir.hospital.lan"]).lists("http://fhir.hospital.lan/token")
    False
    """

    def __init__(self, listed: Iterable[str]) -> None:
        self._places = frozenset(filter(None, map(_place, listed)))
        self._opener = caller()

    def lists(self, address: str) -> bool:
        """Whether that address is on a listed server, and reached so that nobody on the way can listen."""
        try:
            parts = urlsplit(address)
            place = (parts.hostname or "", _port(parts))
        except ValueError:
            return False
        return unheard(parts) and parts.username is None and place in self._places

    def get(self, address: str, **headers: str) -> Reply:
        """Read an address; raises `ExchangeError` for one that is not listed or does not answer."""
        return self._send("GET", address, None, headers)

    def delete(self, address: str, **headers: str) -> Reply:
        """Delete what stands at an address."""
        return self._send("DELETE", address, None, headers)

    def post_form(self, address: str, form: Mapping[str, str], **headers: str) -> Reply:
        """Send a form, as OAuth 2 asks for tokens."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._send("POST", address, urlencode(form).encode(), headers)

    @contextmanager
    def opened(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None) -> Iterator[Any]:
        """The answer as a stream (`status`, `headers`, `read`), whatever its status, closed when the block ends."""
        if not self.lists(address):
            what = tr("that server is not listed, or not reached by https", "该服务器未列入名单，或未使用 https")
            raise ExchangeError(what, allowed="outbound", next="docs/clinic.md")
        request = Request(address, body, _written(headers), method=method)
        try:
            with _answered(self._opener, request) as answer:
                yield answer
        except (OSError, HTTPException) as fault:
            what = tr("the other server does not answer", "对方服务器无应答")
            raise ExchangeError(what, value=type(getattr(fault, "reason", fault)).__name__) from None

    def _send(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        with self.opened(method, address, headers, body) as answer:
            told = answer.read(MOST_BYTES + 1)
            if len(told) > MOST_BYTES:
                raise ExchangeError(tr("the other server's answer is too long", "对方服务器的应答过长"))
            return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, told)


def _answered(opener: Any, request: Request) -> HTTPResponse:
    try:
        return cast(HTTPResponse, opener.open(request, timeout=TIMEOUT_S))
    except HTTPError as fault:  # a refusal is an answer too
        return cast(HTTPResponse, fault)


def _written(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names out of Python's: `content_type` is Content-Type."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _place(written: str) -> tuple[str, int] | None:
    """Host and port of one line of the list; the line must be a whole address, so that its scheme tells the port."""
    parts = urlsplit(written)
    return (parts.hostname, _port(parts)) if parts.scheme in ("http", "https") and parts.hostname else None


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
