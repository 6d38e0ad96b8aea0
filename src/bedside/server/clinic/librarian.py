"""Who answers from the library and its graph: one thread that opened them, as a database's connection is its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bedside.lang import tr
from bedside.server.errors import Refusal
from bedside.spans import span

if TYPE_CHECKING:
    from bedside.consult._base import Consultation
    from bedside.consult.consultant import Consultant
    from bedside.facts.person import Person
    from bedside.graph import Graph
    from bedside.lang import Lang
    from bedside.library import Library

Found = TypeVar("Found")


WAIT_S = 30.0
"""How long a question waits for those before it: half of what an answer has. One that nobody hears any more would keep
the next from being answered in time, and so all that follow."""
RETRY_S = 5
NAME = "library"
"""What the library is called among those that answer."""

Told = Callable[[str, str, float], None]
"""Is told who answered, how it ended, and how long it took in seconds."""


def _nobody(source: str, outcome: str, seconds: float) -> None:
    """Counts nothing."""


class Librarian:
    """Opens a library at the first question and answers one question after another; a context of its own thread.

    Refusal (503) of a question that has not come to its turn after `wait_s`: the same may be asked again.
    """

    def __init__(self, folder: Path, encoder: Any = None, told: Told = _nobody, *, wait_s: float = WAIT_S) -> None:
        self._folder, self._encoder, self._told, self._wait_s = folder, encoder, told, wait_s
        self._opened: Consultant | None = None
        self._graph: Graph | None = None
        self._thread = ThreadPoolExecutor(1, "librarian")

    def ask(self, question: str, lang: Lang, person: Person | None = None, topic: Sequence[str] = ()) -> Consultation:
        """The answer to one question; identity is taken off it first, and IdentityError raised where that fails.

        `topic` is what the question before it was about: one that names nothing of its own goes on from there.
        """
        begun, outcome = time.perf_counter(), "failed"
        try:
            with span("library"):
                running = self._thread.submit(copy_context().run, self._ask, question, lang, person, tuple(topic))
                answer = self._heard(running)
            outcome = "abstained" if answer.abstained else "answered"
        finally:
            self._told(NAME, outcome, time.perf_counter() - begun)
        return answer

    def look(self, find: Callable[[Library], Found]) -> Found:
        """What `find` finds in the library, in the language in force."""
        return self._heard(self._thread.submit(copy_context().run, lambda: find(self._consultant().library)))

    def follow(self, find: Callable[[Graph], Found]) -> Found:
        """What `find` finds in the library's graph; FileNotFoundError where there is none (`has_graph`)."""
        return self._heard(self._thread.submit(copy_context().run, lambda: find(self._graph_opened())))

    @property
    def has_graph(self) -> bool:
        """Whether a graph was built of this library."""
        from bedside.graph._schema import DATABASE

        return (self._folder / DATABASE).is_file()

    def close(self) -> None:
        """Let go of the library."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _heard(self, running: Future[Found]) -> Found:
        """What came of it; a question whose turn has not come in time is taken back, and never worked on."""
        wait([running], self._wait_s)
        if running.cancel():
            what = tr("others are being answered; try again", "正在处理其他请求，请稍后重试")
            raise Refusal(503, "busy", what, retry_after_s=RETRY_S)
        return running.result()

    def _ask(self, question: str, lang: Lang, person: Person | None, topic: tuple[str, ...]) -> Consultation:
        from bedside.consult._base import Focus
        from bedside.consult.turns import followed

        return self._consultant().ask(followed(question, Focus((), topic)), lang, person)

    def _consultant(self) -> Consultant:
        from bedside.consult.consultant import Consultant
        from bedside.library import Library

        if self._opened is None:
            self._opened = Consultant(Library(self._folder, self._encoder))
        return self._opened

    def _graph_opened(self) -> Graph:
        from bedside.graph import Graph

        if self._graph is None:
            self._graph = Graph(self._folder)
        return self._graph

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.library.close()
        if self._graph is not None:
            self._graph.close()
        self._opened = self._graph = None
