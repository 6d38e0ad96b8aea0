"""/login/with/{name}, /smart/launch, /login/callback: logging in elsewhere, and being launched out of a chart there."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from bedside.clinic.accounts import User
from bedside.clinic.permissions import may
from bedside.clinic.principal import Principal
from bedside.errors import ClinicError, ExchangeError, UsageError
from bedside.exchange.backend import FHIR_JSON
from bedside.exchange.chart import chart_from
from bedside.exchange.discovery import OPENID, SMART, Endpoints, discover
from bedside.exchange.login import WAIT_S, Came, Client, Pending, begin, finish, fits
from bedside.exchange.peers import Peers
from bedside.lang import tr
from bedside.server.clinic.access import Caller, request_address, require
from bedside.server.clinic.context import Context
from bedside.server.clinic.identify import COOKIE
from bedside.server.clinic.settings import Login
from bedside.server.errors import Refusal
from bedside.server.workbench.page import as_page, page

ERRORS = {"/smart": as_page, "/login": as_page}
PENDING = "bedside_login"
CALLBACK = "/login/callback"
_NO_NAME = re.compile(r"[^\w.@-]")
Anyone = Annotated[Caller, require("public")]
Word = Annotated[str, Query(max_length=4096)]


def routers(context: Context) -> list[APIRouter]:
    """The way out to an identity provider or a record system, and the way back."""
    router = APIRouter(include_in_schema=False)
    logins = {one.name: one for one in context.settings.logins}

    @router.get("/login/with/{name}", response_model=None)
    def elsewhere(name: str, caller: Anyone) -> Response:
        """To an identity provider; where it is a record system, to choose a patient there."""
        if name not in logins:
            raise Refusal(404, "not_found", tr("no such address", "地址不存在"))
        return _begun(logins[name], caller)

    @router.get("/smart/launch", response_model=None)
    def launch(caller: Anyone, iss: Word, launch: Word) -> Response:
        """Out of a patient's chart in a record system that the settings name (SMART EHR launch)."""
        known = [one for one in logins.values() if one.fhir and one.fhir.rstrip("/") == iss.rstrip("/")]
        if not known:
            what = tr("launched by a server that is not listed", "启动方服务器未列入名单")
            raise Refusal(403, "unknown_issuer", what)
        return _begun(known[0], caller, launch)

    @router.get(CALLBACK, response_model=None)
    def back(caller: Anyone, state: Word = "", code: Word = "", iss: Word | None = None) -> Response:
        """Back from there: who logged in gets the role that the settings give to the claims, or does not come in."""
        caller.trail.action = "login"
        context.logins.take(request_address(caller.request), 1)
        pending = _kept(caller)
        login = logins.get(pending.provider) if pending else None
        if pending is None or login is None or not fits(pending, state, iss, _client(login, context)) or not code:
            raise Refusal(
                400, "login_failed", tr("this login was not begun here, or too long ago", "登录请求无效或已过期")
            )
        where = _endpoints(login, context.peers)
        came = finish(context.peers, _client(login, context), where, pending, code)
        user = _account(login, came.claims, context)
        principal = Principal(id=user.id, name=user.name, role=user.role, via="session")
        caller.trail.principal = principal
        caller.note(provider=login.name)
        patient = _launched(login, came, principal, caller) if pending.launch else None
        return _entered(user, patient, caller)

    return [router]


def _begun(login: Login, caller: Caller, launch: str = "") -> Response:
    """To the other server, with what must fit on the way back sealed in a cookie of this browser."""
    context = caller.context
    context.logins.take(request_address(caller.request), 1)
    where = _endpoints(login, context.peers)
    pending, address = begin(
        _client(login, context), where, login.name, login.scopes, fhir=login.fhir or "", launch=launch
    )
    ring = context.clinic.records.ring
    sealed = urlsafe_b64encode(ring.wrap(json.dumps(pending.to_json()).encode(), PENDING)).decode()
    response = RedirectResponse(address, 303)
    # Lax: the way back is a navigation from the other site, with which a strict cookie would not come.
    response.set_cookie(
        PENDING, sealed, max_age=int(WAIT_S), path="/login", httponly=True, samesite="lax", secure=context.settings.tls
    )
    return response


