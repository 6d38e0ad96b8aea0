"""The database: one SQLite file in the data folder, or the PostgreSQL at an address; its tables up to date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from bedside.clinic._writers import Writers
from bedside.errors import ClinicError
from bedside.lang import tr
from bedside.machine import machine_reason

WAIT_S = 10
THREADS = 40
"""A connection for each thread that a server runs its endpoints in."""
CACHE_KIB = 256
"""Pages that each connection keeps: forty with SQLite's own 2 MiB held 76 MiB, the system keeps pages anyway."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={WAIT_S * 1000}",
    f"cache_size=-{CACHE_KIB}",
)
"""FULL: what is acknowledged outlives the machine's power; secure_delete: an erased key's bytes are overwritten."""


class Conflict(ClinicError):
    """A change that another had made impossible: a name that is taken, a patient who was added or erased meanwhile."""


class Busy(ClinicError):
    """Others wrote for all of the time that a writer waits; nothing was changed, and the same can be sent again."""


_NOW = {
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
}


@dataclass(frozen=True)
class Database:
    """An open database; `read` and `write` are one transaction each, and every fault of it a `ClinicError`."""

    engine: Engine
    _writers: Writers = field(default_factory=Writers, repr=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that changes nothing."""
        with self._told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends; with SQLite, alone from its first word."""
        with (
            self._told(),
            self._turn(),
            self.engine.connect().execution_options(bedside_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def tidy(self) -> None:
        """Leave no copy of what was deleted in SQLite's journal."""
        if self.engine.dialect.name == "sqlite":
            with self._told(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> None:
        """Look through every page of an SQLite file; `ClinicError` where one is damaged."""
        if self.engine.dialect.name == "sqlite":
            with self.read() as db:
                found = db.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if found != "ok":
                raise ClinicError(tr("the store is damaged", "数据库已损坏"), next="docs/operations.md")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _turn(self) -> AbstractContextManager[None]:
        """PostgreSQL's writers queue there, row by row."""
        return self._writers.turn(WAIT_S) if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise Conflict(tr("two changes met; try again", "两项更改冲突，请重试")) from None
        except TimeoutError:
            raise _busy() from None
        except SQLAlchemyError as fault:
            if _is_busy(fault):
                raise _busy() from None
            what = tr("the store cannot be used", "数据库无法使用")
            kind = type(getattr(fault, "orig", None) or fault).__name__
            raise ClinicError(what, value=machine_reason(fault) or kind, next="bedside doctor") from None


def _busy() -> Busy:
    return Busy(tr("too many write at once; try again", "同时写入过多，请稍后重试"))


def _is_busy(fault: SQLAlchemyError) -> bool:
    """Whether another process wrote to the SQLite file for all of the time."""
    code = getattr(fault.orig, "sqlite_errorcode", 0) if isinstance(fault, OperationalError) else 0
    return code & 0xFF == sqlite3.SQLITE_BUSY


def now_of(db: Connection) -> float:
    """The database's own time, in seconds since 1970: one clock for all who work on it from different machines."""
    return float(db.execute(text(_NOW[db.dialect.name])).scalar_one())


def read_address(written: str | None) -> str | None:
    """The address as written, or, of `@FILE`, what the file holds: a password is then in no list of processes.

    >>> read_address("postgresql://db/bedside"), read_address(None)
    ('postgresql://db/bedside', None)
    """
    if written is None or not written.startswith("@"):
        return written
    try:
        return Path(written[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        what = tr("the database's address cannot be read", "无法读取数据库地址文件")
        raise ClinicError(what, value=f"{written[1:]} ({type(fault).__name__})") from None


def open_database(data: Path, url: str | None = None) -> Database:
    """The database of a data folder, or at `url` (`read_address`), its tables up to date."""
    url = read_address(url)
    if url is None:
        path = data / "clinic.db"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        url = f"sqlite:///{path}"
    database = Database(_engine(url))
    _migrate(database)
    return database


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
        if address.drivername == "postgresql":  # SQLAlchemy's own choice of driver is not under a permissive licence
            address = address.set(drivername="postgresql+pg8000")
        extra: dict[str, Any] = {"connect_args": {"timeout": WAIT_S}} if backend == "sqlite" else {}
        engine = create_engine(
            address,
            pool_size=THREADS,
            max_overflow=0,
            pool_use_lifo=True,  # the few that a quiet hour needs are used again, and the others' memories stay small
            pool_pre_ping=backend != "sqlite",
            hide_parameters=True,
            **extra,
        )
    except (SQLAlchemyError, ImportError):
        what = tr("no such database, or its driver is not installed", "数据库地址有误，或未安装其驱动")
        allowed = "postgresql://USER:PASSWORD@HOST/NAME"
        raise ClinicError(what, allowed=allowed, next="pip install 'bedside[postgres]'") from None
    if backend == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver's guess
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once: one that reads first and then writes could not wait for another."""
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("bedside_write") else "BEGIN")


def _migrate(database: Database) -> None:
    """Run every step in `migrations/versions` that this database has not seen."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    with database.write() as connection:
        context = MigrationContext.configure(
            connection, opts={"fn": lambda seen, _: steps._upgrade_revs("head", seen), "transactional_ddl": True}
        )
        with Operations.context(context):
            context.run_migrations()
