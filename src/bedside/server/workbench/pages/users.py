"""The accounts: who may enter, in which role, since when; a new one, its key or password shown once."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import RedirectResponse, Response

from bedside.clinic.accounts import User
from bedside.clinic.api_keys import ApiKey
from bedside.clinic.permissions import ROLES, may
from bedside.lang import speaking, tr
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal
from bedside.server.workbench.page import lang_of, page
from bedside.server.workbench.pages._base import Page
from bedside.server.workbench.sent import text

KEY_DAYS = (30, 90, 365)
Reads = Annotated[Caller, require("users.read")]
Writes = Annotated[Caller, require("users.write")]
Sent = Annotated[dict[str, Any], Body()]


def add(router: APIRouter, context: Context) -> None:
    """The accounts of the clinic, and what an administrator does with them."""
    accounts, keys = context.clinic.accounts, context.clinic.keys

    @router.get("/users", response_model=None)
    def users(caller: Reads) -> Response:
        """Every account."""
        found = accounts.all()
        caller.note(found=len(found))
        writes = may(caller.principal.role, "users.write")
        return page("users.html", caller, found=found, roles=ROLES, writes=writes, day=day, role_said=role_said)

    @router.get("/users/{user_id}", response_model=None)
    def user(user_id: str, caller: Reads) -> Response:
        """One account and its keys."""
        who = _found(context, user_id)
        writes = may(caller.principal.role, "users.write")
        values = {"keys": keys.of(who.id), "days": KEY_DAYS, "key_state": key_state, "day": day}
        return page("user.html", caller, one=who, writes=writes, role_said=role_said, **values)

    @router.post("/users", response_model=None)
    def new(sent: Sent, caller: Writes) -> Response:
        """A new account, with a password or a key that is shown this once."""
        with speaking(lang_of(caller.request)):
            by_key = sent.get("enters") == "key"
            password = None if by_key else secrets.token_urlsafe(12)
            made = accounts.add(text(sent, "name"), text(sent, "role"), password)
        caller.note(user=made.id, role=made.role)
        return page("secret.html", caller, one=made, password=password, key=keys.make(made.id, 365) if by_key else None)

    @router.post("/users/{user_id}/shut", response_model=None)
    def shut(user_id: str, caller: Writes) -> Response:
        """Shut an account out, or let it in again and unlock it."""
        who = _found(context, user_id)
        if who.id == caller.principal.id:
            with speaking(lang_of(caller.request)):
                what = tr("you cannot shut yourself out", "不能停用自己的账户")
                raise Refusal(422, "invalid", what)
        accounts.disable(who.name, disabled=not who.disabled)
        caller.note(user=who.id, disabled=int(not who.disabled))
        return RedirectResponse(f"/users/{who.id}", 303)

    @router.post("/users/{user_id}/keys", response_model=None)
    def key(user_id: str, sent: Sent, caller: Writes) -> Response:
        """A new key, shown this once; with `instead`, in place of another, which ends within a day."""
        who, days = _found(context, user_id), _days(sent)
        instead = text(sent, "instead", least=0)
        if instead:
            _own_key(context, who, instead)
        made = keys.replace(instead, days) if instead else keys.make(who.id, days)
        caller.note(user=who.id, replaced=int(bool(instead)))
        return page("secret.html", caller, one=who, password=None, key=made)

    @router.post("/users/{user_id}/keys/{key_id}/shut", response_model=None)
    def shut_key(user_id: str, key_id: str, caller: Writes) -> Response:
        """Shut one key at once."""
        who = _found(context, user_id)
        keys.disable(_own_key(context, who, key_id).id)
        caller.note(user=who.id, key=key_id)
        return RedirectResponse(f"/users/{who.id}", 303)


def role_said(role: str) -> str:
    """A role in the reader's language.

    >>> role_said("data_engineer")
    'data engineer'
    """
    said = ("医生", "审核员", "数据工程师", "审计员", "管理员", "服务程序", "导出程序")
    chinese: dict[str, str] = dict(zip(ROLES, said, strict=True))
    return tr(role.replace("_", " "), chinese.get(role, role))


def day(time: float | None) -> str:
    """A time as a list shows it, in UTC.

    >>> day(0.0), day(None)
    ('1970-01-01 00:00', '–')
    """
    return "–" if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")


def key_state(key: ApiKey) -> str:
    """Whether a key opens, in words; empty where it does."""
    if key.disabled:
        return tr("shut", "已停用")
    ended = key.expires is not None and key.expires <= datetime.now(UTC).timestamp()
    return tr("ended", "已到期") if ended else ""


def _found(context: Context, user_id: str) -> User:
    found = next((one for one in context.clinic.accounts.all() if one.id == user_id), None)
    if found is None:
        raise Refusal(404, "unknown_user", tr("no such user", "没有该用户"))
    return found


def _own_key(context: Context, who: User, key_id: str) -> ApiKey:
    """A key that opens, of that account."""
    held = [one for one in context.clinic.keys.of(who.id) if one.id == key_id and not key_state(one)]
    if not held:
        raise Refusal(404, "unknown_key", tr("no such key", "没有该密钥"))
    return held[0]


def _days(sent: dict[str, Any]) -> int:
    said = str(sent.get("days", KEY_DAYS[-1]))
    if said not in map(str, KEY_DAYS):
        what = tr("choose how long it opens", "请选择有效期")
        raise Refusal(422, "invalid", what, where="days", allowed=", ".join(map(str, KEY_DAYS)))
    return int(said)


PAGE = Page("/users", "users.read", "Users", "用户", 90, add)
