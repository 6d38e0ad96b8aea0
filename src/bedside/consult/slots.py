"""Placeholder: what to ask before answering."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.consult.personal import Person


@dataclass(frozen=True, slots=True)
class Slot:
    """A question back."""

    id: str
    question: str
    why: str


def missing(question: str, person: Person | None) -> tuple[Slot, ...]:
    """What is not known and matters."""
    return ()


def with_answer(question: str, slot: Slot, answer: str) -> str:
    """The question with what was answered."""
    return f"{question} ({answer})"
