"""What speaks against a sentence, as numbers that weights are learnt for."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass
class Features:
    """What speaks against a sentence: counts, and one share (`share_missing`, 0 to 1)."""

    missing_finding: float = 0.0
    missing_body: float = 0.0
    missing_test: float = 0.0
    missing_care: float = 0.0
    missing_word: float = 0.0
    missing_drug: float = 0.0
    missing_plain: float = 0.0
    missing_act: float = 0.0
    partial: float = 0.0
    elsewhere: float = 0.0
    share_missing: float = 0.0
    figure_missing: float = 0.0
    figure_conflict: float = 0.0
    figure_elsewhere: float = 0.0
    figure_swapped: float = 0.0
    figure_apart: float = 0.0
    polarity: float = 0.0
    word_denied: float = 0.0
    opposite: float = 0.0
    person: float = 0.0
    certainty: float = 0.0
    allergy: float = 0.0
    side: float = 0.0
    mark_conflict: float = 0.0
    mark_missing: float = 0.0
    side_missing: float = 0.0
    sex: float = 0.0
    cause: float = 0.0


CONFLICTS = ("figure_conflict", "polarity", "opposite", "person", "allergy", "side", "mark_conflict", "sex")
"""Features that say that the chart speaks against a sentence, where others say that it is silent."""
NAMES = tuple(one.name for one in fields(Features))
