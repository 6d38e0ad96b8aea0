"""Readies a server for its first requests: guard and index of diseases are open, the garbage collector passes them."""

from __future__ import annotations

import gc
from collections.abc import Callable
from threading import Thread

from bedside.errors import BedsideError, log_fault
from bedside.server.clinic.context import Context
from bedside.server.errors import log
from bedside.types import Proposal

SAID = ("Rest and drink.", "My chest is in a vice.")
"""The rules are asked about the first; the encoder about the second, so that it is opened too."""


def warm_up(context: Context) -> None:
    """Ask the guard once and open the diagnostician, beside the first requests and not within one of them.

    /readyz does not wait for it: cards come first. A differential does, and is told to come again where it takes long.
    """
    open_diagnostician = context.diagnostician.opened_by()
    # No daemon: an interpreter that ends while a thread opens networks aborts, so the end waits for it.
    Thread(target=_warm, args=(context, open_diagnostician), name="warm-up").start()


def _warm(context: Context, open_diagnostician: Callable[[], None]) -> None:
    for text in SAID:
        if context.health.draining:
            return
        context.judge(Proposal(text=text))
    if context.health.draining:  # opening the index takes seconds, and the end of the server would wait for it
        return
    try:
        open_diagnostician()
    except BedsideError:
        pass  # no ontology is installed: whoever asks is told
    except Exception as fault:
        log_fault(log, fault)
    # Rules, vocabularies and networks are 360,000 objects that stay for good. Each full collection looks through all of
    # them, and every request waits for it: 170 ms on a quiet core.
    gc.collect()
    gc.freeze()
