"""A question that goes on from the one before: "And the treatment?", "会遗传吗？" take over what that was about."""

from __future__ import annotations

from bedside.consult._base import Focus
from bedside.consult.focus import names_topic


def followed(question: str, before: Focus | None) -> str:
    """The question with the topic of the one before it, where it has none of its own.

    >>> followed("How is it treated?", Focus(("symptoms",), ("wilson", "disease")))
    'How is it treated? (wilson disease)'
    >>> followed("What is gout?", Focus((), ("wilson", "disease")))
    'What is gout?'
    """
    if before is None or not before.topic or names_topic(question):
        return question
    return f"{question} ({_said(before.topic)})"


def _said(topic: tuple[str, ...]) -> str:
    """A topic as words again: of Chinese terms those that are in no other."""
    return " ".join(one for one in topic if not any(one != other and one in other for other in topic))
