"""Where a shared library is: the address of its PostgreSQL, kept in the folder and readable by its owner alone."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bedside.errors import DataError, UsageError
from bedside.lang import tr

ADDRESS = "shared.json"
SCHEME = "postgresql"
ALLOWED = "postgresql://USER:PASSWORD@HOST:5432/DATABASE?schema=library"
_SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, repr=False)
class Address:
    """Where the tables are: what the driver is told, and the schema of that database that holds them."""

    login: dict[str, Any]
    schema: str


def read_address(written: str) -> Address:
    """The parts of an address; UsageError for what is none.

    >>> read_address("postgresql://ann:secret@db.hospital.lan/lib?schema=texts").schema
    'texts'
    """
    try:
        parts = urlsplit(written)
        port = parts.port or 5432
    except ValueError:
        parts, port = urlsplit(""), 0
    options = dict(parse_qsl(parts.query))
    schema = options.get("schema", "library")
    if parts.scheme != SCHEME or not parts.path.strip("/") or not _SCHEMA_NAME.fullmatch(schema):
        raise UsageError(tr("not an address of a shared library", "不是共享知识库的地址"), allowed=ALLOWED)
    login: dict[str, Any] = {
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else os.environ.get("PGPASSWORD"),
        "database": unquote(parts.path.strip("/")),
        "timeout": 30,
    }
    if "unix_sock" in options:
        login["unix_sock"] = options["unix_sock"]
    else:
        login |= {"host": parts.hostname or "localhost", "port": port}
        login["ssl_context"] = options.get("sslmode", "disable") != "disable" or None
    return Address(login, schema)


def address_of(folder: Path) -> str:
    """The address that a folder leads to; DataError where its file is damaged."""
    try:
        return str(json.loads((folder / ADDRESS).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        what = tr("the address of the shared library cannot be read", "无法读取共享知识库的地址")
        raise DataError(what, where=str(folder / ADDRESS), next="bedside knowledge share ADDRESS") from None


def shared_at(folder: Path | None) -> str | None:
    """The address that a folder leads to; None for a library of its own, or none at all."""
    return address_of(folder) if folder is not None and (folder / ADDRESS).exists() else None


def keep_address(folder: Path, written: str) -> None:
    """Lead a folder to an address from now on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / ADDRESS
    path.touch(mode=0o600)
    path.write_text(json.dumps({"address": written}) + "\n", encoding="utf-8")
