"""A full disk is told as one, in whichever library's words it comes, and says what to do; a fault of ours is not."""

from __future__ import annotations

import errno
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bedside.deid.vault.vault import open_vault
from bedside.errors import DataError, VaultError
from bedside.lang import speaking
from bedside.library._database.schema import open_file
from bedside.machine import machine_error


def _weights(path: Path) -> None:
    save_file({"layer": torch.zeros(100_000)}, path)


def _array(path: Path) -> None:
    np.save(path, np.zeros(100_000))


def fault_of_sqlite(path: Path) -> sqlite3.Error:
    """A database that may not grow, as on a full disk."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("CREATE TABLE note (text)")
    database.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.executemany("INSERT INTO note VALUES (?)", [("Mrs. Gray, 81" * 100,)] * 100)
    return caught.value


def test_a_database_on_a_full_disk_asks_for_room_and_quotes_no_row(tmp_path: Path) -> None:
    told = str(machine_error(fault_of_sqlite(tmp_path / "a.sqlite"), "a.sqlite"))
    assert "No space left on device" in told
    assert "a.sqlite" in told
    assert "make room" in told
    assert "Gray" not in told


@contextmanager
def no_room() -> Iterator[None]:
    """Files may not grow beyond a thousand bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("write", [_weights, _array], ids=["weights", "an array"])
def test_weights_and_arrays_without_room_ask_for_it(tmp_path: Path, write: Callable[[Path], None]) -> None:
    with no_room(), pytest.raises(Exception, match=r"os error|written|large") as caught:
        write(tmp_path / "model.bin")
    assert "make room" in str(machine_error(caught.value))


def test_a_store_that_may_only_be_read_is_told_so_and_a_wrong_statement_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    sqlite3.connect(path).execute("CREATE TABLE note (text)")
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    found = []
    for statement in ("INSERT INTO note VALUES (1)", "SELECT nothing FROM note"):
        with engine.connect() as connection, pytest.raises(OperationalError) as caught:
            connection.execute(text(statement))
        found.append(machine_error(caught.value))
    refused, ours = found
    assert "Read-only file system" in str(refused)
    assert ours is None


def test_a_vault_that_cannot_be_read_says_why_and_what_to_do_once(tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "vault.sqlite", key=bytes(32))
    vault.path.unlink()
    vault.path.mkdir()
    with pytest.raises(VaultError) as caught, vault._read() as database:
        database.execute("SELECT 1 FROM sqlite_master")
    assert "Permission denied" in str(caught.value)
    assert str(caught.value).count("Next:") <= 1


def test_in_chinese_the_same_is_told() -> None:
    with speaking("zh"):
        assert "腾出空间" in str(machine_error(OSError(errno.ENOSPC, "No space left on device", "out.jsonl")))


def test_a_library_in_a_folder_that_takes_nothing_is_not_called_damaged(tmp_path: Path) -> None:
    open_file(tmp_path, make=True).close()
    (tmp_path / "library.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(DataError, match="damaged"):
        open_file(tmp_path)
    other = tmp_path / "other"
    open_file(other, make=True).close()
    (other / "library.sqlite").unlink()
    (other / "library.sqlite").mkdir()
    with pytest.raises(DataError, match="cannot be read or written"):
        open_file(other)
