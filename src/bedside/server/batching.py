"""Dynamic batching: texts that wait together are answered together; an idle worker takes what is there, at once.

The event loop never runs the model. `workers` threads do, each calling the model with one thread of its own: the matrix
code releases the interpreter lock, so they run side by side, and one core a text beats two cores sharing one text.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bedside.lang import Lang, tr
from bedside.server.errors import Refusal

T = TypeVar("T")
Work = Callable[[Sequence[str], Lang], Sequence[T]]


@dataclass(eq=False)
class _Ticket(Generic[T]):
    """One request: its texts, the answers so far, and whom to tell."""

    texts: Sequence[str]
    lang: Lang
    future: asyncio.Future[list[T]]
    loop: asyncio.AbstractEventLoop
    answers: dict[int, T] = field(default_factory=dict)

    def deliver(self, part: dict[int, T]) -> None:
        self.answers |= part
        if len(self.answers) == len(self.texts) and not self.future.done():
            self.future.set_result([self.answers[i] for i in range(len(self.texts))])

    def fail(self, fault: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(fault)


class Batcher(Generic[T]):
    """A bounded queue of texts in front of `work(texts, lang)`, which returns one answer a text."""

    def __init__(self, work: Work[T], *, workers: int, batch_texts: int, waiting_texts: int) -> None:
        self._work, self._batch_texts, self._bound = work, batch_texts, waiting_texts
        self._queue: deque[tuple[_Ticket[T], int]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._threads = [threading.Thread(target=self._serve, name=f"model-{n}", daemon=True) for n in range(workers)]

    def start(self) -> None:
        """Start the worker threads."""
        for thread in self._threads:
            thread.start()

    def waiting(self) -> int:
        """Texts that no worker has taken yet."""
        return len(self._queue)

    async def submit(self, texts: Sequence[str], lang: Lang) -> list[T]:
        """Answers in the order of the texts. A full queue, or a server that is closing, refuses at once (503)."""
        loop = asyncio.get_running_loop()
        ticket: _Ticket[T] = _Ticket(texts, lang, loop.create_future(), loop)
        with self._changed:
            # An empty queue takes any one request, or a long batch could never be sent at all.
            if self._closing or (self._queue and len(self._queue) + len(texts) > self._bound):
                raise Refusal(
                    503, "busy", tr("too much is waiting; try again", "排队已满，请稍后重试"), retry_after_s=1
                )
            self._queue.extend((ticket, index) for index in range(len(texts)))
            self._changed.notify(len(texts))
        try:
            return await ticket.future
        finally:
            ticket.future.cancel()

    def close(self, timeout_s: float) -> bool:
        """Let the workers finish what is queued; False when they did not within the time."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self) -> None:
        while batch := self._take():
            self._answer(batch)

    def _take(self) -> list[tuple[_Ticket[T], int]]:
        """Waiting texts, oldest first, of one language: this worker's share. Empty: closing, and all is done."""
        with self._changed:
            while True:
                batch: list[tuple[_Ticket[T], int]] = []
                share = min(self._batch_texts, math.ceil(len(self._queue) / len(self._threads)))
                while self._queue and len(batch) < share:
                    if batch and self._queue[0][0].lang != batch[0][0].lang:
                        break
                    item = self._queue.popleft()
                    if not item[0].future.cancelled():  # its caller gave up or ran out of time
                        batch.append(item)
                if batch or self._closing:
                    return batch
                self._changed.wait()

    def _answer(self, batch: list[tuple[_Ticket[T], int]]) -> None:
        tickets: dict[_Ticket[T], list[int]] = {}
        for place, (ticket, _) in enumerate(batch):
            tickets.setdefault(ticket, []).append(place)
        try:
            answers = self._work([ticket.texts[index] for ticket, index in batch], batch[0][0].lang)
            parts = {t: {batch[p][1]: answers[p] for p in places} for t, places in tickets.items()}
        except Exception as fault:
            for ticket in tickets:
                ticket.loop.call_soon_threadsafe(ticket.fail, fault)
            return
        for ticket, part in parts.items():
            ticket.loop.call_soon_threadsafe(ticket.deliver, part)
