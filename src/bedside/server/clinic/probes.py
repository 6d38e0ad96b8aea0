"""For the machines that watch a machine: is it alive, does it want requests, what has it done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.figures import CONTENT_TYPE


class Alive(BaseModel):
    """The process answers."""

    alive: bool = True


class Ready(BaseModel):
    """Whether a load balancer should send requests here."""

    ready: bool
    state: str


def routers(context: Context) -> list[APIRouter]:
    """GET /livez, /readyz and /metrics."""
    router = APIRouter(tags=["probes"])

    @router.get("/livez")
    async def livez(caller: Annotated[Caller, require("public")]) -> Alive:
        """Whether the process is alive."""
        return Alive()

    @router.get("/readyz", response_model=Ready, responses={503: {"model": Ready}})
    async def readyz(caller: Annotated[Caller, require("public")]) -> Response:
        """Whether requests are welcome."""
        health = context.health
        told = Ready(ready=health.ready, state=health.state)
        headers = {} if health.ready else {"Retry-After": "2"}
        return JSONResponse(told.model_dump(), 200 if health.ready else 503, headers)

    @router.get("/metrics", response_class=Response)
    def metrics(caller: Annotated[Caller, require("metrics.read")]) -> Response:
        """Requests, verdicts and cards as Prometheus reads them."""
        return Response(context.metrics.page(), media_type=CONTENT_TYPE)

    return [router]
