"""Who sends a request: an API key, a signed token, a login's cookie, or a certificate that a trusted proxy checked."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request

from bedside.clinic.api_keys import PREFIX
from bedside.clinic.principal import NOBODY, Principal
from bedside.lang import tr
from bedside.server.auth import sent_key
from bedside.server.clinic.context import Context
from bedside.server.clinic.settings import ClinicSettings
from bedside.server.errors import Refusal

COOKIE = "bedside_session"
CSRF_HEADER = "x-csrf-token"
VERIFIED = "SUCCESS"
"""What a proxy says of a certificate that it checked against its authority (nginx: $ssl_client_verify)."""
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
    shown = request.headers.get(settings.certificate_header)
    if not shown or request.client is None or request.client.host not in settings.trusted_proxies:
        return NOBODY
    name = _account_of(shown, request.headers.get(settings.certificate_verify_header, ""), settings)
    user = context.clinic.accounts.named(name) if name else None
    if user is None or user.disabled:
        return _refuse()
    _check_own_page(request)
    return Principal(id=user.id, name=user.name, role=user.role, via="certificate")


def _account_of(shown: str, verified: str, settings: ClinicSettings) -> str | None:
    """The account of a certificate: of its whole subject where the settings list subjects, else by the name itself."""
    if not settings.certificate_subjects:
        return shown
    return settings.certificate_subjects.get(shown) if verified == VERIFIED else None


def _check_own_page(request: Request) -> None:
    """A browser shows its certificate with any page's requests: what changes something must come from ours."""
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if elsewhere or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        what = tr("this request came from another site's page", "该请求来自其他网站的页面")
        raise Refusal(403, "csrf", what, where="origin")


def nobody() -> Refusal:
    """What is said to somebody who shows nothing."""
    return Refusal(401, "unauthorized", tr("log in, or send an API key", "请登录或提供 API 密钥"), close=True)


def _refuse() -> Principal:
    raise Refusal(401, "unauthorized", tr("this key or token is not valid", "密钥或令牌无效"), close=True)
