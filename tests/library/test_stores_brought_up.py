"""A store of an older format takes the steps it lacks, all or none, once; a later one is refused."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from bedside.errors import DataError
from bedside.library._database.store import open_store

FIRST = "CREATE TABLE meta (key TEXT PRIMARY KEY, value); CREATE TABLE notes (text TEXT);"
SECOND = {
    2: "ALTER TABLE notes ADD COLUMN lang TEXT DEFAULT 'en';",
    3: "CREATE TABLE log (n INTEGER); CREATE TRIGGER kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'kept'); END;",
}


def _old(path: Path) -> Path:
    store = open_store(path, FIRST, 1, "damaged")
    store.execute("INSERT INTO notes VALUES ('cough')")
    store.close()
    return path


def _opened(path: str) -> int:
    store = open_store(Path(path), FIRST, 3, "damaged", SECOND)
    return int(store.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()[0])


def test_what_an_old_store_holds_is_there_in_the_new_format(tmp_path: Path) -> None:
    path = _old(tmp_path / "store")
    store = open_store(path, FIRST, 3, "damaged", SECOND)
    assert store.execute("SELECT text, lang FROM notes").fetchall() == [("cough", "en")]
    assert store.execute("SELECT value FROM meta").fetchone() == (3,)
    assert _opened(str(path)) == 3
    with pytest.raises(DataError, match="later version"):
        open_store(path, FIRST, 2, "damaged", SECOND)


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = _old(tmp_path / "store")
    with pytest.raises(DataError):
        open_store(path, FIRST, 3, "damaged", {**SECOND, 3: "CREATE TABLE notes (text TEXT);"})
    store = open_store(path, FIRST, 1, "damaged")
    assert store.execute("SELECT * FROM notes").fetchall() == [("cough",)]


def test_two_processes_that_open_a_store_at_once_bring_it_up_once(tmp_path: Path) -> None:
    paths = [str(_old(tmp_path / f"store{number}")) for number in range(4)] + [str(tmp_path / "new")]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(_opened, [path for path in paths for _ in range(2)], chunksize=1) == [3] * 10
