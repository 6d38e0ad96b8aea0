"""The workbench: pages for people, made by the server, in Chinese and English; no build step, no other site."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response

from bedside.lang import tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.workbench.page import LANG_COOKIE, STATIC, as_page, first_place, page, places

ERRORS = dict.fromkeys(("/login", "/static", *(place.address for place in places() if not place.of_patient)), as_page)


def routers(context: Context) -> list[APIRouter]:
    """The pages."""
    router = APIRouter(include_in_schema=False)
    _entry(router)
    for place in places():
        place.add(router, context)
    return [router]


def _entry(router: APIRouter) -> None:
    """The start, the login, the language, and what pages are made with."""

    @router.get("/", response_model=None)
    def home(caller: Annotated[Caller, require("public")]) -> Response:
        """To the first place that the role may go, or to the login."""
        return RedirectResponse(first_place(caller.principal) if caller.principal.id else "/login", 303)

    @router.get("/login", response_model=None)
    def login(caller: Annotated[Caller, require("public")]) -> Response:
        """Name and password, or the providers that the settings name."""
        return page("login.html", caller, providers=[one.name for one in caller.context.settings.logins])

    @router.get("/lang/{lang}", response_model=None)
    def speak(lang: str, caller: Annotated[Caller, require("public")], back: str = "/") -> Response:
        """The other language, from now on in this browser."""
        safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
        response = RedirectResponse(safe, 303)
        response.set_cookie(LANG_COOKIE, "zh" if lang == "zh" else "en", samesite="strict", max_age=31_536_000)
        return response

    @router.get("/static/{name}", response_model=None)
    def static(name: str, caller: Annotated[Caller, require("public")]) -> Response:
        """The style and the script of the pages."""
        if name not in STATIC:
            raise Refusal(404, "not_found", tr("no such address", "地址不存在"))
        return FileResponse(STATIC[name], headers={"Cache-Control": "max-age=300"})
