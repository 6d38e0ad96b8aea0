"""Dynamic batching: texts that wait together are answered together; an idle worker takes what is there, at once.

The event loop never runs the model. `workers` threads do, each calling the model with one thread of its own: the matrix
code releases the interpreter lock, so they run side by side, and one core a text beats two cores sharing one text.
The workers share what waits evenly, so that none finds nothing left; but one that is free while all others are busy
takes a few together. Of the idle workers the last to fall idle is woken first: its caches are the warmest.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from bedside.ending import heard_out
from bedside.lang import Lang, tr
from bedside.server.errors import Refusal

Q = TypeVar("Q")
T = TypeVar("T")
Work = Callable[[Sequence[Q], Lang], Sequence[T]]

FEW = 3
"""Texts that a lone free worker takes together. Measured on notes of 40 tokens, time a text falls by a sixth with two
in a batch, by a fifth with three, by a quarter with eight; taking all that waits leaves the others idle instead."""


@dataclass(eq=False)
class _Ticket(Generic[Q, T]):
    """One request: its rows (texts), the answers so far, and whom to tell. Only the event loop touches the last two."""

    rows: Sequence[Q]
    lang: Lang
    future: asyncio.Future[list[T]]
    group: str = ""
    answers: dict[int, T] = field(default_factory=dict)

    def deliver(self, index: int, answer: T) -> None:
        self.answers[index] = answer
        if len(self.answers) == len(self.rows) and not self.future.done():
            self.future.set_result([self.answers[i] for i in range(len(self.rows))])

    def fail(self, fault: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(fault)


Item = tuple[_Ticket[Q, T], int]
"""A request's text that waits: the request, and the text's place in it."""


class Batcher(Generic[Q, T]):
    """A bounded queue of rows in front of `work(rows, lang)`, which returns one answer a row."""

    def __init__(self, work: Work[Q, T], *, workers: int, batch_texts: int, waiting_texts: int) -> None:
        self._work, self._batch_texts, self._bound = work, batch_texts, waiting_texts
        self._queue: deque[Item[Q, T]] = deque()
        self._lock = threading.Lock()
        self._idle: list[threading.Lock] = []
        self._busy: set[threading.Lock] = set()
        self._closing = False
        threads = (threading.Thread(target=self._serve, name=f"model-{n}", daemon=True) for n in range(workers))
        self._threads = [heard_out(one, self._drop) for one in threads]

    def start(self) -> None:
        """Start the worker threads; their answers go back to the event loop that runs now."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    def waiting(self) -> int:
        """Texts that no worker has taken yet."""
        return len(self._queue)

    async def submit(self, rows: Sequence[Q], lang: Lang, group: str = "") -> list[T]:
        """Answers in the order of the rows. A full queue, or a server that is closing, refuses at once (503).

        Rows of different groups (models) never share a batch.
        """
        ticket: _Ticket[Q, T] = _Ticket(rows, lang, self._loop.create_future(), group)
        with self._lock:
            # An empty queue takes any one request, or a long batch could never be sent at all.
            if self._closing or (self._queue and len(self._queue) + len(rows) > self._bound):
                raise Refusal(
                    503, "busy", tr("too much is waiting; try again", "排队已满，请稍后重试"), retry_after_s=1
                )
            self._queue.extend((ticket, index) for index in range(len(rows)))
            self._wake(len(rows))
        try:
            return await ticket.future
        finally:
            ticket.future.cancel()

    def close(self, timeout_s: float) -> bool:
        """Let the workers finish what is queued; False when they did not within the time."""
        with self._lock:
            self._closing = True
            self._wake(len(self._threads))
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _drop(self) -> None:
        """Let go of what waits, for nobody will hear it; the workers end with what they are at."""
        with self._lock:
            self._queue.clear()
        self.close(0)

    def _wake(self, most: int) -> None:
        """Let up to `most` idle workers go on; the lock is held."""
        for _ in range(min(most, len(self._idle))):
            self._idle.pop().release()

    def _serve(self) -> None:
        """A worker's life. It looks for more, or falls idle, before its answers go out: the next request finds it."""
        gate = threading.Lock()
        gate.acquire()
        tell: Callable[[], object] = _nothing
        while True:
            batch = self._take(gate)
            tell()
            if batch is None:
                return
            tell = self._answer(batch) if batch else _nothing
            if not batch:
                gate.acquire()

    def _take(self, gate: threading.Lock) -> list[Item[Q, T]] | None:
        """The texts for the worker behind `gate`. Empty: it is idle until its gate opens. None: all is done."""
        with self._lock:
            self._busy.discard(gate)
            share = math.ceil(len(self._queue) / len(self._threads))
            lone = len(self._busy) == len(self._threads) - 1
            batch = self._share(max(share, FEW) if lone else share)
            if batch:
                self._busy.add(gate)
            elif self._closing:
                return None
            else:
                self._idle.append(gate)
            return batch

    def _share(self, most: int) -> list[Item[Q, T]]:
        """Waiting texts of the language and group of the oldest, `most` or a batch of them; the lock is held."""
        batch: list[Item[Q, T]] = []
        passed: list[Item[Q, T]] = []
        while self._queue and len(batch) < min(self._batch_texts, most):
            item = self._queue.popleft()
            if item[0].future.cancelled():  # its caller gave up or ran out of time
                continue
            fits = not batch or (item[0].lang, item[0].group) == (batch[0][0].lang, batch[0][0].group)
            (batch if fits else passed).append(item)
        self._queue.extendleft(reversed(passed))
        return batch

    def _answer(self, batch: list[Item[Q, T]]) -> Callable[[], object]:
        """Do the work; what is returned tells the event loop how it went."""
        try:
            answers = self._work([ticket.rows[index] for ticket, index in batch], batch[0][0].lang)
            answered = list(zip(batch, answers, strict=True))
        except Exception as fault:
            return partial(self._tell, _fail, batch, fault)
        return partial(self._tell, _deliver, answered)

    def _tell(self, how: Callable[..., None], *what: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it whoever asked
            self._loop.call_soon_threadsafe(how, *what)


def _deliver(answered: list[tuple[Item[Q, T], T]]) -> None:
    for (ticket, index), answer in answered:
        ticket.deliver(index, answer)


def _fail(batch: list[Item[Q, T]], fault: Exception) -> None:
    for ticket, _ in batch:
        ticket.fail(fault)


def _nothing() -> None:
    """What there is to tell when nothing was asked."""
