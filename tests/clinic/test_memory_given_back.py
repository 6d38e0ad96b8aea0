"""A server that runs for weeks: threads share one heap, and what one large request took does not stay with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bedside.clinic._database import CACHE_KIB, open_database
from bedside.server.clinic import memory

of_glibc = pytest.mark.skipif(memory._libc() is None, reason="the C library is not glibc")

ALLOCATE = """
import ctypes, threading
from bedside.server.clinic.memory import give_back, share_one_heap

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 2**20

{first}
ready = threading.Barrier(8)

def work():
    ready.wait()
    kept.append(bytes(10_000))
    ready.wait()

kept = []
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
blocks = [bytes(3_000) for _ in range(20_000)]
last = bytes(3_000)
del blocks
before = resident()
{then}
print(before - resident() > 30, flush=True)
ctypes.CDLL(None).malloc_stats()
"""


def heaps_and_freed(first: str, then: str, **environment: str) -> tuple[int, bool]:
    """How many heaps a program with eight threads has in the end, and whether it gave more than 30 MiB back."""
    told = {**os.environ, **environment}
    words = [sys.executable, "-c", ALLOCATE.format(first=first, then=then)]
    done = subprocess.run(words, env=told, text=True, capture_output=True, check=True)
    return done.stderr.count("Arena "), done.stdout.strip() == "True"


@of_glibc
def test_threads_share_one_heap_and_what_is_free_goes_back_and_neither_by_itself() -> None:
    assert heaps_and_freed("share_one_heap()", "give_back()") == (1, True)
    heaps, freed = heaps_and_freed("", "")
    assert heaps > 1
    assert not freed


@of_glibc
def test_whoever_runs_the_server_may_decide_otherwise() -> None:
    assert heaps_and_freed("share_one_heap()", "", MALLOC_ARENA_MAX="3")[0] > 1


def test_free_pages_are_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def until_thrice() -> None:
        given, thrice = [], asyncio.Event()

        def give_back() -> None:
            given.append(True)
            if len(given) == 3:
                thrice.set()

        monkeypatch.setattr(memory, "give_back", give_back)
        task = asyncio.create_task(memory.give_back_now_and_then(every_s=0))
        await thrice.wait()
        task.cancel()

    asyncio.run(until_thrice())


def test_each_connection_keeps_little_of_the_file_and_the_one_used_last_is_used_next(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    held = [database.engine.connect() for _ in range(3)]
    assert {one.exec_driver_sql("PRAGMA cache_size").scalar() for one in held} == {-CACHE_KIB}
    first, second, _ = (one.connection.dbapi_connection for one in held)
    for one in reversed(held):
        one.close()
    with database.engine.connect() as again, database.engine.connect() as beside:
        assert again.connection.dbapi_connection is first
        assert beside.connection.dbapi_connection is second
    database.close()
