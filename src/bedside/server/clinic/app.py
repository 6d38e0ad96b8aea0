"""The clinical application: its parts, one shape for every fault, and an API description that says who may what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRouter
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from bedside import __version__
from bedside.clinic._database import Busy
from bedside.errors import BedsideError, ClinicError, ExchangeError
from bedside.lang import disclaimer, tr
from bedside.review import Queue
from bedside.server.clinic.access import TRAIL
from bedside.server.clinic.context import Context
from bedside.server.clinic.describe import described
from bedside.server.clinic.parts import actions, load_parts, methods_at, routers, shape_of
from bedside.server.clinic.shell import ID, Shell
from bedside.server.errors import Refusal, broken
from bedside.server.workbench.page import as_page


def build_clinic(context: Context, *, on_start: Callable[[], None] = lambda: None) -> ASGIApp:
    """The application for one context; `on_start` is called when it begins to serve."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        on_start()
        context.health.warmed_up()
        yield
        context.health.drain()

    context.metrics.alerts(context.watch.alerts.open_now)
    context.metrics.queue("jobs", lambda: len(context.clinic.jobs.all(state="queued")))
    context.metrics.queue("review", lambda: waiting_in(context.clinic.review))
    parts = load_parts()
    # The documentation pages are off because they load scripts from other sites; /openapi.json is the documentation.
    app = FastAPI(
        title="bedside", version=__version__, lifespan=life, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.state.context = context
    context.signing_keys  # noqa: B018 - as the next line
    context.tokens  # noqa: B018 - reads the issuers' keys now: a bad file must stop the start, not a request
    found = routers(parts, context)
    for router in found:
        app.include_router(router)
    _add_faults(app, parts, found)
    if context.settings.browser_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=context.settings.browser_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "x-api-key", "x-request-id"],
        )
    app.openapi = lambda: _openapi(app, found)  # type: ignore[method-assign]
    return Shell(app, context, lambda path: shape_of(parts, path))


def waiting_in(review: Path) -> int:
    """Items that want a reader, where anything was ever sent to be read."""
    if not review.exists():
        return 0
    with Queue(review) as queue:
        return queue.waiting()


def _add_faults(app: FastAPI, parts: list[ModuleType], found: list[APIRouter]) -> None:
    """Every fault of every part is said in the part's own shape."""
    routes = [*app.routes, *(one for router in found for one in router.routes)]

    async def told(request: Request, fault: Exception) -> Response:
        refusal = as_refusal(fault)
        if refusal.status == 405:
            refusal.methods = methods_at(routes, request.scope)
        request.scope[TRAIL].outcome = refusal.code
        shape = shape_of(parts, request.url.path)
        if shape is Refusal.response and refusal.status == 404 and _reads_pages(request):
            shape = as_page
        return shape(refusal, request.scope[ID])

    for kind in (Refusal, RequestValidationError, HTTPException, BedsideError, RecursionError, Exception):
        app.add_exception_handler(kind, told)


def _reads_pages(request: Request) -> bool:
    """Whether a person is at the other end, who went astray outside of what programs ask for."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(
        ("/v1/", "/cds-services")
    )


def as_refusal(fault: Exception) -> Refusal:
    """What a fault is called in an answer; nothing of what was sent is repeated."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, RequestValidationError):
        first = fault.errors()[0]
        if first["type"] == "json_invalid":
            return _by_status(400)
        if first["type"] in ("dict_type", "list_type") and isinstance(first.get("input"), bytes):
            what = tr("the body is not sent as JSON", "请求体未以 JSON 类型发送")
            return Refusal(415, "unsupported_media_type", what, where="Content-Type", allowed="application/json")
        where = ".".join(str(step) for step in first["loc"])
        what = tr("a field is missing or wrong", "字段缺失或有误")
        return Refusal(422, "invalid", what, where=where[:200], allowed=str(first["type"]))
    if isinstance(fault, HTTPException):
        return _by_status(fault.status_code)
    if isinstance(fault, ClinicError):
        busy = isinstance(fault, Busy)
        return Refusal(503, "busy" if busy else "unavailable", fault.what, retry_after_s=2 if busy else 30)
    if isinstance(fault, ExchangeError):
        return Refusal(502, "other_server", fault.what, where=fault.where, allowed=fault.allowed)
    if isinstance(fault, BedsideError):
        return Refusal(422, "invalid", fault.what, where=fault.where, allowed=fault.allowed)
    if isinstance(fault, RecursionError):
        return Refusal(400, "too_deep", tr("nested too deeply", "嵌套过深"))
    return broken(fault)


def _by_status(status: int) -> Refusal:
    sentences = {
        400: ("not_json", tr("the body is not JSON in UTF-8", "请求体不是 UTF-8 编码的 JSON")),
        404: ("not_found", tr("no such address", "地址不存在")),
        405: ("method_not_allowed", tr("no such method here", "不支持该方法")),
    }
    code, what = sentences.get(status, ("refused", tr("the request was refused", "请求被拒绝")))
    return Refusal(status, code, what)


def _openapi(app: FastAPI, found: list[APIRouter]) -> dict[str, Any]:
    plain = get_openapi(title=app.title, version=app.version, description=disclaimer(), routes=app.routes)
    return described(plain, actions(found))
