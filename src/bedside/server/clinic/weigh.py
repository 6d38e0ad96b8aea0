"""Asks the guard; a guard that could not be asked is a failure, never a pass."""

from __future__ import annotations

from bedside.server.clinic.context import Guard
from bedside.server.errors import failure
from bedside.types import UNCHECKED, Proposal, Verdict


def weighed(proposal: Proposal, guard: Guard) -> Verdict:
    """The guard's verdict; Refusal (500) where a part of it could not be asked.

    >>> weighed(Proposal(text="Rest."), lambda proposal: Verdict(outcome="allow")).outcome
    'allow'
    """
    verdict = guard(proposal)
    if unasked := [one.rule.removeprefix(UNCHECKED) for one in verdict.findings if one.rule.startswith(UNCHECKED)]:
        raise failure(unasked)
    return verdict
