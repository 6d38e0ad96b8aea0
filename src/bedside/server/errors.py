"""What a caller is told when a request is refused or breaks: one JSON shape, never a traceback or a patient's text."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
import secrets
from typing import Any

from starlette.responses import Response

from bedside.errors import log_fault
from bedside.lang import tr

log = logging.getLogger("bedside.server")
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Refusal(Exception):
    """A request that is not answered with a prediction: HTTP status, a code for programs, a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        what: str,
        *,
        where: str | None = None,
        allowed: str | None = None,
        retry_after_s: float | None = None,
        close: bool = False,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.status, self.code, self.what = status, code, what
        self.where, self.allowed, self.retry_after_s = where, allowed, retry_after_s
        self.close, self.extra = close, extra or {}
        self.methods: str | None = None
        """Of a 405: those that the address has."""

    def response(self, request_id: str) -> Response:
        """The answer: `{"error": {"code", "what", "where", "allowed", "request_id", ...}}`."""
        parts = {"code": self.code, "what": self.what, "where": self.where, "allowed": self.allowed, **self.extra}
        body = {key: part for key, part in {**parts, "request_id": request_id}.items() if part is not None}
        return as_json({"error": body}, self.status, self.headers(request_id))

    def headers(self, request_id: str) -> dict[str, str]:
        """What the head of the answer says, whatever the shape of its body: RFC 9110, 10.2.1, 10.2.3, 11.6.1.

        >>> Refusal(429, "too_many", "too many requests", retry_after_s=0.2).headers("r1")
        {'X-Request-ID': 'r1', 'Retry-After': '1'}
        """
        headers = {"X-Request-ID": request_id}
        if self.methods is not None:
            headers["Allow"] = self.methods
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(max(1, math.ceil(self.retry_after_s)))
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if self.close:
            headers["Connection"] = "close"
        return headers


def refusal_for(fault: BaseException) -> Refusal:
    """What is said instead of an answer that this ended: a refusal itself, the end of the server, or our own fault.

    >>> refusal_for(asyncio.CancelledError()).code
    'ending'
    """
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, asyncio.CancelledError):  # uvicorn ends so what is under way when the time to drain is over
        what = tr("the server is being stopped; ask again", "服务正在停止，请重新提交")
        return Refusal(503, "ending", what, retry_after_s=5, close=True)
    return broken(fault)


def broken(fault: BaseException) -> Refusal:
    """Our own fault: logged under an id with its kind and place, but not its message, which could quote a note."""
    return failure([log_fault(log, fault)])


def failure(error_ids: list[str], *, failed: list[int] | None = None) -> Refusal:
    """No answer could be made. `failed` names the texts that broke, by position: the others can be sent again."""
    what = tr("the request broke; nothing was concluded from it", "处理失败，未得出任何结论")
    extra: dict[str, Any] = {"error_id": error_ids[0]}
    if failed is not None:
        extra |= {"failed": failed, "error_ids": error_ids}
    return Refusal(500, "internal", what, extra=extra)


def request_id(sent: str) -> str:
    """The id that the caller sent, if it is a harmless one; else a new one."""
    return sent if _SANE_ID.fullmatch(sent) else secrets.token_hex(12)


def as_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response; Chinese stays readable, NaN is an error instead of a broken document."""
    return Response(_encode(value).encode(), status, headers, media_type="application/json")
