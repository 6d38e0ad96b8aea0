"""The guards' word on a composed answer: what they block is not served, what they warn of is told beside it."""

from __future__ import annotations

from dataclasses import replace

from bedside.cleaning.language import spoken
from bedside.consult._base import Consultation
from bedside.facts.in_question import asked
from bedside.facts.of_person import as_facts
from bedside.facts.person import Person
from bedside.guards import guard, held_back
from bedside.types import Proposal


def guarded(told: Consultation, person: Person | None) -> Consultation:
    """A consultation whose answer has passed every guard, with the person's facts and those the question itself tells.

    Emergencies were looked for in the question before anything else was done. Every sentence stands in a passage cited:
    it is grounded there, and no name or number is in it that is not published.
    """
    if not told.answer:
        return told
    text = " ".join(one.sentence for one in told.answer)
    found = guard(
        Proposal(
            text=text,
            lang=spoken(text),
            facts=as_facts(person or Person(), asked(told.question).person),
            question=told.question,
            evidence=tuple(one.passage.text for one in told.passages),
        ),
        done=("emergencies", "identity", "grounding"),
    )
    if held_back(found):
        return replace(told, answer=(), explanations=(), reason="guarded", findings=found.findings)
    return replace(told, findings=found.findings)
