"""A replica: a process that opens a model from its folder, shuts itself in, answers once, then takes questions."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from bedside import __version__
from bedside.clinic.outbound import shut_in
from bedside.errors import ServeError, log_fault
from bedside.lang import speaking, tr
from bedside.model.forms import Form
from bedside.model.given import Given
from bedside.server.replicas import Broke, Question, Told
from bedside.server.service import WARM_UP, Served
from bedside.types import Failed

log = logging.getLogger("bedside.server")

Opening = Callable[[], Served]
"""Opens a model, on whichever machine it is called; what it holds can be sent there, and its repr says what it is."""


class Replica:
    """A model that answers in a process of its own.

    It is ready once made: the model has answered in both languages. `outbound` are the addresses that it may connect to
    beside its own machine; raises ServeError where the folder or bedside is another than the server's.
    """

    def __init__(self, opening: Opening, id: str, version: str, outbound: Sequence[str]) -> None:
        if version != __version__:
            what = tr("the cluster runs another bedside", "集群上的 bedside 版本不同")
            raise ServeError(what, value=__version__, allowed=version, next=f"pip install bedside=={version}")
        shut_in(outbound)
        self._served = opening()
        if self._served.id != id:
            what = tr("another model lies in the folder here", "此处目录中的模型不同")
            raise ServeError(what, value=self._served.id, allowed=id)
        self._warm_up()

    def _warm_up(self) -> None:
        for lang, text in WARM_UP:
            given = Given(second=text if self._served.form.two else "")
            ((decision, _),) = self._told(Question((text,), (given,), lang))
            if isinstance(decision, Failed):
                raise ServeError(tr("the model cannot answer", "模型无法作答"), value=decision.error_id)

    async def form(self) -> Form:
        """The form of its answers."""
        return self._served.form

    async def answer(self, question: Question) -> list[Told] | Broke:
        """Answers beside the event loop, which goes on telling the cluster that this replica lives."""
        return await asyncio.to_thread(self._answer, question)

    def _answer(self, question: Question) -> list[Told] | Broke:
        try:
            return self._told(question)
        except Exception as fault:
            return Broke(log_fault(log, fault))

    def _told(self, question: Question) -> list[Told]:
        counts = [Counter[str]() for _ in question.texts]
        with speaking(question.lang):
            decisions = self._served.advise(question.texts, question.given, counts)
        return list(zip(decisions, counts, strict=True))
