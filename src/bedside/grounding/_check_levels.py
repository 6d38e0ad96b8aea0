"""Normal, high, low: whether the values that the chart measures are what a sentence calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.grounding._apart import Mark
from bedside.grounding._check_marks import named_whole
from bedside.grounding._coverage import alike
from bedside.grounding._near import head
from bedside.grounding._pair import Note, Pair
from bedside.grounding._terms import Term

_ALL = frozenset(("low", "normal", "high"))
_STANDS = re.compile(r"raised|increased|decreased|reduced|升高|增高|增多|降低|减低|减少", re.IGNORECASE)
"""Words of change that say as often how a value stands."""
_LEVELS = {
    ("amount", "high"): frozenset(("high",)),
    ("amount", "low"): frozenset(("low",)),
    ("normality", "normal"): frozenset(("normal",)),
    ("normality", "abnormal"): frozenset(("low", "high")),
}
_STANDING = {("amount", "up"): frozenset(("high",)), ("amount", "down"): frozenset(("low",))}


def levels(pair: Pair) -> Iterator[Note]:
    """Levels that none of the chart's values of the same thing has."""
    for mark in pair.sentence.marks:
        said = frozenset[str]() if named_whole(pair, mark) else _said(mark, pair.said.text)
        subject = head(pair.said, pair.sentence, mark) if said else None
        measured = (
            next(filter(None, (_measured(pair, one) for one in (subject, *subject.parts))), []) if subject else []
        )
        if said and measured and not any(said & one for one in measured):
            yield Note("mark_conflict", 1.0, mark.start, mark.end)


def _said(mark: Mark, text: str) -> frozenset[str]:
    """What a word says a value may be; empty where it says nothing of that."""
    said = _LEVELS.get((mark.set, mark.value), frozenset[str]())
    if _STANDS.fullmatch(text[mark.start : mark.end]):
        said = _STANDING.get((mark.set, mark.value), said)
    return _ALL - said if said and mark.denied else said


def _measured(pair: Pair, subject: Term) -> list[frozenset[str]]:
    """How the chart's values of a thing stand: by its words and flags, else by what is normal; none if it changed."""
    own = [
        other
        for sentence in pair.chart.sentences
        for other in sentence.marks
        if other.set == "amount" and alike(head(pair.chart, sentence, other), subject)
    ]
    if any((one.set, one.value) in _STANDING for one in own):
        return []
    told = [_said(one, pair.chart.text) for one in own]
    valued = [
        one.may_be
        for one in pair.chart.levels
        for sentence in pair.chart.sentences
        if sentence.start <= one.start < sentence.end
        and not any(one.start < other.end and other.start <= one.end for other in own)
        and any(one.start <= claim.term.start < one.end and alike(claim.term, subject) for claim in sentence.claims)
    ]
    return [one for one in (*told, *valued) if one]
