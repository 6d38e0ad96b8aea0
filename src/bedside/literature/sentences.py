"""Sentences of papers with the heading that each stands under."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.cleaning.sentences import spans
from bedside.literature._paper import Section


def sentences(text: str, sections: tuple[Section, ...] = ()) -> Iterator[tuple[int, int, str]]:
    """The sentences of a paper with the heading that each stands under, "" for none; none crosses a section."""
    for one in sections or (Section(0, len(text)),):
        for start, end in spans(text, one.start, one.end):
            yield start, end, one.heading
