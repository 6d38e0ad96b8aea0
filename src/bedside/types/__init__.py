"""The values everything is built from: charts, examples, predictions, estimates and decisions, one file a kind.

Frozen, without behaviour that needs a clock, a disk or a device. Two of them carry the rules of the house:
`RawChart` may hold identity and its repr never shows it; a bare number is never a metric, an `Estimate` is.
"""

from bedside.types.answer import (
    Answer,
    Entity,
    Excerpt,
    Prediction,
    Ranked,
    Ranking,
    Relating,
    Relation,
    Score,
    Survival,
    Tagging,
    Written,
)
from bedside.types.chart import (
    IDENTITY_TYPES,
    Chart,
    Code,
    DeidReport,
    Entry,
    Example,
    Identifier,
    Origin,
    RawChart,
    Sex,
    Span,
    today_years,
)
from bedside.types.decision import Abstained, Advice, Decision, Failed, NothingToSay, Passage
from bedside.types.estimate import LARGEST_SEED, Estimate, Figure, Undefined
from bedside.types.verdict import Allergy, Facts, Finding, Lab, Outcome, Proposal, Severity, Verdict, verdict

__all__ = [
    "IDENTITY_TYPES",
    "LARGEST_SEED",
    "Abstained",
    "Advice",
    "Allergy",
    "Answer",
    "Chart",
    "Code",
    "Decision",
    "DeidReport",
    "Entity",
    "Entry",
    "Estimate",
    "Example",
    "Excerpt",
    "Facts",
    "Failed",
    "Figure",
    "Finding",
    "Identifier",
    "Lab",
    "NothingToSay",
    "Origin",
    "Outcome",
    "Passage",
    "Prediction",
    "Proposal",
    "Ranked",
    "Ranking",
    "RawChart",
    "Relating",
    "Relation",
    "Score",
    "Severity",
    "Sex",
    "Span",
    "Survival",
    "Tagging",
    "Undefined",
    "Verdict",
    "Written",
    "today_years",
    "verdict",
]
