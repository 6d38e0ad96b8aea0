"""A check of one clause, what came of it, and the client by which checks speak to a server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bedside.errors import UsageError
from bedside.lang import tr

Outcome = Literal["passed", "failed", "skipped"]
TIMEOUT_S = 30
MOST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: status, headers in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


_OTHER_FORM = (LookupError, TypeError, AttributeError, ValueError)
"""What reading an answer as a clause tells it raises where it is otherwise: a name left out, a text for a list."""


class Client(Protocol):
    """Sends one request: method, path below the server's address, and a body as JSON or bytes."""

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


class Broken(Exception):
    """A clause is not kept; the message says what came instead of what."""


class NotTried(Exception):
    """A clause that could not be tried; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One clause of a standard: `what` (English, Chinese), where it stands, and what tries it (raises Broken)."""

    id: str
    what: tuple[str, str]
    clause: str
    run: Callable[[Client], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one check."""

    standard: str
    id: str
    what: str
    clause: str
    outcome: Outcome
    why: str = ""


def try_all(standard: str, checks: tuple[Check, ...], client: Client) -> list[Tried]:
    """Every check of a standard, each by itself; a server that cannot be reached fails them all."""
    return [_tried(standard, check, client) for check in checks]


def _tried(standard: str, check: Check, client: Client) -> Tried:
    outcome: Outcome = "passed"
    why = ""
    try:
        check.run(client)
    except NotTried as fault:
        outcome, why = "skipped", str(fault)
    except Broken as fault:
        outcome, why = "failed", str(fault)
    except OSError as fault:
        outcome, why = "failed", tr("no answer", "无应答") + f" ({type(fault).__name__})"
    except _OTHER_FORM as fault:
        outcome, why = "failed", tr("the answer has another form than the clause tells", "应答的形式与条款不符")
        why += f" ({type(fault).__name__}: {str(fault)[:120]})"
    return Tried(standard, check.id, tr(*check.what), check.clause, outcome, why)


def expect(good: bool, wanted: str, came: object = None) -> None:
    """Raise Broken unless `good`."""
    if not good:
        raise Broken(wanted if came is None else f"{wanted}; {tr('came', '实际')}: {str(came)[:120]}")


class _Stay(HTTPRedirectHandler):
    """Redirects are answers, not followed: a key goes to no other address."""

    def redirect_request(self, *_: Any) -> None:
        return None


def http_client(url: str, key: str | None = None) -> Client:
    """A client of the server at an address, with an API key where one is given.

    Raises UsageError for an address that is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            tr("not an address of a server", "不是服务器地址"), value=url, allowed="http://HOST:PORT, https://HOST"
        )
    opener = build_opener(_Stay)
    base = url.rstrip("/")

    def send(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        told = {"Accept": "application/json", **({"Content-Type": "application/json"} if data is not None else {})}
        told |= {"Authorization": f"Bearer {key}"} if key else {}
        request = Request(base + path, data, {**told, **(headers or {})}, method=method)
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                return Answer(answer.status, _lower(answer.headers), answer.read(MOST_BYTES))
        except HTTPError as fault:
            return Answer(fault.code, _lower(fault.headers), fault.read(MOST_BYTES))
        except URLError as fault:
            raise OSError(str(fault.reason)) from None

    return send


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
