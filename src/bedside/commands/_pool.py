"""Work over processes: chunks in, results out in order, in bounded memory; a process that dies costs its row alone."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import Pipe, get_context
from typing import Any, TypeVar

from bedside.errors import DataError
from bedside.lang import Lang, current, set_lang, tr

R = TypeVar("R")
T = TypeVar("T")
Work = Callable[[list[R]], list[T]]
"""What is done with a chunk of rows: a result a row, in order."""

_AHEAD = 3
"""Chunks under way for each process: enough to keep it busy, few enough to keep memory flat."""

_opens: Callable[[], Work[Any, Any]] | None = None
_work: Work[Any, Any] | None = None


def cores(jobs: int) -> int:
    """How many processes `--jobs` asks for; 0 is one a core that this process may use."""
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    opens: Callable[[], Work[R, T]], chunks: Iterable[list[R]], jobs: int, lost: Callable[[R], T]
) -> Iterator[T]:
    """The results of all rows of all chunks, in order; each process calls `opens` once, for what works on its chunks.

    `opens` and rows must be such as another process can be sent. What `opens` or its work raises is raised here. When
    a process dies, as for want of memory, what was under way is done anew, and the row that it dies of again is given
    to `lost`. The processes end when this one does, however it does.
    Raises DataError when not a row of a chunk gets through.
    """
    under_way: deque[list[R]] = deque()
    chunks = iter(chunks)
    while True:
        try:
            with _processes(opens, jobs) as pool:
                yield from _through(pool, under_way, chunks, jobs * _AHEAD)
            return
        except BrokenProcessPool:
            yield from _apart(opens, under_way.popleft(), lost)


def _through(
    pool: ProcessPoolExecutor, under_way: deque[list[Any]], chunks: Iterator[list[Any]], most: int
) -> Iterator[Any]:
    """Results of the chunks under way and of those to come; a chunk is under way until its results are here."""
    futures: deque[Future[list[Any]]] = deque(pool.submit(_do, chunk) for chunk in under_way)
    more = True
    while more or futures:
        while more and len(futures) < most:
            chunk = next(chunks, None)
            if chunk is None:
                more = False
            else:
                under_way.append(chunk)
                futures.append(pool.submit(_do, chunk))
        if futures:
            done = futures.popleft().result()
            under_way.popleft()
            yield from done


def _apart(opens: Callable[[], Work[R, T]], rows: list[R], lost: Callable[[R], T]) -> list[T]:
    """The results of rows of which one may kill its process, found by halves."""
    through = 0

    def halves(some: list[R]) -> list[T]:
        nonlocal through
        try:
            with _processes(opens, 1) as pool:
                done: list[T] = pool.submit(_do, some).result()
        except BrokenProcessPool:
            if len(some) == 1:
                return [lost(some[0])]
            half = len(some) // 2
            return halves(some[:half]) + halves(some[half:])
        through += len(some)
        return done

    found = halves(rows)
    if len(rows) > 1 and not through:
        what = tr("the processes that do the work end as soon as they begin", "工作进程一启动就退出")
        raise DataError(what, next="--jobs 1")
    return found


def why_lost() -> str:
    """What to say of a row that was lost."""
    return tr("the process that worked on this row ended (out of memory?)", "处理此行的进程已退出（内存不足？）")


@contextmanager
def _processes(opens: Callable[[], Any], jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that finish their work when the block ends well, and else end at once, as when this one is killed."""
    alive, held = Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(opens, current(), alive)
    )
    try:
        yield pool
        pool.shutdown()
    finally:
        held.close()
        pool.shutdown(cancel_futures=True)
        alive.close()


def _begin(opens: Callable[[], Work[Any, Any]], lang: Lang, alive: Any) -> None:
    """In the new process: Ctrl-C is the parent's to hear, and the parent's end is the end."""
    global _opens
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_lang(lang)
    _opens = opens
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()


def _end_with(alive: Any) -> None:
    alive.poll(None)
    os._exit(1)


def _do(chunk: list[Any]) -> list[Any]:
    global _work
    if _work is None:
        assert _opens is not None
        _work = _opens()
    return _work(chunk)
