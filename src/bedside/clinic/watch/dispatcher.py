"""The thread of a server that keeps watch: looks every few seconds at what is due, and survives what it meets."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from bedside.clinic.watch.watch import Watch
from bedside.errors import log_fault

log = logging.getLogger("bedside.watch")
EVERY_S = 20.0
LAST_S = 5.0
"""How long the end of a server waits for it."""


class Dispatcher:
    """Runs inside `with`; `clock` gives the time in seconds since 1970."""

    def __init__(self, watch: Watch, *, every_s: float = EVERY_S, clock: Callable[[], float] = time.time) -> None:
        self._watch, self._every_s, self._clock = watch, every_s, clock
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> Dispatcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write down what was counted, give the lease back, and end; a check under way is begun again elsewhere."""
        self._end.set()
        self._thread.join(LAST_S)

    def _run(self) -> None:
        while not self._end.wait(self._every_s):
            self._survived(lambda: self._watch.tick(self._clock()))
        self._survived(lambda: self._watch.write(self._clock()))
        self._survived(self._watch.lease.leave)

    def _survived(self, act: Callable[[], None]) -> None:
        """A store that cannot be reached now may be there the next time."""
        try:
            act()
        except Exception as fault:
            log_fault(log, fault)
