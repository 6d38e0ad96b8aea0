"""A key of 32 bytes, from a file of its owner's alone or from the environment; never from beside what it seals."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from bedside.errors import VaultError
from bedside.lang import tr

VARIABLE = "BEDSIDE_VAULT_KEY"
_HOW = "(umask 077; openssl rand -hex 32 > KEYFILE)"


def load_key(key_file: Path | None, *, vault: Path) -> bytes:
    """The vault's key, as 64 hexadecimal digits or base64 of 32 bytes, from `key_file` or `BEDSIDE_VAULT_KEY`.

    Raises `VaultError` for a missing or malformed key, and for a key file that others may read or that lies in the
    folder of the vault: whoever takes the one would have the other.
    """
    if key_file is None and not os.environ.get(VARIABLE):
        what = tr("the vault needs a key", "保险库需要密钥")
        raise VaultError(what, allowed=f"--key-file, {VARIABLE}", next=_HOW)
    return load_keys(key_file, folder=vault.resolve().parent, variable=VARIABLE)[0]


@dataclass(frozen=True, slots=True)
class MarkedKey:
    """A key, and the word before its colon that says what it is for; empty where there is none."""

    mark: str
    value: bytes = field(repr=False)


def load_keys(key_file: Path | None, *, folder: Path, variable: str) -> list[bytes]:
    """The keys that a file holds, a line each, or a variable, parted by spaces; the first is the one in use.

    Raises `VaultError` for a malformed key, and for a file that others may read or that lies right in `folder`.
    """
    return [one.value for one in load_marked_keys(key_file, folder=folder, variable=variable)]


def load_marked_keys(
    key_file: Path | None, *, folder: Path, variable: str, marks: tuple[str, ...] = ()
) -> list[MarkedKey]:
    """The same of keys of which some have one of these `marks` before them: `sm4:` and the key."""
    if key_file is None:
        return [_marked(one, variable, marks) for one in os.environ.get(variable, "").split() or [""]]
    _check_place(key_file, folder)
    try:
        return [_marked(one, str(key_file), marks) for one in key_file.read_text(encoding="ascii").split() or [""]]
    except UnicodeDecodeError:
        raise _malformed(str(key_file)) from None
    except OSError as error:
        what = tr("the key file cannot be read", "无法读取密钥文件")
        raise VaultError(what, value=key_file, next=_HOW) from error


def _check_place(key_file: Path, folder: Path) -> None:
    if key_file.resolve().parent == folder.resolve():
        what = tr("the key file lies in the data's own folder", "密钥文件与其所保护的数据在同一文件夹")
        raise VaultError(what, value=key_file, next=tr("move the key to another folder", "请将密钥移到其他文件夹"))
    try:
        mode = key_file.stat().st_mode
    except OSError as error:
        what = tr("the key file cannot be read", "无法读取密钥文件")
        raise VaultError(what, value=key_file, next=_HOW) from error
    if stat.S_ISDIR(mode):
        raise VaultError(tr("a folder, where the key's file is needed", "此处须为密钥文件，而非文件夹"), value=key_file)
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        what = tr("others may read the key file", "其他用户可以读取密钥文件")
        raise VaultError(what, value=key_file, next=f"chmod 600 {key_file}")


def _marked(written: str, where: str, marks: tuple[str, ...]) -> MarkedKey:
    mark, colon, key = written.rpartition(":")
    if colon and mark not in marks:
        raise _malformed(where)
    return MarkedKey(mark, _decode(key, where))


def _decode(written: str, where: str) -> bytes:
    written = written.strip()
    try:
        key = bytes.fromhex(written) if len(written) == 64 else base64.b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != 32:
        raise _malformed(where)
    return key


def _malformed(where: str) -> VaultError:
    what = tr("the key is not 32 bytes in hexadecimal or base64", "密钥不是 32 字节的十六进制或 base64")
    return VaultError(what, where=where, next=_HOW)
