"""The end of the interpreter waits for threads that may be within a network: torn out of C++ they abort the process.

An interpreter that ends takes daemon threads off where they stand. Where that is between frames of C++, the process
dies of "terminate called without an active exception" (Python 3.11 with torch 2: six ends of six).
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable

LAST_S = 5.0
"""How long the end waits for all of them together: a server that was told to end must have ended within ten seconds."""
_HEARD_OUT: list[tuple[threading.Thread, Callable[[], object]]] = []


def heard_out(thread: threading.Thread, stop: Callable[[], object]) -> threading.Thread:
    """The same thread; when the interpreter ends it is told to `stop`, and waited for.

    >>> ended = threading.Event()
    >>> heard_out(threading.Thread(target=ended.wait, daemon=True), ended.set).daemon
    True
    """
    _HEARD_OUT[:] = [one for one in _HEARD_OUT if one[0].is_alive() or one[0].ident is None]
    _HEARD_OUT.append((thread, stop))
    return thread


@atexit.register
def _hear_out() -> None:
    at_work = [(thread, stop) for thread, stop in _HEARD_OUT if thread.is_alive()]
    for _, stop in at_work:
        stop()
    end = time.monotonic() + LAST_S
    for thread, _ in at_work:
        thread.join(max(0.0, end - time.monotonic()))
