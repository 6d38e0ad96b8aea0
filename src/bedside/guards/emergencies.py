"""An emergency told in the question or the proposal: whatever is proposed, its reader is told what to do now."""

from __future__ import annotations

from bedside.emergency import Emergency, emergencies
from bedside.types import Finding, Proposal


class Emergencies:
    """The red flags of emergency/, asked of the question and of the proposal itself.

    >>> [found] = GUARD.check(Proposal(text="Worst headache of her life: take ibuprofen and rest."))
    >>> found.rule, found.asks
    ('emergency.thunderclap-headache', 'emergency')
    """

    name = "emergencies"
    order = 10

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each emergency, the most pressing first, each once."""
        told = {one.id: one for text in (proposal.question, proposal.text) for one in emergencies(text, proposal.lang)}
        return [_finding(one) for one in told.values()]


def _finding(one: Emergency) -> Finding:
    return Finding(
        rule=f"emergency.{one.id}",
        severity="critical",
        reason=f"{one.name}: {one.what_to_do}",
        source=one.source,
        outcome="emergency",
    )


GUARD = Emergencies()
