"""The nearest passages in a new order: those first that speak of what is asked (its symptoms, its treatment, ...).

Words and vectors tell the topic well and the kind of question badly, so the passages of one topic come in any order.
A passage gains by its sentences that speak in the words of the kind asked for; one that is to explain what something
is gains by its length. The weights are a softmax's over the first 20 passages, fitted on questions of whole topics of
MedQuAD's train part, in steps of the fused score (docs/design/009-library.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import log

from bedside.library._question.kinds import kinds_asked, says
from bedside.types import Passage

DEPTH = 20
"""So many of the first passages get a new order."""
SHARE, ANY, LENGTH = 2.3, 2.25, 1.05
"""What all sentences on the kind asked for are worth, what one is, and what a text e times as long is."""
SHORTEST = 50
"""Characters that a text counts as at least."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；;])\s*|\n+")


def by_kind(question: str, found: Sequence[Passage]) -> list[Passage]:
    """The passages, the first `DEPTH` ordered by score and by what they say of the kind that a question asks for.

    >>> about = {"citation": "", "source": "set", "version": "1", "score": 9.0}
    >>> cure, cause = (Passage(text=one, **about) for one in ("Rest is advised.", "It is due to a virus."))
    >>> [one.text for one in by_kind("What causes flu?", [cure, cause])]
    ['It is due to a virus.', 'Rest is advised.']
    """
    kinds = kinds_asked(question)
    if not kinds:
        return list(found)
    first = [replace(one, score=one.score + _gain(kinds, one.text)) for one in found[:DEPTH]]
    return sorted(first, key=lambda one: -one.score) + list(found[DEPTH:])


def _gain(kinds: Sequence[str], text: str) -> float:
    """Never below 0, so that the others stay behind."""
    if tuple(kinds) == ("definition",):
        return LENGTH * log(max(len(text) / SHORTEST, 1))
    sentences = [one for one in _SENTENCE.split(text) if one]
    said = max(sum(says(kind, one) for one in sentences) for kind in kinds)
    return SHARE * said / max(len(sentences), 1) + ANY * (said > 0)
