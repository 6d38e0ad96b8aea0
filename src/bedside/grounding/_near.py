"""How near a term stands to a number or a mark: what each is said of."""

from __future__ import annotations

from bedside.grounding._apart import Mark
from bedside.grounding._claims import Reading, Sentence
from bedside.grounding._terms import Term

_OTHER_WAY, _OUTSIDE = 12, 25
"""Characters that a term on the less likely side, or in another clause, counts further away."""


def distance(text: Reading, term: Term, start: int, end: int, *, behind: bool = False) -> float:
    """Characters between a term and a place; `behind`: what is meant stands behind rather than before."""
    if term.start <= start and end <= term.end:
        return 0.0
    after = term.start >= end
    gap = term.start - end if after else start - term.end
    low, high = text.clause(start, end)
    outside = not (low <= term.start < high)
    return gap + (_OTHER_WAY if after != behind else 0) + (_OUTSIDE if outside else 0)


def head(text: Reading, sentence: Sentence, mark: Mark) -> Term | None:
    """What a mark is said of: the nearest term, in English one behind it rather than before."""
    near = [one.term for one in sentence.claims if one.term.kind != "word" or not one.term.named]
    return min(near, key=lambda term: distance(text, term, mark.start, mark.end, behind=True), default=None)
