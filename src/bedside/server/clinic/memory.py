"""Keeps a server's memory flat over weeks: all threads share one heap, and what is free in it goes back each minute.

Requests run on some forty threads. By default glibc gives them up to eight heaps a core, each of which keeps what the
largest requests once took, with long-lived objects strewn over it: while the server's objects grew by 7 MiB a minute,
until its caches were full, its memory grew by 20 (docs/design/026).
"""

from __future__ import annotations

import asyncio
import ctypes
import os
from functools import cache
from typing import Any

EVERY_S = 60.0
_M_ARENA_MAX = -8
"""mallopt's number for it, in malloc.h."""


@cache
def _libc() -> Any:
    """The C library, if it is glibc; others (musl, macOS) have neither call."""
    try:
        library = ctypes.CDLL(None)
        return library if library.mallopt and library.malloc_trim else None
    except (AttributeError, OSError, TypeError):
        return None


def share_one_heap() -> bool:
    """Have all threads started from now on allocate from one heap, where that can be said.

    To be called before libraries start threads. Whoever sets MALLOC_ARENA_MAX has decided otherwise.

    >>> isinstance(share_one_heap(), bool)
    True
    """
    if "MALLOC_ARENA_MAX" in os.environ or (libc := _libc()) is None:
        return False
    return bool(libc.mallopt(_M_ARENA_MAX, 1))


def give_back() -> bool:
    """Give free pages back to the system, which takes about a millisecond; whether there were any.

    >>> isinstance(give_back(), bool)
    True
    """
    libc = _libc()
    return libc is not None and bool(libc.malloc_trim(0))


async def give_back_now_and_then(every_s: float = EVERY_S) -> None:
    """`give_back` at intervals, until it is cancelled."""
    while True:
        await asyncio.sleep(every_s)
        give_back()
