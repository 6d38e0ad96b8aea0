"""The parts of the clinical server, each a module with `routers(context)`; a route without an action is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from bedside.errors import ServeError
from bedside.lang import tr
from bedside.server.clinic.context import Context
from bedside.server.clinic.shell import Shape
from bedside.server.errors import Refusal

PARTS = (
    "bedside.server.clinic.probes",
    "bedside.server.clinic.login",
    "bedside.server.clinic.external",
    "bedside.server.clinic.patients",
    "bedside.server.clinic.restrictions",
    "bedside.server.clinic.dialogues",
    "bedside.server.clinic.jobs",
    "bedside.server.clinic.registry",  # before the list of models, whose address of one model would hide it
    "bedside.server.clinic.predict",
    "bedside.server.clinic.watching",
    "bedside.server.cds_hooks",
    "bedside.server.openai",
    "bedside.server.fhir",
    "bedside.server.smart",
    "bedside.server.workbench",
)
"""A part that is not named here is not served."""


def load_parts() -> list[ModuleType]:
    """The parts, imported when a server starts."""
    return [import_module(name) for name in PARTS]


def routers(parts: list[ModuleType], context: Context) -> list[APIRouter]:
    """Every part's routers; a route that asks for no action stops the server before it starts."""
    found = [router for part in parts for router in part.routers(context)]
    for router in found:
        for route in router.routes:
            if not isinstance(route, APIRoute) or action_of(route) is None:
                what = tr("a route without a required action", "路由未声明所需权限")
                raise ServeError(what, value=getattr(route, "path", type(route).__name__), allowed="require(ACTION)")
    return found


def actions(found: list[APIRouter]) -> Iterator[tuple[str, str, str]]:
    """(method, path, action) of every route."""
    for router in found:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield from ((method, route.path, action_of(route) or "") for method in sorted(route.methods or ()))


def methods_at(routes: Sequence[BaseRoute], scope: Scope) -> str:
    """The methods of an address, for `Allow`; what answers GET answers HEAD."""
    here = [one for one in routes if isinstance(one, Route) and one.matches(scope)[0] is not Match.NONE]
    methods = {method for one in here for method in one.methods or ()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def action_of(route: APIRoute) -> str | None:
    """The action that a route's `require` names."""
    asked = [getattr(one.call, "action", None) for one in route.dependant.dependencies]
    return next((action for action in asked if action), None)


def shape_of(parts: list[ModuleType], path: str) -> Shape:
    """How refusals are said at an address: as the part whose prefix is the longest says."""
    shapes: dict[str, Shape] = {}
    for part in parts:
        shapes |= getattr(part, "ERRORS", {})
    near = [prefix for prefix in shapes if path == prefix or path.startswith(prefix.rstrip("/") + "/")]
    return shapes[max(near, key=len)] if near else Refusal.response
