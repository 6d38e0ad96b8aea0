"""What looking for one condition in a chart comes to: yes, no or open, which way it leans, and what is behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bedside.trials.criterion import Evidence
from bedside.trials.matching.fact import Fact

Truth = bool | None
MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """How a chart's silence and old values are taken.

    `unmentioned`: what a chart does not mention is "unknown"; "listed" takes it for absent where the chart keeps a list
    of its kind (coded diagnoses, medicines, allergies, procedures); "absent" always. `recent_days`: an older value
    decides nothing unless the criterion gives a window of its own.
    """

    unmentioned: Literal["unknown", "listed", "absent"] = "unknown"
    recent_days: float = 365.0


@dataclass(frozen=True, slots=True)
class Found:
    """`truth` is of the condition, None for open; `lean` is the likelier of an open one."""

    truth: Truth = None
    lean: Truth = None
    none_found: bool = False
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    def turned(self) -> Found:
        """The same of its contrary."""
        return replace(self, truth=_not(self.truth), lean=_not(self.lean))


def evidence_of(facts: Iterable[Fact], weight: Literal["for", "against", "open"]) -> tuple[Evidence, ...]:
    """The first few facts as evidence, the latest first, each entry once."""
    order = sorted(facts, key=lambda one: (one.days is None, one.days or 0))
    seen: dict[str, Fact] = {}
    for fact in order:
        seen.setdefault(fact.entry.id, fact)
    return tuple(
        Evidence(entry=id, place=fact.entry.origin.place, said=fact.said, days_before=fact.days, weight=weight)
        for id, fact in list(seen.items())[:MOST_EVIDENCE]
    )


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth
