"""API keys: a file of `key-id sha256` lines. The key itself is shown once, when it is made, and stored nowhere."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers

from bedside.errors import ServeError
from bedside.lang import tr
from bedside.server.errors import Refusal

ANYONE = "local"
"""The key id in the audit log when the server runs without keys, on this machine only."""

_LINE = re.compile(r"(?P<id>[A-Za-z0-9_-]{1,64})\s+(?P<digest>[0-9a-f]{64})(\s+#.*)?")


@dataclass(frozen=True)
class Keys:
    """Which keys are let in: id to the SHA-256 of the key. None at all: everyone (this machine only)."""

    digests: Mapping[str, bytes] | None

    def who(self, header: str | None) -> str | None:
        """The id of the key that was sent, or None. Every stored key is compared, in constant time.

        Plain SHA-256 is enough here because keys are 256 random bits, which no dictionary holds.
        """
        if self.digests is None:
            return ANYONE
        sent = hashlib.sha256((header or "").encode("utf-8", "surrogateescape")).digest()
        found = None
        for name, digest in self.digests.items():
            if hmac.compare_digest(sent, digest):
                found = name
        return found


def make_key(name: str | None = None) -> tuple[str, str]:
    """A new key, and the line for the keys file.

    >>> key, line = make_key("ward-3")
    >>> key.startswith("bedside_"), line.split()[0]
    (True, 'ward-3')
    """
    key = "bedside_" + secrets.token_urlsafe(32)
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key, f"{name or 'key-' + secrets.token_hex(4)} {digest}"


def read_keys(path: Path | None) -> Keys:
    """Read a keys file (blank lines and # comments allowed); one with a bad line, an id twice or no key is refused."""
    if path is None:
        return Keys(None)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ServeError(tr("the keys file cannot be read", "无法读取密钥文件"), value=str(path)) from None
    digests: dict[str, bytes] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or match["id"] in digests:
            raise ServeError(
                tr("not a key line, or its id is used twice", "不是有效的密钥行，或编号重复"),
                where=f"{path.name} line {number}",
                allowed=tr("<id> <sha256 of the key>", "<编号> <密钥的 SHA-256>"),
                next="bedside serve --make-key NAME",
            )
        digests[match["id"]] = bytes.fromhex(match["digest"])
    if not digests:
        raise ServeError(
            tr("the keys file holds no key", "密钥文件为空"), value=str(path), next="bedside serve --make-key"
        )
    return Keys(digests)


def sent_key(headers: Headers) -> str | None:
    """The key in `Authorization: Bearer ...` or `X-API-Key: ...`; Refusal (400) where either is sent twice.

    Of two, a proxy may have checked one and this program read the other.
    """
    for name in ("Authorization", "X-API-Key"):
        if len(headers.getlist(name)) > 1:
            what = tr("sent twice: whose request this is cannot be told", "重复发送，无法确定请求者")
            raise Refusal(400, "sent_twice", what, where=name, close=True)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return headers.get("x-api-key")
