"""An emergency told in the question or the proposal: whatever is proposed, its reader is told what to do now."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bedside.emergency import Emergency, emergencies
from bedside.types import Finding, Proposal

if TYPE_CHECKING:
    from bedside.model.embedder import TextEncoder


class Emergencies:
    """The red flags of emergency/, asked of the question and of the proposal; told in other words too, by the encoder.

    >>> [found] = GUARD.check(Proposal(text="Worst headache of her life: take ibuprofen and rest."))
    >>> found.rule, found.asks
    ('emergency.thunderclap-headache', 'emergency')
    """

    name = "emergencies"
    order = 10

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each emergency, the most pressing first, each once."""
        texts = [text for text in (proposal.question, proposal.text) if text]
        told = {one.id: one for text in texts for one in emergencies(text, proposal.lang)}
        if not told:
            told = {one.id: one for text in texts for one in emergencies(text, proposal.lang, encoder=ear())}
        return [_finding(one) for one in told.values()]


@cache
def ear() -> TextEncoder | None:
    """The encoder that the ear was fitted for, where it is installed; wordings alone are asked elsewhere."""
    from bedside import registry
    from bedside.emergency.alarm import ENCODER
    from bedside.model.embedder import open_encoder

    return open_encoder(ENCODER) if registry.load("backbones", ENCODER).installed() else None


def _finding(one: Emergency) -> Finding:
    return Finding(
        rule=f"emergency.{one.id}",
        severity="critical",
        reason=f"{one.name}: {one.what_to_do}",
        source=one.source,
        outcome="emergency",
    )


GUARD = Emergencies()
