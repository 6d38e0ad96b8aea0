"""Asks the rules of clinicians about a proposal: what is contraindicated blocks, what asks for care warns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bedside.rules import RuleSet, shipped
from bedside.types.verdict import Finding, Proposal


@dataclass(frozen=True, slots=True)
class RulesGuard:
    """The guard that asks rules; those that come with the program unless others are given.

    >>> from bedside.types.verdict import Facts, Lab
    >>> facts = Facts(labs=[Lab("K", 6.9, "mmol/L")])
    >>> [one.severity for one in GUARD.check(Proposal(text="Discharge home.", facts=facts))]
    ['critical']
    """

    rules: RuleSet | None = None
    name: str = "rules"
    order: int = 30

    def check(self, proposal: Proposal) -> Sequence[Finding]:
        """What the rules have to say."""
        return (self.rules or _shipped()).check(proposal)


@cache
def _shipped() -> RuleSet:
    return RuleSet(shipped())


GUARD = RulesGuard()
