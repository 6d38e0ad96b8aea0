"""The ulna for the radius, influenza B for A: a thing named in place of one of its family that the chart names."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.grounding._pair import Note, Pair


def siblings(pair: Pair) -> Iterator[Note]:
    """Things that the chart never names, where its evidence names another of the family."""
    told = {(one.set, one.value) for one in pair.chart.siblings}
    families = {
        one.set
        for one in pair.chart.siblings
        if any(sentence.start <= one.start < sentence.end for sentence in pair.evidence)
    }
    for one in pair.said.siblings:
        if one.set in families and (one.set, one.value) not in told:
            yield Note("mark_conflict", 1.0, one.start, one.end)
