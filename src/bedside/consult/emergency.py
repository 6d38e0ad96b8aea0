"""Placeholder: emergencies are recognised here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Emergency:
    """A condition that cannot wait."""

    id: str
    name: str
    what_to_do: str
    source: str


def emergencies(text: str, lang: str | None = None) -> tuple[Emergency, ...]:
    """The emergencies that a text speaks of."""
    return ()
