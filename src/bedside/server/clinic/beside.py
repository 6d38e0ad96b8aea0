"""Asks shadow models what the live ones were asked, after the answer, and counts agreement; nothing of it is shown."""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bedside.clinic.models.versions import Version
from bedside.ending import heard_out
from bedside.errors import log_fault
from bedside.lang import Lang, current, speaking
from bedside.model.given import Given
from bedside.server.service import Advise, Served
from bedside.types import Advice, Decision, Prediction

log = logging.getLogger("bedside.shadow")
WAITING = 64
"""Copies that may wait; more are let go, so that a slow shadow holds up nobody."""
Count = Callable[[Version, int, int], None]


@dataclass(frozen=True)
class _Copy:
    version: Version
    served: Served
    texts: Sequence[str]
    given: Sequence[Given]
    heard: Sequence[Decision]
    lang: Lang


class Beside:
    """One thread that asks shadows; `count(version, asked, agreed)` is told after each copy."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._waiting: queue.Queue[_Copy | None] = queue.Queue(WAITING)
        self._thread = heard_out(threading.Thread(target=self._run, daemon=True, name="shadow"), self._drop)
        self._thread.start()

    def copied(self, live: Advise, version: Version, shadow: Served) -> Advise:
        """As `live` answers, with a copy for the shadow."""

        def advise(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> Sequence[Decision]:
            heard = live(texts, given, removed)
            with suppress(queue.Full):
                self._waiting.put_nowait(_Copy(version, shadow, texts, given, heard, current()))
            return heard

        return advise

    def close(self) -> None:
        """Ask what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _drop(self) -> None:
        """End after the copy under way."""
        with suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()
        self._waiting.put(None)

    def _run(self) -> None:
        while (copy := self._waiting.get()) is not None:
            try:
                with speaking(copy.lang):
                    said = copy.served.advise(copy.texts, copy.given, [Counter() for _ in copy.texts])
                agreed = sum(map(agree, copy.heard, said))
                self._count(copy.version, len(copy.texts), agreed)
            except Exception as fault:
                log_fault(log, fault)


def agree(one: Decision, other: Decision) -> bool:
    """Whether two models say the same of a text: the same label, or both nothing; a probability may differ.

    >>> sure, less = (Advice(prediction=Prediction(label="yes", probabilities={"yes": p})) for p in (0.9, 0.6))
    >>> agree(sure, less)
    True
    """
    if not (isinstance(one, Advice) and isinstance(other, Advice)):
        return type(one) is type(other)
    ours, theirs = one.prediction, other.prediction
    if isinstance(ours, Prediction) and isinstance(theirs, Prediction):
        return ours.label == theirs.label
    return ours == theirs
