"""Asks a model whose replicas are processes elsewhere: where one dies another is asked; where none is left it says so.

A question changes nothing, so asking it twice is safe. Nothing here knows what runs the replicas
(`ray_cluster/` does).
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bedside.lang import Lang, current, tr
from bedside.model.given import Given
from bedside.server.errors import Refusal, failure
from bedside.server.service import Advise
from bedside.types import Decision

log = logging.getLogger("bedside.server")


@dataclass(frozen=True)
class Question:
    """A batch of texts with what is given beside each, and the language to answer in."""

    texts: tuple[str, ...]
    given: tuple[Given, ...]
    lang: Lang

    def __repr__(self) -> str:
        return f"Question({len(self.texts)})"  # no patient's text in a log


Told = tuple[Decision, Counter[str]]
"""The decision on a text, and the spans of identity removed from it, by type."""


@dataclass(frozen=True)
class Broke:
    """The model raised; `error_id` is in the replica's log. No exception crosses: its message could quote a text."""

    error_id: str


class Gone(Exception):
    """The replica died before it answered; another may."""


class Full(Exception):
    """As many questions wait as may."""


class NoneLeft(Exception):
    """No replica of the model is running."""


class Replicas(Protocol):
    """The replicas of one model."""

    def ask(self, question: Question, timeout_s: float) -> list[Told] | Broke:
        """What one of them answers; raises Gone, Full, NoneLeft or TimeoutError."""
        ...


def answered_by(replicas: Replicas, timeout_s: float) -> Advise:
    """The replicas as what the server asks of any model; every way out but an answer is a `Refusal`."""

    def advise(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        question = Question(tuple(texts), tuple(given), current())
        told = _told(replicas, question, time.monotonic() + timeout_s)
        for counter, (_, found) in zip(removed, told, strict=True):
            counter.update(found)
        return [decision for decision, _ in told]

    return advise


def _told(replicas: Replicas, question: Question, end: float) -> list[Told]:
    """The first answer of any replica before the end."""
    while (left := end - time.monotonic()) > 0:
        try:
            answer = replicas.ask(question, left)
        except Gone:
            log.warning("a replica died with %s texts; another is asked", len(question.texts))
            continue
        except Full:
            raise Refusal(
                503, "busy", tr("too much is waiting; try again", "排队已满，请稍后重试"), retry_after_s=1
            ) from None
        except NoneLeft:
            what = tr("no replica of the model is running", "模型没有正在运行的副本")
            raise Refusal(503, "no_replica", what, retry_after_s=5) from None
        except TimeoutError:
            break
        if isinstance(answer, Broke):
            raise failure([answer.error_id])
        return answer
    raise Refusal(503, "timeout", tr("no answer in time", "未能及时得出结果"), retry_after_s=5)
