"""Every registered guard in order, timed; what cannot be checked is blocked, and nothing in a text switches one off."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache

from bedside import registry
from bedside.errors import log_fault
from bedside.guards._base import Guard
from bedside.lang import tr
from bedside.spans import span
from bedside.types import UNCHECKED, Finding, Proposal, Verdict, verdict

log = logging.getLogger("bedside.guards")


def guard(proposal: Proposal, *, done: Collection[str] = ()) -> Verdict:
    """What becomes of a proposal: all registered guards asked, other packages' (entry points) too.

    `done` names guards whose check the caller's own road has made already; nothing in a proposal can name one.

    >>> guard(Proposal(text="Worst headache of her life: take ibuprofen and rest.")).outcome
    'emergency'
    """
    return asked(proposal, [one for one in _registered() if one.name not in done])


def asked(proposal: Proposal, guards: Iterable[Guard]) -> Verdict:
    """The verdict of these guards; one that breaks is a critical finding, for what it would have said is not known."""
    findings: list[Finding] = []
    ms: dict[str, float] = {}
    for one in sorted(guards, key=lambda one: (one.order, one.name)):
        begun = time.perf_counter()
        try:
            with span(f"guard {one.name}") as note:
                found = one.check(proposal)
                note(findings=len(found))
            findings += found
        except Exception as fault:  # fail closed, whatever it was
            findings.append(_unchecked(one.name, fault))
        ms[one.name] = ms.get(one.name, 0.0) + (time.perf_counter() - begun) * 1000
    return replace(verdict(findings), ms=ms)


@cache
def _registered() -> tuple[Guard, ...]:
    return tuple(_loaded(name) for name in registry.names("guards"))


def _loaded(name: str) -> Guard:
    """A guard by name; in place of one that cannot be loaded, one that says so of every proposal."""
    try:
        guard: Guard = registry.load("guards", name)
    except Exception as fault:
        return _Broken(name, fault)
    return guard


class _Broken:
    """Stands for a guard that cannot be loaded."""

    order = 0

    def __init__(self, name: str, fault: Exception) -> None:
        self.name, self._fault = name, fault

    def check(self, proposal: Proposal) -> list[Finding]:
        raise self._fault.with_traceback(None)


def _unchecked(name: str, fault: Exception) -> Finding:
    error_id = log_fault(log, fault)
    reason = tr(f"could not be checked by the guard {name}", f"“{name}”检查未能完成")
    return Finding(rule=UNCHECKED + name, severity="critical", reason=f"{reason} ({error_id})", source="bedside")
