"""Who answers chats from the library: one thread that opened it, since a database's connection is one thread's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedside.consult._base import Consultation
    from bedside.consult.consultant import Consultant
    from bedside.lang import Lang


class Librarian:
    """Opens a library at the first question and answers one question after another; a context of its own thread."""

    def __init__(self, folder: Path, encoder: Any = None) -> None:
        self._folder, self._encoder = folder, encoder
        self._opened: Consultant | None = None
        self._thread = ThreadPoolExecutor(1, "librarian")

    def ask(self, question: str, lang: Lang) -> Consultation:
        """The answer to one question; identity is taken off it first, and IdentityError raised where that fails."""
        return self._thread.submit(self._ask, question, lang).result()

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
