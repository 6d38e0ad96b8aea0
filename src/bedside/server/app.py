"""The ASGI application: routes, life from warm-up to drain, and one shape for every error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bedside import __version__
from bedside.lang import disclaimer, speaking, tr
from bedside.server.errors import Refusal, as_json, request_id
from bedside.server.figures import CONTENT_TYPE
from bedside.server.openapi import predict_path, security_schemes
from bedside.server.predict import language
from bedside.server.service import Service
from bedside.server.slash import without_slash

PREDICT = "/v1/predict"
ID = "bedside.request_id"


def build_app(service: Service, *, on_start: Callable[[], None] = lambda: None) -> ASGIApp:
    """The application for one service; `on_start` is called once its workers run, before the model is warmed up.

    A predict request goes straight to the service, which turns every fault into an answer of its own; it needs none of
    the layers that the site lays around its other addresses.
    """
    site = _site(service, on_start)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = without_slash(scope)
        if scope["type"] == "http" and scope["path"] == PREDICT and scope["method"] == "POST":
            response = await service.predict(Request(scope, receive))
            if service.health.draining:
                response.headers["Connection"] = "close"
            await response(scope, receive, send)
        elif scope["type"] == "http":
            await site(scope, receive, _with_head(scope, send, service))
        else:
            await site(scope, receive, send)

    return app


def _with_head(scope: Scope, send: Send, service: Service) -> Send:
    """`send`, with the request's id in the head of every answer, and the end of the connection once it draws near."""
    id = scope[ID] = request_id(Headers(scope=scope).get("x-request-id", ""))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = id
            if service.health.draining:
                headers["Connection"] = "close"
        await send(message)

    return sending


def _site(service: Service, on_start: Callable[[], None]) -> FastAPI:
    """Probes, metrics, documentation, life, and what is said to a wrong address."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        service.batcher.start()
        on_start()
        yield
        service.health.drain()
        await run_in_threadpool(service.batcher.close, service.settings.drain_s)

    # The documentation pages are off because they load scripts from other sites; /openapi.json is the documentation.
    app = FastAPI(
        title="bedside", version=__version__, lifespan=life, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.add_route(PREDICT, service.predict, methods=["POST"], include_in_schema=False)  # here for its 405
    _add_probes(app, service)
    app.add_exception_handler(HTTPException, _http_error)
    app.openapi = lambda: _openapi(service)  # type: ignore[method-assign]
    return app


def _add_probes(app: FastAPI, service: Service) -> None:
    async def livez(_: Request) -> Response:
        return as_json({"alive": True})

    async def readyz(_: Request) -> Response:
        health = service.health
        headers = {} if health.ready else {"Retry-After": "2"}
        about: dict[str, Any] = {"ready": health.ready, "state": health.state, "model": service.model_id}
        if service.names:
            about["models"] = {one.name: one.id for one in service.served.values()}
        return as_json(about, 200 if health.ready else 503, headers)

    async def metrics(_: Request) -> Response:
        return Response(service.metrics.page(), media_type=CONTENT_TYPE)

    for path, endpoint in {"/livez": livez, "/readyz": readyz, "/metrics": metrics}.items():
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)


async def _http_error(request: Request, fault: Exception) -> Response:
    """404 and 405 in the shape of every other error."""
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    with speaking(language(request.headers.get("accept-language", ""))):
        sentences = {
            404: ("not_found", tr("no such address", "地址不存在")),
            405: ("method_not_allowed", tr("no such method here", "不支持该方法")),
        }
        code, what = sentences.get(status, ("refused", tr("the request was refused", "请求被拒绝")))
        allowed = f"POST {PREDICT}; GET /livez, /readyz, /metrics, /openapi.json"
        refusal = Refusal(status, code, what, allowed=allowed)
        refusal.methods = (getattr(fault, "headers", None) or {}).get("Allow")
        return refusal.response(request.scope[ID])


def _openapi(service: Service) -> dict[str, Any]:
    ready = {"200": {"description": "ready"}, "503": {"description": "starting, draining or broken"}}
    probes = {
        "/livez": ("The process is alive", {"200": {"description": "alive"}}),
        "/readyz": ("The model has answered and requests are welcome", ready),
        "/metrics": ("Figures for Prometheus", {"200": {"description": "text"}}),
    }
    paths = {path: {"get": {"summary": what, "responses": answers}} for path, (what, answers) in probes.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "bedside", "version": __version__, "description": disclaimer()},
        "paths": {PREDICT: predict_path(service.settings, service.names), **paths},
        "components": {"securitySchemes": security_schemes()},
    }
