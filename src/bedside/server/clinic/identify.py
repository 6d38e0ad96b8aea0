"""Who sends a request: an API key, a signed token, a login's cookie, or a certificate that a trusted proxy checked."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from bedside.clinic.api_keys import PREFIX
from bedside.clinic.principal import NOBODY, Principal
from bedside.lang import tr
from bedside.server.auth import sent_key
from bedside.server.clinic.context import Context
from bedside.server.errors import Refusal

COOKIE = "bedside_session"
CSRF_HEADER = "x-csrf-token"
SAFE = ("GET", "HEAD", "OPTIONS")


def identify(request: Request, context: Context) -> Principal:
    """The sender, or `NOBODY` when nothing is shown; something wrong that is shown is refused (401)."""
    shown = sent_key(request.headers)
    if shown is not None:
        who = context.clinic.keys.who(shown) if shown.startswith(PREFIX) else context.tokens.who(shown)
        return who or _refuse()
    if token := request.cookies.get(COOKIE):
        return _logged_in(request, token, context) or NOBODY
    return _certified(request, context)


def _logged_in(request: Request, token: str, context: Context) -> Principal | None:
    """By a login's cookie; what changes something must also carry the page's CSRF token, which no other site knows."""
    who = context.clinic.sessions.who(token)
    if who is None or request.method in SAFE:
        return who
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(who.csrf.encode(), sent.encode("utf-8", "replace")):
        what = tr("the page's token is missing or wrong; reload the page", "页面令牌缺失或错误，请刷新页面")
        raise Refusal(403, "csrf", what, where=CSRF_HEADER)
    return who


def _certified(request: Request, context: Context) -> Principal:
    """By the name in a client certificate, told in a header; believed only from a proxy that the settings name."""
    settings = context.settings
    name = request.headers.get(settings.certificate_header)
    if name is None or request.client is None or request.client.host not in settings.trusted_proxies:
        return NOBODY
    user = context.clinic.accounts.named(name)
    if user is None or user.disabled:
        return _refuse()
    return Principal(id=user.id, name=user.name, role=user.role, via="certificate")


def nobody() -> Refusal:
    """What is said to somebody who shows nothing."""
    return Refusal(401, "unauthorized", tr("log in, or send an API key", "请登录或提供 API 密钥"), close=True)


def _refuse() -> Principal:
    raise Refusal(401, "unauthorized", tr("this key or token is not valid", "密钥或令牌无效"), close=True)
