"""Copies the data folder of a running server, whole and consistent: a restored copy is a data folder like any other."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bedside.chain import locked
from bedside.clinic.audit.read import AuditReader
from bedside.errors import ClinicError
from bedside.files import whole_folder
from bedside.lang import tr

SQLITE = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; all of it is in the copy of the database."""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What was copied: databases, bytes, and where the copied audit log ends."""

    databases: int
    bytes: int
    audit_lines: int


def back_up(data: Path, target: Path) -> Backup:
    """Copy a data folder to `target`, which appears whole or not at all; the server may go on writing meanwhile.

    The databases are copied before the audit log: of each act in the copy the log's copy knows. The master key lies
    elsewhere and is not copied. Raises `ClinicError` for a damaged database, `AuditError` for a log that is not whole.
    """
    with whole_folder(target) as fresh:
        fresh.chmod(0o700)
        found = [path for path in sorted(data.rglob("*")) if path.is_file() and data / "audit" not in path.parents]
        databases = [path for path in found if _is_sqlite(path)]
        for path in found:
            copy = fresh / path.relative_to(data)
            copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path in databases:
                _copy_database(path, copy)
            elif not path.name.endswith(BESIDE):
                _copy(path, copy)
        _copy_audit(data / "audit", fresh / "audit")
        lines = AuditReader(fresh / "audit").verify().lines
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    return Backup(databases=len(databases), bytes=size, audit_lines=lines)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as head:
        return head.read(len(SQLITE)) == SQLITE


def _copy_database(path: Path, copy: Path) -> None:
    """SQLite's online backup: one state of the database, whatever is written meanwhile; then every page looked at."""
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as into:
            source.backup(into)
            (said,) = into.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as fault:
        said = type(fault).__name__
    if said != "ok":
        raise ClinicError(tr("the store is damaged", "数据库已损坏"), where=path.name, next="docs/operations.md")


def _copy_audit(log: Path, copy: Path) -> None:
    """The log as far as it was signed at one moment. Checkpoints come first: none may vouch for what comes later."""
    copy.mkdir(mode=0o700)
    for path in (log / "signer.json", log / "pruned.json", log / "checkpoints.jsonl"):
        if path.exists():
            _copy(path, copy / path.name)
    if not (log / "head.json").exists():
        return
    with locked(log / "head.json", append=False) as head:
        said = head.read()
    (copy / "head.json").write_bytes(said)
    (copy / "head.json").chmod(0o600)
    for path, size in _signed_years(log, json.loads(said)):
        _copy(path, copy / path.name)
        os.truncate(copy / path.name, size)


def _signed_years(log: Path, head: dict[str, int]) -> Iterator[tuple[Path, int]]:
    """Each year's file, and how far it was signed."""
    for path in AuditReader(log).years():
        if int(path.stem) <= head["year"]:
            yield path, head["size"] if int(path.stem) == head["year"] else path.stat().st_size


def _copy(path: Path, copy: Path) -> None:
    shutil.copyfile(path, copy)
    copy.chmod(0o600)
