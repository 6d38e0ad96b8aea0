"""The vault: which pseudonym stands for whom. Values sealed with AES-256-GCM, names by HMAC-SHA-256, one SQLite file.

What it withstands: a copy of the file tells nothing without the key; a changed, swapped, added or removed row is
noticed (`verify`, and every `get` of the row itself). What it cannot notice: the whole file put back to an older state.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bedside.deid._policy import keyed, subkey
from bedside.deid.vault.key import load_key
from bedside.errors import VaultError
from bedside.lang import tr
from bedside.machine import machine_reason

_VERSION = "1"
_WAIT_SECONDS = 60.0
_EMPTY = bytes(32)


@dataclass(frozen=True, slots=True)
class Vault:
    """An open vault; made by `open_vault`. Every call is one transaction, so several processes may write at once."""

    path: Path
    key: bytes = field(repr=False)

    def pseudonym(self, kind: str, original: str) -> str:
        """The pseudonym of an original, the same under this key: `patient` gives `P-` and 16 hexadecimal digits."""
        return pseudonym(self.key, kind, original)

    def put(self, kind: str, pairs: Iterable[tuple[str, str]]) -> int:
        """Keep (pseudonym, original) pairs and return how many were new.

        Two patients never share a pseudonym (that is a `VaultError`); a surrogate drawn from a short list, such as a
        town, may stand for several originals, and all of them are kept.
        """
        with self._write() as db:
            new, total = 0, self._total(db)
            for name, original in pairs:
                row = f"{kind}:{name}"
                old = db.execute("SELECT sealed FROM entries WHERE name = ?", (row,)).fetchone()
                originals = [] if old is None else self._unseal(row, old[0])
                if original in originals:
                    continue
                if originals and not kind.startswith("surrogate"):
                    raise VaultError(
                        tr("two originals for one pseudonym", "一个假名对应两个原值"), where=str(self.path)
                    )
                sealed = self._seal(row, [*originals, original])
                db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?)", (row, sealed))
                total = _xor(total, self._mark(row, sealed))
                total = total if old is None else _xor(total, self._mark(row, old[0]))
                new += 1
            self._set(db, "total", total)
        return new

    def get(self, kind: str, name: str) -> list[str]:
        """The originals behind a pseudonym, nearly always one; none when the vault has nothing of that name."""
        with self._read() as db:
            row = db.execute("SELECT sealed FROM entries WHERE name = ?", (f"{kind}:{name}",)).fetchone()
        return [] if row is None else self._unseal(f"{kind}:{name}", row[0])

    def verify(self) -> int:
        """Check every row against its seal and all rows against their total; returns how many there are."""
        with self._read() as db:
            total, count = _EMPTY, 0
            for row, sealed in db.execute("SELECT name, sealed FROM entries"):
                self._unseal(row, sealed)
                total = _xor(total, self._mark(row, sealed))
                count += 1
            if not hmac.compare_digest(total, self._total(db)):
                raise _tampered(self.path)
        return count

    def remember(self, name: str, value: str) -> None:
        """Keep one small sealed fact about the vault itself, such as where its audit log ends."""
        with self._write() as db:
            self._set(db, name, value.encode())

    def recall(self, name: str) -> str | None:
        """What `remember` kept."""
        with self._read() as db:
            found = db.execute("SELECT sealed FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else self._unseal_bytes(f"meta {name}", found[0]).decode()

    def _seal(self, row: str, originals: list[str]) -> bytes:
        return self._seal_bytes(f"entry {row}", json.dumps(originals).encode())

    def _unseal(self, row: str, sealed: bytes) -> list[str]:
        return json.loads(self._unseal_bytes(f"entry {row}", sealed))

    def _seal_bytes(self, bound_to: str, value: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(subkey(self.key, "vault seal")).encrypt(nonce, value, bound_to.encode())

    def _unseal_bytes(self, bound_to: str, sealed: object) -> bytes:
        try:
            blob = bytes(sealed) if isinstance(sealed, bytes) else b""
            return AESGCM(subkey(self.key, "vault seal")).decrypt(blob[:12], blob[12:], bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise _tampered(self.path) from error

    def _mark(self, row: str, sealed: bytes) -> bytes:
        """A row's share of the total: keyed; joined by XOR, so that a new row costs the same however many there are."""
        return hmac.digest(subkey(self.key, "vault total"), row.encode() + b"\0" + sealed, "sha256")

    def _total(self, db: sqlite3.Connection) -> bytes:
        found = db.execute("SELECT sealed FROM meta WHERE name = 'total'").fetchone()
        if found is None:
            raise _tampered(self.path)
        return self._unseal_bytes("meta total", found[0])

    def _set(self, db: sqlite3.Connection, name: str, value: bytes) -> None:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, self._seal_bytes(f"meta {name}", value)))

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._read() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        try:
            db = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
            try:
                yield db
            finally:
                db.close()
        except sqlite3.Error as error:
            what = tr("the vault cannot be used", "保险库无法使用")
            why = machine_reason(error) or type(error).__name__
            raise VaultError(f"{what} ({why})", where=str(self.path)) from error


