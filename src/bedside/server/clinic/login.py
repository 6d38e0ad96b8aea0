"""POST /v1/login and /v1/logout, GET /v1/me: who one is here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from bedside.clinic.permissions import TABLE
from bedside.clinic.principal import Principal
from bedside.lang import tr
from bedside.server.clinic.access import Caller, request_address, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.identify import COOKIE
from bedside.server.errors import Refusal


class Credentials(BaseModel):
    """Who wants in."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class LoggedIn(BaseModel):
    """Send `csrf` as X-CSRF-Token with every request that changes something."""

    name: str
    role: str
    csrf: str


class Me(BaseModel):
    """Who asks, how they showed it, and what they may do."""

    id: str
    name: str
    role: str
    via: str
    may: list[str]
    csrf: str = ""


def routers(context: Context) -> list[APIRouter]:
    """Login, logout and who one is."""
    router = APIRouter(tags=["login"])

    @router.post("/v1/login", response_model=LoggedIn)
    def login(sent: Credentials, caller: Annotated[Caller, require("public", audited="login")]) -> Response:
        """Log in with name and password; the session is in a cookie that scripts cannot read."""
        context.logins.take(request_address(caller.request), 1)
        user = context.clinic.accounts.login(sent.name, sent.password)
        if user is None:
            raise Refusal(
                401, "login_failed", tr("name or password is wrong, or locked", "用户名或密码错误，或账户已锁定")
            )
        token, csrf = context.clinic.sessions.open(user.id, instead=caller.request.cookies.get(COOKIE, ""))
        caller.trail.principal = Principal(id=user.id, name=user.name, role=user.role, via="session")
        response = JSONResponse(LoggedIn(name=user.name, role=user.role, csrf=csrf).model_dump())
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=context.settings.tls)
        return response

    @router.post("/v1/logout", status_code=204, response_model=None)
    def logout(caller: Annotated[Caller, require("self")]) -> Response:
        """End this login."""
        context.clinic.sessions.close(caller.request.cookies.get(COOKIE, ""))
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=context.settings.tls)
        return response

    @router.get("/v1/me")
    def me(caller: Annotated[Caller, require("self")]) -> Me:
        """Who I am, and what I may do."""
        who = caller.principal
        may = [action for action, roles in TABLE.items() if who.role in roles.split()]
        return Me(id=who.id, name=who.name, role=who.role, via=who.via, may=may, csrf=who.csrf)

    return [router]
