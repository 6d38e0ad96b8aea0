"""Many import at once: whoever has waited longest writes next; who cannot write in time is told to try again."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from bedside.clinic import _database
from bedside.clinic._database import Busy, Database, open_database
from bedside.clinic._writers import Writers
from bedside.server.clinic.app import as_refusal

LONG = 300.0


def test_the_ward_that_has_waited_longest_writes_next_however_many_come_after_it() -> None:
    writers, wrote, ends = Writers(), list[int](), list[threading.Thread]()

    def write(number: int) -> None:
        with writers.turn(LONG):
            wrote.append(number)

    with writers.turn(LONG):
        for number in range(8):
            ends.append(threading.Thread(target=write, args=(number,)))
            ends[-1].start()
            while writers.waiting <= number:  # it has taken its place
                ends[-1].join(0.001)
        assert wrote == []
    for one in ends:
        one.join(LONG)
    assert wrote == [0, 1, 2, 3, 4, 5, 6, 7]


def test_who_gives_up_leaves_the_queue_and_those_behind_are_not_held_up() -> None:
    writers, later = Writers(), threading.Event()

    def write() -> None:
        with writers.turn(LONG):
            later.set()

    with writers.turn(LONG):
        with pytest.raises(TimeoutError), writers.turn(0.01):
            pytest.fail("two write at once")
        assert writers.waiting == 0
        behind = threading.Thread(target=write)
        behind.start()
    assert later.wait(LONG)
    behind.join(LONG)


def test_a_write_that_fails_hands_its_turn_over() -> None:
    writers = Writers()
    with pytest.raises(ZeroDivisionError), writers.turn(LONG):
        raise ZeroDivisionError
    with writers.turn(0.01):
        assert writers.waiting == 0


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A store whose writers wait for a moment only."""
    monkeypatch.setattr(_database, "WAIT_S", 0.05)
    monkeypatch.setattr(_database, "PRAGMAS", ("journal_mode=WAL", "busy_timeout=50"))
    return open_database(tmp_path)


def test_a_writer_whose_turn_does_not_come_is_told_to_try_again(store: Database) -> None:
    with store.write(), pytest.raises(Busy) as met, store.write():
        pytest.fail("two write at once")
    refusal = as_refusal(met.value)
    assert (refusal.status, refusal.code, refusal.retry_after_s) == (503, "busy", 2)
    with store.write() as db:
        assert db.exec_driver_sql("SELECT 1").scalar() == 1


def test_another_process_that_writes_for_too_long_is_told_the_same_and_readers_go_on(
    store: Database, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy), store.write():
        pytest.fail("two write at once")
    with store.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM patients").scalar() == 0
    other.rollback()
    with store.write():
        pass
    other.close()


def test_a_store_that_cannot_be_used_at_all_is_no_matter_of_waiting(store: Database) -> None:
    with pytest.raises(_database.ClinicError) as met, store.read() as db:
        db.exec_driver_sql("SELECT * FROM nothing_of_ours")
    refusal = as_refusal(met.value)
    assert (refusal.status, refusal.code, refusal.retry_after_s) == (503, "unavailable", 30)
