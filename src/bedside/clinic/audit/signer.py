"""The key that signs where the audit log ends: made once, its private half sealed under the master key."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bedside.clinic.keys.keyring import Keyring
from bedside.errors import AuditError
from bedside.files import whole_file
from bedside.lang import tr


@dataclass(frozen=True)
class Signer:
    """Signs with Ed25519; `public` is what a checker needs, 64 hexadecimal digits."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> str:
        """The public key."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, said: bytes) -> str:
        """The signature in hexadecimal."""
        return self.private.sign(said).hex()


def signed(public: str, said: bytes, signature: str) -> bool:
    """Whether the holder of that key signed it."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def open_signer(path: Path, ring: Keyring) -> Signer:
    """The signer kept at `path`, made if there is none yet; sealed anew under the current master key if need be."""
    if not path.exists():
        return _save(path, ring, Ed25519PrivateKey.generate())
    try:
        wrapped = bytes.fromhex(json.loads(path.read_text(encoding="ascii"))["sealed"])
    except (OSError, ValueError, KeyError, TypeError):
        raise AuditError(
            tr("the signing key of the audit log cannot be read", "无法读取审计签名密钥"), value=path
        ) from None
    private = Ed25519PrivateKey.from_private_bytes(ring.unwrap(wrapped, "audit signer"))
    return Signer(private) if ring.master_of(wrapped) == ring.current else _save(path, ring, private)


def public_key(path: Path) -> str | None:
    """The public key kept at `path`; None where there is none."""
    try:
        return str(json.loads(path.read_text(encoding="ascii"))["public"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _save(path: Path, ring: Keyring, private: Ed25519PrivateKey) -> Signer:
    signer = Signer(private)
    sealed = ring.wrap(private.private_bytes_raw(), "audit signer").hex()
    with whole_file(path) as out:
        json.dump({"public": signer.public, "sealed": sealed}, out)
    os.chmod(path, 0o600)
    return signer
