"""Which questions to ask back before answering, in order of weight."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.consult._people import Person


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that is not known and matters: what to ask, in the user's language, and why."""

    id: str
    question: str
    why: str


def missing(question: str, person: Person | None) -> tuple[Slot, ...]:
    """What to ask before answering."""
    return ()


def with_answer(question: str, slot: Slot, answer: str) -> str:
    """The question with an answer put in."""
    return f"{question} {answer}"
