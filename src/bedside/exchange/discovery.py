"""Where a server lets clients in: SMART's `smart-configuration` of a FHIR server, OpenID Connect's of an issuer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bedside.errors import ExchangeError
from bedside.exchange.peers import Peers
from bedside.lang import tr

SMART = "/.well-known/smart-configuration"
OPENID = "/.well-known/openid-configuration"


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """The addresses of a server's doors; empty where it told none."""

    token: str
    authorize: str = ""
    issuer: str = ""
    jwks: str = ""
    methods: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()


def discover(peers: Peers, base: str, document: str = SMART) -> Endpoints:
    """The endpoints that the server at `base` tells; raises `ExchangeError` where one of them is not listed.

    A document that names addresses elsewhere is refused whole: a token would be sent there.
    """
    answer = peers.get(base.rstrip("/") + document, accept="application/json")
    if answer.status != 200:
        raise ExchangeError(
            tr("the server tells no endpoints", "服务器未提供端点信息"), value=answer.status, where=document
        )
    told = answer.json()
    found = Endpoints(
        token=_text(told, "token_endpoint"),
        authorize=_text(told, "authorization_endpoint"),
        issuer=_text(told, "issuer"),
        jwks=_text(told, "jwks_uri"),
        methods=_texts(told, "token_endpoint_auth_methods_supported"),
        challenges=_texts(told, "code_challenge_methods_supported"),
    )
    if not found.token:
        raise ExchangeError(tr("the server tells no token endpoint", "服务器未提供令牌端点"), where=document)
    if not all(peers.lists(one) for one in (found.token, found.authorize, found.jwks) if one):
        what = tr("the server names an address that is not listed", "服务器给出的地址未列入名单")
        raise ExchangeError(what, where=document, allowed="outbound", next="docs/clinic.md")
    return found


def _text(told: Mapping[str, Any], name: str) -> str:
    said = told.get(name)
    return said if isinstance(said, str) else ""


def _texts(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    said = told.get(name)
    return tuple(one for one in said if isinstance(one, str)) if isinstance(said, list) else ()
