"""What a recogniser is: text in, candidate stretches of identity out, each with a score and the name of the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Candidate(NamedTuple):
    """A stretch that may be identity: code points, end exclusive; `score` in 0..1; `by` names the rule that saw it.

    `type` is one of `bedside.types.IDENTITY_TYPES`. At or above `STRONG` a name is spread to its other mentions.
    """

    start: int
    end: int
    type: str
    score: float
    by: str


Recogniser = Callable[[str], list[Candidate]]
"""`recognise(text) -> list[Candidate]`: any order, overlaps allowed, offsets into `text` as given."""

STRONG = 0.8
"""Score from which a NAME or STAFF find is trusted enough to mark every other mention of it in the note."""
