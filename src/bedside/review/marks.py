"""A text cut into stretches, each with what stands behind it: the ground for colours on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bedside.review._item import Item
from bedside.types import Severity


class Mark(NamedTuple):
    """A stretch of a text and how it is shown: evidence, an entity, or a finding's severity."""

    start: int
    end: int
    kind: str


def cut(text: str, marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """(stretch, kind) in order, kind empty between marks; where marks overlap the one that begins first stays whole.

    >>> cut("no fever today", [Mark(3, 8, "entity")])
    [('no ', ''), ('fever', 'entity'), (' today', '')]
    """
    found, at = [], 0
    for mark in sorted(marks):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start >= end:
            continue
        if start > at:
            found.append((text[at:start], ""))
        found.append((text[start:end], mark.kind))
        at = end
    return [*found, (text[at:], "")] if at < len(text) else found


def of_input(item: Item) -> list[tuple[str, str]]:
    """The input with its evidence and the entities found in it."""
    quotes = [Mark(one.start, one.end, "evidence") for one in item.evidence if one.start is not None and one.end]
    found = [Mark(one["start"], one["end"], "entity") for one in item.output.get("entities", ())]
    return cut(item.text, [*quotes, *found])


def of_output(item: Item) -> list[tuple[str, str]]:
    """A text that was written, with the words that a guard objects to."""
    order: list[Severity] = ["critical", "warning", "info"]
    said = sorted(item.findings, key=lambda one: order.index(one.severity))
    marks = [Mark(one.start, one.end, one.severity) for one in said if one.start is not None and one.end]
    return cut(str(item.output.get("text", "")), marks)
