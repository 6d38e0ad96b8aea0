"""Whose turn it is at the guard: as many at once as there are cores, and a card before a page."""

from __future__ import annotations

import heapq
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Lock

_first: ContextVar[bool] = ContextVar("first", default=False)


@contextmanager
def first() -> Iterator[None]:
    """What is asked within the block goes before what is asked elsewhere: a clinician waits with an order unsigned."""
    token = _first.set(True)
    try:
        yield
    finally:
        _first.reset(token)


class Turns:
    """Turns among threads: those asked within `first` before the others, else in the order they came.

    >>> turns = Turns(1)
    >>> with turns.turn(), first():
    ...     "alone"
    'alone'
    """

    def __init__(self, at_once: int = 0) -> None:
        self._free = at_once or os.cpu_count() or 1
        self._lock, self._numbers = Lock(), itertools.count()
        self._waiting: list[tuple[bool, int, Event]] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it until the block ends."""
        self._wait()
        try:
            yield
        finally:
            self._next()

    def _wait(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            called = Event()
            heapq.heappush(self._waiting, (not _first.get(), next(self._numbers), called))
        called.wait()

    def _next(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()
            else:
                self._free += 1
