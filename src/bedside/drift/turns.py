"""When confidence, or being right, turned: streams in the order of time under an adaptive window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bedside.drift.adwin import Adwin
from bedside.drift.rows import CONFIDENCE, Part

RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a stream changed: the times of the first and the last row that showed it, and the means on both sides."""

    stream: str
    since: str
    until: str
    before: float
    after: float


def turns(reference: Part, current: Part) -> list[Turn]:
    """Where confidence, and being right, turned in the order of time; [] where no row has a time."""
    rows = [(time, part, row) for part in (reference, current) for row, time in enumerate(part.times) if time]
    rows.sort(key=lambda one: one[0])
    sure = ((time, max(part.probabilities[row].values())) for time, part, row in rows if part.probabilities[row])
    right = (
        (time, float(answer == part.truths[row]))
        for time, part, row in rows
        if part.truths[row] and (answer := answer_of(part, row))
    )
    return [*turns_of(CONFIDENCE, sure), *turns_of(RIGHT, right)]


def answer_of(part: Part, row: int) -> str:
    """The label given, else the most probable one; "" where there is neither."""
    stated = part.probabilities[row]
    return part.labels[row] or (max(stated, key=lambda label: stated[label]) if stated else "")


def turns_of(stream: str, values: Iterable[tuple[str, float]]) -> list[Turn]:
    """The turns of one stream of (time, value); the cuts that follow one another in one direction are one turn.

    >>> fell = [(f"2026-{month:02d}", float(month < 7)) for month in range(1, 13) for _ in range(40)]
    >>> (turn,) = turns_of("right", fell)
    >>> turn.since, turn.before, round(turn.after, 2)
    ('2026-07', 1.0, 0.15)
    """
    window, found = Adwin(), list[Turn]()
    for time, value in values:
        if (before := window.add(value)) is None:
            continue
        after = window.mean
        if found and (found[-1].after < found[-1].before) == (after < before):
            found[-1] = replace(found[-1], until=time, after=after)
        else:
            found.append(Turn(stream, time, time, before, after))
    return found
