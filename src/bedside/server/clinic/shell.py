"""What lies around every request: an id, a bounded body, security headers, the audit line before the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bedside.clinic.audit.log import Event
from bedside.clinic.principal import NOBODY
from bedside.errors import AuditError
from bedside.lang import speaking, tr
from bedside.server.clinic.access import TRAIL, Trail
from bedside.server.clinic.body import again, check_text
from bedside.server.clinic.context import Context
from bedside.server.clinic.identify import identify, nobody
from bedside.server.clinic.metrics import UNKNOWN
from bedside.server.clinic.observed import REQUEST
from bedside.server.errors import Refusal, broken, log, refusal_for, request_id
from bedside.server.leaving import UnderWay
from bedside.server.limits import read_body
from bedside.server.predict import language
from bedside.server.slash import without_slash
from bedside.spans import traced_by

ID = "bedside.request_id"
STATUS = "bedside.status"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
"""In every answer that does not say otherwise itself."""
SMALL_BODY = 64 * 1024
"""Bytes that anyone may send, to log in: a flood of large bodies from nobody must not fill memory."""
BROKEN = "internal"
"""The code of our own faults."""
HSTS = "max-age=31536000; includeSubDomains"

Shape = Callable[[Refusal, str], Response]
"""How a refusal is said: by default `Refusal.response`; a standard may want its own."""


class Shell:
    """The application behind its shell; `shape` gives the shape of refusals at an address."""

    def __init__(self, app: ASGIApp, context: Context, shape: Callable[[str], Shape]) -> None:
        self._app, self._context, self._shape = app, context, shape
        self._under_way = UnderWay()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, self._under_way.heard_out(receive), send)
            return
        scope = without_slash(scope)
        if scope["method"] == "HEAD":  # answered as GET; the HTTP server leaves the body out
            scope = {**scope, "method": "GET"}
        headers = Headers(scope=scope)
        scope[ID] = request_id(headers.get("x-request-id", ""))
        scope[TRAIL] = Trail()
        exchange = _Exchange(self._context, scope, send, self._shape(scope["path"]))
        self._context.metrics.under_way(1)
        token = REQUEST.set(scope[ID])
        try:
            spoken = language(headers.get("accept-language", ""))
            with self._under_way.one(), speaking(spoken), self._traced(scope, headers):
                await exchange.run(self._app, receive)
        finally:
            REQUEST.reset(token)
            self._context.metrics.under_way(-1)

    @contextmanager
    def _traced(self, scope: Scope, headers: Headers) -> Iterator[None]:
        """The request as a step of a trace, where the settings ask for traces."""
        if (tracing := self._context.tracing) is None:
            yield
            return
        with traced_by(tracing), tracing.request(scope["method"], headers.get("traceparent", "")) as note:
            yield
            note(route=route_of(scope) or UNKNOWN, status=scope.get(STATUS, 0))


class _Exchange:
    """One request and its answer."""

    def __init__(self, context: Context, scope: Scope, send: Send, shape: Shape) -> None:
        self._context, self._scope, self._send, self._shape = context, scope, send, shape
        self._begun = time.perf_counter()
        self._started = self._withheld = False
        self._timer: asyncio.Timeout | None = None

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        limits = self._context.settings.limits
        request = Request(self._scope, receive)
        try:
            body = await self._body(request)
            check_text(body)
            async with asyncio.timeout(limits.answer_s) as self._timer:
                try:
                    await app(self._scope, again(body, receive), self._sending)
                finally:
                    self._timer = None
        except TimeoutError:
            what = tr("no answer in time", "未能及时得出结果")
            await self._refuse(Refusal(503, "timeout", what, retry_after_s=5))
        except (Refusal, asyncio.CancelledError) as fault:
            with suppress(asyncio.CancelledError):  # asked twice to end: the last word is not waited for either
                await self._refuse(refusal_for(fault))
        except Exception as fault:
            if self._scope[TRAIL].outcome != BROKEN:  # else it is told and logged already, and rose on from there
                await self._refuse(broken(fault))

    async def _body(self, request: Request) -> bytes:
        """The body, if it is not too long or too slow; a large one is taken in from somebody who is known, only."""
        if request.headers.get("content-encoding", "").strip().casefold() not in ("", "identity"):
            what = tr("a compressed body is not read", "不接受压缩的请求体")
            raise Refusal(415, "unsupported_encoding", what, where="Content-Encoding", allowed="identity")
        limits, declared = self._context.settings.limits, request.headers.get("content-length", "0")
        large = "transfer-encoding" in request.headers or (declared.isdecimal() and int(declared) > SMALL_BODY)
        if large and await run_in_threadpool(identify, request, self._context) is NOBODY:
            raise nobody()
        return await read_body(request, max_bytes=limits.body_bytes, timeout_s=limits.body_s)

    async def _refuse(self, refusal: Refusal) -> None:
        """Say so, unless the answer has begun: then it just ends, and the caller sees that it is not whole."""
        if not self._started:
            self._scope[TRAIL].outcome = refusal.code
            await self._shape(refusal, self._scope[ID])(self._scope, _nothing, self._sending)

    async def _sending(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._started:
            try:
                await run_in_threadpool(self._audit, message["status"])
            except AuditError as fault:
                log.error("%s", fault)
                what = tr("the audit log cannot be written, so no answer is given", "无法写入审计日志，故不予作答")
                await self._instead(Refusal(503, "audit_failed", what, retry_after_s=30))
                return
            self._started = True
            self._timer_off()
            self._count(message["status"])
            self._head(MutableHeaders(scope=message))
        if not self._withheld:
            await self._send(message)

    async def _instead(self, refusal: Refusal) -> None:
        """Say this in place of the answer; what the application still sends goes nowhere."""
        self._started = self._withheld = True
        self._scope[TRAIL].outcome = refusal.code
        self._timer_off()
        self._count(refusal.status)
        response = self._shape(refusal, self._scope[ID])
        self._head(response.headers)
        await response(self._scope, _nothing, self._send)

    def _timer_off(self) -> None:
        """An answer that has begun may take its time: it may be a stream."""
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(None)

    def _audit(self, status: int) -> None:
        trail: Trail = self._scope[TRAIL]
        if not trail.action:
            return
        who = trail.principal
        event = Event(
            action=trail.action,
            outcome=trail.outcome or ("done" if status < 400 else "refused"),
            status=status,
            who=who.id,
            name=who.name,
            role=who.role,
            via=who.via,
            patient=trail.patient,
            request_id=self._scope[ID],
            method=self._scope["method"],
            route=route_of(self._scope),
            detail=trail.detail,
        )
        try:
            self._context.clinic.audit.write(event)
        except AuditError:
            self._context.metrics.audited("failed")
            raise
        self._context.metrics.audited("written")

    def _count(self, status: int) -> None:
        metrics, trail = self._context.metrics, self._scope[TRAIL]
        self._scope[STATUS] = status
        metrics.request(route_of(self._scope), status, time.perf_counter() - self._begun)
        if trail.outcome:
            metrics.refusal(trail.outcome)
        if trail.action == "login":
            metrics.login(trail.outcome or "done")

    def _head(self, headers: MutableHeaders) -> None:
        headers["X-Request-ID"] = self._scope[ID]
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._context.settings.tls:
            headers["Strict-Transport-Security"] = HSTS
        if self._context.health.draining:
            headers["Connection"] = "close"


def route_of(scope: Scope) -> str:
    """The address as the program has it, without ids; empty where there is none such."""
    return getattr(scope.get("route"), "path", "")


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
