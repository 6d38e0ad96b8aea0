"""What speaks against one sentence beside a chart, as features, and the sentences of the chart it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field

from bedside.grounding._check_contexts import contexts, together
from bedside.grounding._check_done import causes, done
from bedside.grounding._check_figures import numbers
from bedside.grounding._check_levels import levels
from bedside.grounding._check_marks import marks
from bedside.grounding._check_siblings import siblings
from bedside.grounding._check_status import status
from bedside.grounding._check_when import when
from bedside.grounding._check_words import words
from bedside.grounding._claims import Reading, Sentence
from bedside.grounding._features import Features
from bedside.grounding._pair import Pair

CHECKS = (words, numbers, contexts, together, marks, levels, siblings, status, when, done, causes)


@dataclass(frozen=True)
class Comparison:
    """The features of a sentence, its evidence (best first), how many things it claims, and its `feature:words`."""

    features: Features
    evidence: tuple[Sentence, ...]
    claims: int
    notes: tuple[str, ...] = field(default=(), repr=False)


def compare(said: Reading, chart: Reading) -> Comparison:
    """Compare one sentence, read as a whole, with a chart.

    >>> from bedside.grounding._reading import read
    >>> compare(read("Left knee pain.", whole=True), read("c/o right knee pain.")).features.side
    1.0
    """
    pair = Pair(said, chart)
    features = Features()
    notes = [note for check in CHECKS for note in check(pair)]
    for note in notes:
        setattr(features, note.feature, getattr(features, note.feature) + note.amount)
    own = pair.sentence
    because = tuple(f"{note.feature}:{said.text[note.start : note.end]}" for note in notes if note.end)
    return Comparison(features, pair.evidence, len(own.claims) + len(own.figures) + len(own.marks), because)
