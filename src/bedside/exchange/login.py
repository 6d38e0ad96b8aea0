"""Logging a person in elsewhere: authorization code with PKCE, and an ID token that is checked (OpenID Connect, SMART).

Sources: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636 (PKCE); RFC 9207 (issuer in the answer).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bedside.errors import ExchangeError
from bedside.exchange.backend import read_token
from bedside.exchange.discovery import Endpoints
from bedside.exchange.peers import Peers
from bedside.exchange.signing import SigningKey
from bedside.lang import tr

WAIT_S = 600.0
"""How long somebody may take to log in elsewhere."""
LEEWAY_S = 60
ALGORITHMS = ["RS256", "RS384", "PS256", "ES256", "ES384"]


@dataclass(frozen=True, kw_only=True)
class Client:
    """What this server is to an issuer; without a key it is a public client, and PKCE alone binds the code to it."""

    issuer: str
    client_id: str
    redirect_uri: str
    key: SigningKey | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A login that was begun in one browser: what comes back must fit it. `launch` tells that a patient must come."""

    provider: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun: float
    launch: bool = False

    def to_json(self) -> dict[str, Any]:
        """As the browser keeps it, sealed."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Came:
    """Who logged in: the claims of the ID token; the patient of a launch and the token to read it with."""

    claims: Mapping[str, Any] = field(repr=False)
    patient: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)


def begin(
    client: Client, where: Endpoints, provider: str, scopes: Sequence[str], *, fhir: str = "", launch: str = ""
) -> tuple[Pending, str]:
    """What to keep, and the address to send the browser to.

    `fhir` asks for a patient of that FHIR server: the one of `launch`, which a record system told, or one to be chosen.
    """
    if not where.authorize or "S256" not in (where.challenges or ("S256",)):
        what = tr("no login with PKCE (S256) is offered there", "对方不提供支持 PKCE（S256）的登录")
        raise ExchangeError(what)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    wanted = [*scopes, *(("launch" if launch else "launch/patient",) if fhir else ())]
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": " ".join(wanted),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        **({"aud": fhir} if fhir else {}),
        **({"launch": launch} if launch else {}),
    }
    pending = Pending(
        provider=provider, state=state, nonce=nonce, verifier=verifier, begun=time.time(), launch=bool(fhir)
    )
    return pending, f"{where.authorize}{'&' if '?' in where.authorize else '?'}{urlencode(asked)}"


def challenge(verifier: str) -> str:
    """The challenge that PKCE makes of a verifier (RFC 7636, appendix B).

    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def fits(pending: Pending, state: str, issuer: str | None, client: Client, now: float | None = None) -> bool:
    """Whether what came back belongs to that login: its state, in time, and of that issuer where it says so."""
    age = (time.time() if now is None else now) - pending.begun
    same = hmac.compare_digest(pending.state.encode(), state.encode("utf-8", "replace"))
    return same and 0 <= age <= WAIT_S and issuer in (None, client.issuer)


def finish(peers: Peers, client: Client, where: Endpoints, pending: Pending, code: str) -> Came:
    """Who logged in, for the code that came back; raises `ExchangeError` for anything that is not as it must be."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.redirect_uri}
    form |= {"code_verifier": pending.verifier, "client_id": client.client_id}
    form |= client.key.authentication(client.client_id, where.token) if client.key else {}
    answer = peers.post_form(where.token, form, accept="application/json")
    token, told = read_token(answer, 0.0), answer.json()
    claims = _checked(peers, client, where, pending, told.get("id_token"))
    patient = told.get("patient", "")
    if pending.launch and not (isinstance(patient, str) and patient):
        raise ExchangeError(tr("the launch names no patient", "启动信息未指明患者"))
    return Came(claims=claims, patient=patient if pending.launch else "", access_token=token.value)


def _checked(peers: Peers, client: Client, where: Endpoints, pending: Pending, id_token: Any) -> Mapping[str, Any]:
    """The claims of an ID token that the issuer signed for this client and this login."""
    wanted = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": client.issuer},
        aud={"essential": True, "value": client.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": pending.nonce},
    )
    try:
        keys = KeySet.import_key_set(peers.get(where.jwks, accept="application/json").json())  # type: ignore[arg-type]
        claims = jwt.decode(str(id_token), keys, algorithms=ALGORITHMS).claims
        wanted.validate(claims)
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client.client_id:
            raise ValueError("azp")
    except (JoseError, ValueError, TypeError, KeyError):
        raise ExchangeError(tr("the ID token is not valid", "ID 令牌无效")) from None
    return claims
