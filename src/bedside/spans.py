"""Steps of one request for a trace: `span` marks one, and costs a look at a variable where nobody traces.

A step has a name of ours and codes and counts; whoever traces takes nothing else (server/clinic/tracing.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol


class Note(Protocol):
    """Puts codes and counts down for a step."""

    def __call__(self, **codes: str | int) -> None: ...


class Tracer(Protocol):
    """Whoever follows the steps of a request."""

    def step(self, name: str) -> AbstractContextManager[Note]: ...


_tracer: ContextVar[Tracer | None] = ContextVar("tracer", default=None)


def _drop(**codes: str | int) -> None:
    """Nobody traces."""


_UNTRACED: AbstractContextManager[Note] = nullcontext(_drop)


def span(name: str) -> AbstractContextManager[Note]:
    """A step of what is being done now.

    >>> with span("guard rules") as note:
    ...     note(findings=2)
    """
    tracer = _tracer.get()
    return _UNTRACED if tracer is None else tracer.step(name)


@contextmanager
def traced_by(tracer: Tracer) -> Iterator[None]:
    """Have this tracer follow the steps inside the block."""
    token = _tracer.set(tracer)
    try:
        yield
    finally:
        _tracer.reset(token)