def _kept(caller: Caller) -> Pending | None:
    ring = caller.context.clinic.records.ring
    try:
        sealed = urlsafe_b64decode(caller.request.cookies.get(PENDING, ""))
        return Pending(**json.loads(ring.unwrap(sealed, PENDING)))
    except (ClinicError, ValueError, TypeError):
        return None


def _client(login: Login, context: Context) -> Client:
    key = context.signing_keys[login.key] if login.key else None
    here = (context.settings.public_url or "").rstrip("/") + CALLBACK
    return Client(issuer=login.issuer, client_id=login.client_id, redirect_uri=here, key=key)


def _endpoints(login: Login, peers: Peers) -> Endpoints:
    """Where that server lets people in; one that calls itself otherwise than the settings do is refused."""
    found = discover(peers, login.fhir, SMART) if login.fhir else discover(peers, login.issuer, OPENID)
    if found.issuer != login.issuer or not found.jwks:
        raise ExchangeError(tr("the server is not the issuer that the settings name", "服务器与设置中的签发者不符"))
    return found


def _account(login: Login, claims: Mapping[str, Any], context: Context) -> User:
    """The account of whoever that is; 403 for no role here, a shut account, or a name that is another's."""
    role = role_of(login, claims)
    if role is None:
        raise Refusal(403, "no_role", tr("you have no role here", "您在本系统没有角色"))
    name = _NO_NAME.sub("-", str(claims.get(login.name_claim) or claims["sub"]))[:64]
    try:
        user = context.clinic.accounts.of_identity(f"{login.issuer}|{claims['sub']}"[:400], name, role)
    except UsageError:
        what = tr("another account has your name; ask an administrator", "用户名已被其他账户占用，请联系管理员")
        raise Refusal(403, "name_taken", what) from None
    if user is None:
        raise Refusal(403, "login_failed", tr("your account is shut", "您的账户已停用"))
    return user


def role_of(login: Login, claims: Mapping[str, Any]) -> str | None:
    """The role of the first of the settings' values that the claim holds; of `fhirUser`, its type counts.

    >>> login = Login(name="x", issuer="i", client_id="c", roles={"icu": "clinician"})
    >>> role_of(login, {"groups": ["icu", "gym"]}), role_of(login, {"groups": "gym"})
    ('clinician', None)
    """
    said = claims.get(login.role_claim)
    held = [one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str)]
    if login.role_claim == "fhirUser":
        held = [one.rstrip("/").split("/")[-2] for one in held if "/" in one.rstrip("/")]
    return next((role for value, role in login.roles.items() if value in held), None)


def _launched(login: Login, came: Came, principal: Principal, caller: Caller) -> str:
    """The patient of the launch, read there and kept here: our id, if this person may see that chart."""
    if not may(principal.role, "patient.read"):
        raise Refusal(403, "forbidden", tr("your role may not do this", "您的角色无此权限"), where="patient.read")
    peers, base = caller.context.peers, (login.fhir or "").rstrip("/")

    def get(query: str) -> dict[str, Any]:
        joined = f"{base}{query}" if query.startswith("?") else f"{base}/{query}"
        answer = peers.get(joined, accept=FHIR_JSON, authorization=f"Bearer {came.access_token}")
        if answer.status != 200:
            raise ExchangeError(tr("the FHIR server refused", "FHIR 服务器拒绝了请求"), value=answer.status)
        return answer.json()

    patient, _ = caller.keep(chart_from(get, base, came.patient))
    if not caller.context.clinic.consent.reaches(principal.id, patient):
        what = tr("this chart is restricted", "该病历受限")
        raise Refusal(403, "needs_break_glass", what)
    return patient


def _entered(user: User, patient: str | None, caller: Caller) -> Response:
    """A page of our own that goes on by itself: the strict cookie does not come with a redirect from another site."""
    token, _ = caller.context.clinic.sessions.open(user.id, patient, instead=caller.request.cookies.get(COOKIE, ""))
    response = page("entered.html", caller, to=f"/patients/{patient}" if patient else "/")
    secure = caller.context.settings.tls
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
    response.delete_cookie(PENDING, path="/login", httponly=True, samesite="lax", secure=secure)
    return response
