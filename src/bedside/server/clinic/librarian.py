"""Who answers chats from the library: one thread that opened it, since a database's connection is one thread's."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.spans import span

if TYPE_CHECKING:
    from bedside.consult._base import Consultation
    from bedside.consult.consultant import Consultant
    from bedside.lang import Lang


NAME = "library"
"""What the library is called among those that answer."""

Told = Callable[[str, str, float], None]
"""Is told who answered, how it ended, and how long it took in seconds."""


def _nobody(source: str, outcome: str, seconds: float) -> None:
    """Counts nothing."""


class Librarian:
    """Opens a library at the first question and answers one question after another; a context of its own thread."""

    def __init__(self, folder: Path, encoder: Any = None, told: Told = _nobody) -> None:
        self._folder, self._encoder, self._told = folder, encoder, told
        self._opened: Consultant | None = None
        self._thread = ThreadPoolExecutor(1, "librarian")

    def ask(self, question: str, lang: Lang) -> Consultation:
        """The answer to one question; identity is taken off it first, and IdentityError raised where that fails."""
        begun, outcome = time.perf_counter(), "failed"
        try:
            with span("library"):
                answer = self._thread.submit(copy_context().run, self._ask, question, lang).result()
            outcome = "abstained" if answer.abstained else "answered"
        finally:
            self._told(NAME, outcome, time.perf_counter() - begun)
        return answer

    def close(self) -> None:
        """Let go of the library."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _ask(self, question: str, lang: Lang) -> Consultation:
        from bedside.consult.consultant import Consultant
        from bedside.library import Library

        if self._opened is None:
            self._opened = Consultant(Library(self._folder, self._encoder))
        return self._opened.ask(question, lang)

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.library.close()
            self._opened = None
