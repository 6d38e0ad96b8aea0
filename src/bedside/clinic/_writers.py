"""Writers of one process come in turn: whoever has waited longest is next.

SQLite's own writers do not queue: each looks again after a pause, and with forty of them some look in vain for all of
their ten seconds while others write many times (docs/design/026).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Writers:
    """A lock that is handed over in the order in which it was asked for.

    >>> writers = Writers()
    >>> with writers.turn(within_s=10):
    ...     writers.waiting
    0
    """

    def __init__(self) -> None:
        self._guard, self._writing = Lock(), False
        self._queue: deque[Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    @contextmanager
    def turn(self, within_s: float) -> Iterator[None]:
        """The block runs alone; TimeoutError where its turn has not come within so many seconds."""
        if (place := self._asked()) is not None:
            self._await(place, within_s)
        try:
            yield
        finally:
            self._hand_over()

    def _asked(self) -> Lock | None:
        """A place in the queue, a lock that opens when the turn has come; None where nobody writes."""
        with self._guard:
            if not self._writing:
                self._writing = True
                return None
            place = Lock()
            place.acquire()
            self._queue.append(place)
            return place

    def _await(self, place: Lock, within_s: float) -> None:
        try:
            if not place.acquire(timeout=within_s):
                raise TimeoutError
        except BaseException:
            self._leave(place)
            raise

    def _leave(self, place: Lock) -> None:
        """Give up a place; a turn that came in this moment goes on to the next."""
        with self._guard:
            if place in self._queue:
                self._queue.remove(place)
                return
        self._hand_over()

    def _hand_over(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._writing = False
