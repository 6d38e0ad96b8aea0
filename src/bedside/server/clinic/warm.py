"""Readies a server for its first requests: the guard has read its rules, and the garbage collector passes over them."""

from __future__ import annotations

import gc
from threading import Thread

from bedside.server.clinic.context import Context
from bedside.types import Proposal

SAID = ("Rest and drink.", "My chest is in a vice.")
"""The rules are asked about the first; the encoder about the second, so that it is opened too."""


def warm_up(context: Context) -> None:
    """Ask the guard once, beside the first requests and not within one of them."""
    # No daemon: an interpreter that ends while a thread opens networks aborts, so the end waits for it.
    Thread(target=_warm, args=(context,), name="warm-up").start()


def _warm(context: Context) -> None:
    for text in SAID:
        if context.health.draining:
            return
        context.judge(Proposal(text=text))
    # Rules, vocabularies and networks are 360,000 objects that stay for good. Each full collection looks through all of
    # them, and every request waits for it: 170 ms on a quiet core.
    gc.collect()
    gc.freeze()
