"""The library's tables, wherever they are: in the folder's own file, or in a PostgreSQL that many servers share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from bedside.library._database import schema as _schema
from bedside.library._database import shared as _shared
from bedside.library._database.address import ADDRESS


class Rows(Protocol):
    """What a question to the tables gives."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """An open library's tables; `?` stands for a value. Without BEGIN each statement is its own transaction."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Rows: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object: ...

    def close(self) -> None: ...


def exists(folder: Path) -> bool:
    """Whether a folder holds a library, or leads to a shared one."""
    return (folder / _schema.DATABASE).exists() or (folder / ADDRESS).exists()


def open_database(folder: Path, *, make: bool = False) -> Database:
    """The library of a folder; UsageError where there is none and none is to be made, DataError for a broken one."""
    if (folder / ADDRESS).exists():
        return _shared.connected(folder)
    return _schema.open_file(folder, make=make)


def only_writer(folder: Path, database: Database) -> AbstractContextManager[None]:
    """One process writes at a time, of all that share the tables; UsageError for a second one."""
    return _shared.locked(database) if isinstance(database, _shared.Shared) else _schema.only_writer(folder)


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """All of the block or none of it."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
