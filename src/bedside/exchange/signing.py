"""Our own signing key: made once, its public half told as a JWKS, and the client assertions signed with it.

Source: SMART App Launch 2.2, "Client Authentication: Asymmetric" (hl7.org/fhir/smart-app-launch); RFC 7523.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from bedside.errors import ConfigError
from bedside.files import check_out
from bedside.lang import tr

LIFE_S = 240
"""Shorter than the five minutes that the specification allows, so that clocks may differ by one."""
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SMALLEST_RSA = 2048


@dataclass(frozen=True)
class SigningKey:
    """A private key and the algorithm that SMART names for its kind: ES384 or RS384."""

    key: ECKey | RSAKey = field(repr=False)
    algorithm: str

    @property
    def kid(self) -> str:
        """The id by which a server finds the public half."""
        return str(self.key.kid or self.key.thumbprint())

    def public(self) -> dict[str, Any]:
        """The public half, as it stands in a JWKS."""
        return {**self.key.as_dict(private=False), "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def assertion(self, client_id: str, audience: str, now: float | None = None) -> str:
        """A signed token by which a client shows who it is at a token endpoint, good for one request."""
        issued = int(time.time() if now is None else now)
        claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": secrets.token_urlsafe(24)}
        head = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"}
        return jwt.encode(
            head, {**claims, "iat": issued, "exp": issued + LIFE_S}, self.key, algorithms=[self.algorithm]
        )

    def authentication(self, client_id: str, token_endpoint: str) -> dict[str, str]:
        """The fields of a form that authenticate a client at a token endpoint."""
        said = self.assertion(client_id, token_endpoint)
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": said}


def jwks(keys: list[SigningKey]) -> dict[str, Any]:
    """The public halves of keys, each once, as a JWK Set."""
    return {"keys": list({key.kid: key.public() for key in keys}.values())}


def make_signing_key(path: Path) -> SigningKey:
    """A new key (P-384), its private half written for its owner alone; what is there is never overwritten."""
    if path.exists():
        raise ConfigError([tr("there is a file already", "文件已存在")], where=str(path))
    check_out(path)
    key = ECKey.generate_key("P-384")
    private = {**key.as_dict(private=True), "kid": key.thumbprint()}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        json.dump(private, out)
    return read_signing_key(path)


def read_signing_key(path: Path) -> SigningKey:
    """The private key in a JWK file; raises `ConfigError` for one that others may read, or that SMART does not take."""
    try:
        mode, held = stat.S_IMODE(path.stat().st_mode), json.loads(path.read_text(encoding="utf-8"))
        key = import_key(held)
    except (OSError, ValueError, TypeError, KeyError, JoseError) as fault:
        raise _bad(path, tr("not a private key (JWK)", "不是私钥（JWK）") + f" ({type(fault).__name__})") from None
    if os.name == "posix" and mode & 0o077:
        raise _bad(path, tr("others may read the key file", "其他用户可以读取密钥文件"), f"chmod 600 {path}")
    if isinstance(key, ECKey) and key.is_private and key.curve_name == "P-384":
        return SigningKey(key, "ES384")
    if isinstance(key, RSAKey) and key.is_private and key.raw_value.key_size >= _SMALLEST_RSA:
        return SigningKey(key, "RS384")
    raise _bad(path, tr("neither P-384 nor RSA of 2048 bits or more", "须为 P-384 或不少于 2048 位的 RSA 私钥"))


def _bad(path: Path, what: str, next: str = "bedside exchange key -o FILE") -> ConfigError:
    return ConfigError([what], where=str(path), next=next)
