"""Writes a consultation as one HTML page that needs nothing else: what cannot wait, the answer, and where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside import __version__
from bedside.consult._base import Consultation
from bedside.consult.words import notes, reason_said
from bedside.evaluate.pages import fill
from bedside.files import whole_file


def save(path: Path, told: Consultation) -> Path:
    """Write the page, whole or not at all; returns the path."""
    with whole_file(path) as file:
        file.write(render(told))
    return path


def render(told: Consultation) -> str:
    """The page as text, in the language in force."""
    numbers = {one.passage.id: place for place, one in enumerate(told.passages, 1)}
    answer = [(one.sentence, [numbers[id] for id in one.citations if id in numbers]) for one in told.answer]
    return fill(
        "consultation.html",
        folder_of_template=Path(__file__).parent,
        told=told,
        answer=answer,
        reason=reason_said(told),
        notes=notes(told),
        passages=[supported(place, one.passage, told) for place, one in enumerate(told.passages, 1)],
        version=__version__,
    )


def supported(place: int, passage: Any, told: Consultation) -> dict[str, Any]:
    """A passage with what the answer took from it marked."""
    spans = []
    for one in told.answer:
        at = passage.text.find(one.sentence) if passage.id in one.citations else -1
        if at >= 0:
            spans.append((at, at + len(one.sentence)))
    parts, end = list[tuple[str, bool]](), 0
    for start, stop in sorted(spans):
        if start >= end:
            parts += [(passage.text[end:start], False), (passage.text[start:stop], True)]
            end = stop
    parts.append((passage.text[end:], False))
    return {"place": place, "passage": passage, "parts": parts}
