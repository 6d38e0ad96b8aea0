"""Runs networks on a few threads, whoever asks: the matrix library keeps memory for every thread that ever multiplied.

A server answers on some forty threads. With MKL each that asked the encoder once kept 4 to 6 MiB for good, and as much
again for the helper that OpenMP gives it (docs/design/026).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST = 4
"""Each may use several cores by itself, so more than these would only wait for one another."""
_THREAD = threading.local()


def on_few_threads(work: Callable[P, T], *, of: str = "encoder") -> Callable[P, T]:
    """The same work, done on one of the at most `MOST` threads `of` that name while the caller waits.

    >>> add = on_few_threads(sum)
    >>> add([1, 2])
    3

    A long text that one model writes holds up others `of` the same name. Work that asks for such work goes on where it
    is; what it raises, the caller sees.
    """

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        if getattr(_THREAD, "is_one", False):
            return work(*args, **kwargs)
        try:
            running = _threads(of).submit(copy_context().run, lambda: work(*args, **kwargs))
        except RuntimeError:  # the interpreter ends and has joined them; who is still at work ends by itself
            return work(*args, **kwargs)
        return running.result()

    return done


@cache
def _threads(of: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(MOST, os.cpu_count() or 1), of, initializer=_mark)


def _mark() -> None:
    _THREAD.is_one = True


os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has none of its parent's threads
