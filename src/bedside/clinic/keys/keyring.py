"""The master keys, and the envelope: what seals each patient's own key, so that a chart opens only through both.

A key is of one cipher for ever: 32 bytes seal by AES-256-GCM, 16 bytes by SM4-GCM, and nothing that lies in the store
says which. So nobody who can write there can have the one read as the other.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bedside.clinic.keys import sm as _sm
from bedside.deid._policy import subkey
from bedside.deid.vault.key import MarkedKey, load_marked_keys
from bedside.errors import ClinicError
from bedside.home import place
from bedside.lang import tr

VARIABLE = "BEDSIDE_CLINIC_KEY"
NONCE = 12
AES_BYTES, SM4_BYTES = 32, 16
SM4 = "sm4"
"""How a line of the key file begins whose key seals by SM4: `sm4:` and 64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master keys by their id; `current` seals, the others only open what is not sealed anew yet.

    >>> ring = keyring([bytes(32)])
    >>> ring.unwrap(ring.wrap(b"a data key", "p1"), "p1")
    b'a data key'
    """

    keys: dict[str, bytes] = field(repr=False)
    current: str

    def wrap(self, secret: bytes, bound_to: str) -> bytes:
        """A small secret sealed under the current master key; opens only under the same `bound_to`."""
        return self.current.encode() + seal(self.keys[self.current], secret, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: str) -> bytes:
        """The secret; raises `ClinicError` when its master key is not at hand or a byte was changed."""
        key = self.keys.get(self.master_of(wrapped))
        if key is None:
            what = tr("sealed under a master key that is not at hand", "所用主密钥不在密钥文件中")
            raise ClinicError(what, value=self.master_of(wrapped), allowed=", ".join(self.keys))
        return unseal(key, wrapped[len(self.current) :], bound_to)

    @property
    def sm(self) -> bool:
        """Whether what is written now is sealed by SM4 and chained by SM3."""
        return len(self.keys[self.current]) == SM4_BYTES

    def data_key(self) -> bytes:
        """A new random key of the cipher in use."""
        return secrets.token_bytes(SM4_BYTES if self.sm else AES_BYTES)

    def master_of(self, wrapped: bytes) -> str:
        """The id of the master key that something was sealed under."""
        return wrapped[: len(self.current)].decode("ascii", "replace")


def keyring(keys: Sequence[bytes | MarkedKey]) -> Keyring:
    """The master keys as a ring, the first the one in use; ids are a digest that tells nothing of the key.

    >>> keyring([MarkedKey(SM4, bytes(32)), bytes(32)]).sm
    True
    """
    named = dict(_named(key) if isinstance(key, MarkedKey) else _named(MarkedKey("", key)) for key in keys)
    return Keyring(named, next(iter(named)))


def _named(key: MarkedKey) -> tuple[str, bytes]:
    """The id of a master key and what it seals with; the same bytes under another mark are another key."""
    if key.mark == SM4:
        id = _sm.sm3(_sm.hmac_sm3(key.value, b"clinic key id"))
        return id.hex()[:8], _sm.hmac_sm3(key.value, b"clinic seal")[:SM4_BYTES]
    return hashlib.sha256(subkey(key.value, "clinic key id")).hexdigest()[:8], subkey(key.value, "clinic seal")


def load_keyring(key_file: Path | None, data: Path) -> Keyring:
    """The master keys from `key_file`, the variable `BEDSIDE_CLINIC_KEY`, or the file this home keeps for `data`.

    For new data without a key, one is made in the home folder, outside the data, for its owner alone.
    Raises `VaultError` for a malformed key or one that others may read, `ClinicError` for a missing one or one inside.
    """
    path = key_place(key_file, data)
    if path is None:
        return keyring(load_marked_keys(None, folder=data, variable=VARIABLE, marks=(SM4,)))
    if path.resolve().is_relative_to(data.resolve()):
        what = tr("the key file lies inside the data it seals", "密钥文件位于其所保护的数据目录内")
        raise ClinicError(what, value=path, next="--key-file FILE")
    if key_file is None and not path.exists():
        if data.is_dir() and any(data.iterdir()):
            what = tr("the master key of this data is missing", "缺少此数据的主密钥")
            raise ClinicError(what, value=path, next=f"--key-file FILE, {VARIABLE}")
        _make(path)
    return keyring(load_marked_keys(path, folder=data, variable=VARIABLE, marks=(SM4,)))


def key_place(key_file: Path | None, data: Path) -> Path | None:
    """The file that the master keys of a data folder come from; None where the variable holds them."""
    return None if key_file is None and os.environ.get(VARIABLE) else key_file or own_key_file(data)


def own_key_file(data: Path) -> Path:
    """Where this home keeps the key of a data folder for which none was named."""
    return place("keys") / f"clinic-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]}.key"


def _make(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
        out.flush()
        os.fsync(out.fileno())


def seal(key: bytes, value: bytes, bound_to: str) -> bytes:
    """AES-256-GCM or SM4-GCM, as the key's length says, under a fresh random nonce of 96 bits.

    `bound_to` must be said again to open it.

    >>> unseal(bytes(32), seal(bytes(32), b"x", "here"), "here")
    b'x'
    """
    nonce = os.urandom(NONCE)
    return nonce + _cipher(key).encrypt(nonce, value, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """What was sealed; raises `ClinicError` for a wrong key, a changed byte or another place."""
    try:
        return _cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise ClinicError(tr("what lies sealed was changed, or the key is wrong", "密封内容被改动或密钥错误")) from None


def _cipher(key: bytes) -> AESGCM | _sm.SM4GCM:
    if len(key) == SM4_BYTES:
        return _sm.SM4GCM(key)
    if len(key) != AES_BYTES:  # AES-128 and AES-192 are no ciphers of ours
        raise ValueError("key length")
    return AESGCM(key)