def open_vault(path: Path, *, key_file: Path | None = None, key: bytes | None = None, create: bool = True) -> Vault:
    """Open the vault at `path`, or make it (readable by its owner alone) when `create` is set.

    Raises `VaultError` for a wrong key, a missing vault, a file that is none, and a key kept beside it.
    """
    if path.is_dir():
        raise VaultError(
            tr("a folder, where the vault's file is needed", "此处须为保险库文件，而非文件夹"), value=f"{path}/"
        )
    vault = Vault(path, key if key is not None else load_key(key_file, vault=path))
    if not create and not path.exists():
        raise VaultError(tr("no vault there", "该处没有保险库"), value=path, next="bedside deidentify --vault PATH")
    if path.exists() and path.stat().st_size == 0:
        raise VaultError(
            tr("the vault is empty: what it kept is lost, or it was never begun", "保险库为空：内容已丢失，或从未建立"),
            value=path,
            next=tr("bring back its copy, or remove the file for a new one", "恢复备份，或删除该文件以新建"),
        )
    if not path.exists():
        _make(vault)
    with vault._read() as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = db.execute("SELECT sealed FROM meta WHERE name = 'version'").fetchone() if "meta" in tables else None
    if found is None:
        raise VaultError(tr("this file is not a vault", "该文件不是保险库"), value=path)
    try:
        version = vault._unseal_bytes("meta version", found[0]).decode()
    except VaultError as error:
        what = tr(
            "the key does not open this vault, or the vault was changed", "密钥不能打开此保险库，或保险库已被改动"
        )
        raise VaultError(what, value=path, next="--key-file KEYFILE") from error
    if version != _VERSION:
        raise VaultError(tr("a later version wrote this vault", "此保险库由更新的版本写成"), value=version)
    return vault


def pseudonym(key: bytes, kind: str, original: str) -> str:
    """A name that says nothing: the kind's initial and 64 bits of HMAC-SHA-256.

    >>> pseudonym(bytes(32), "patient", "7")
    'P-ac456e201ef9957a'
    """
    return f"{kind[0].upper()}-{keyed(subkey(key, 'pseudonym'), kind, original) >> 192:016x}"


def _make(vault: Vault) -> None:
    """Written whole under another name first: whoever comes at the same time finds all of it or nothing."""
    vault.path.parent.mkdir(parents=True, exist_ok=True)
    begun = vault.path.with_name(f".{vault.path.name}.{secrets.token_hex(6)}")
    os.close(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        fresh = Vault(begun, vault.key)
        with fresh._write() as db:
            db.execute("CREATE TABLE entries (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID")
            db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID")
            fresh._set(db, "total", _EMPTY)
            fresh._set(db, "version", _VERSION.encode())
        with suppress(FileExistsError):  # another made it meanwhile
            os.link(begun, vault.path)
    finally:
        begun.unlink()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _tampered(path: Path) -> VaultError:
    what = tr("the vault was changed by something other than bedside", "保险库被本系统以外的程序改动")
    return VaultError(what, where=str(path), next=tr("restore it from a backup", "请从备份恢复"))
