"""Signed tokens (JWT) of issuers the settings name: OpenID Connect logins, SMART backend services, CDS clients."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bedside.clinic.permissions import ROLES
from bedside.clinic.principal import Principal
from bedside.clinic.scopes import read_scopes
from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.server.clinic.settings import Issuer

ALGORITHMS = ["RS256", "RS384", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures by public keys only: with a shared secret, whoever checks could also sign; `none` is no signature."""
LEEWAY_S = 60


@dataclass(frozen=True)
class _Trusted:
    issuer: Issuer
    keys: KeySet


class Tokens:
    """The issuers of one server, their keys read at start."""

    def __init__(self, issuers: Sequence[Issuer]) -> None:
        self._trusted = {one.issuer: _Trusted(one, _keys(one.jwks)) for one in issuers}
        self._used: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def who(self, token: str) -> Principal | None:
        """Whose token that is; None when it is not of a known issuer, not for us, expired, or grants no role.

        An issuer whose role is fixed, as a CDS client's is, may leave `sub` out; `once` lets each token in but once.
        """
        for name, trusted in self._trusted.items():
            claims = _claims(token, name, trusted)
            if claims is None:
                continue
            role, subject = trusted.issuer.role or claims.get(trusted.issuer.role_claim), claims.get("sub", name)
            if trusted.issuer.once and not self._first_use(name, claims):
                return None
            if role in ROLES and isinstance(subject, str) and subject:
                return _principal(trusted.issuer, claims, subject, str(role))
        return None

    def _first_use(self, issuer: str, claims: dict[str, Any]) -> bool:
        """Whether a token that is good for one request has an id, and one that was not used before."""
        id, now = claims.get("jti"), monotonic()  # the clock on the wall may leap ahead, forget, and be put back
        if not isinstance(id, str) or not id:
            return False
        with self._lock:
            self._used = {key: until for key, until in self._used.items() if until > now}
            fresh = (issuer, id) not in self._used
            self._used[issuer, id] = now + float(claims["exp"]) - time() + 2 * LEEWAY_S
        return fresh


def _principal(issuer: Issuer, claims: dict[str, Any], subject: str, role: str) -> Principal:
    """Who that is; a token of an issuer of SMART tokens, or with SMART's scopes in it, reaches what these grant."""
    said = claims.get("scope", "")
    scopes, patient = read_scopes(said if isinstance(said, str) else ""), claims.get("patient", "")
    bound = issuer.smart or bool(scopes.grants or scopes.limited)
    return Principal(
        id=f"token:{subject}",
        name=subject,
        role=role,
        via="token",
        patient=patient if bound and isinstance(patient, str) else "",
        scopes=scopes if bound else None,
    )


def _claims(token: str, name: str, trusted: _Trusted) -> dict[str, Any] | None:
    wanted = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": name},
        aud={"essential": True, "values": trusted.issuer.audience},
        exp={"essential": True},
        sub={"essential": trusted.issuer.role is None},
    )
    try:
        found = jwt.decode(token, trusted.keys, algorithms=ALGORITHMS)
        wanted.validate(found.claims)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return found.claims


def _keys(path: Path) -> KeySet:
    try:
        return KeySet.import_key_set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as fault:
        what = tr("not a set of public keys (JWKS)", "不是公钥集（JWKS）")
        raise ConfigError([f"{what}: {path} ({type(fault).__name__})"]) from None
