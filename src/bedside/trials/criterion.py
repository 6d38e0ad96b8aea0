"""What a criterion of a trial comes to: conditions that can be computed, and the words that could not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "age", "sex", "pregnancy", "diagnosis", "finding", "medicine", "procedure", "measurement", "allergy", "status"
]
"""What a condition asks of a chart; `status` is a graded scale (ECOG, NYHA, Child-Pugh)."""
Op = Literal["present", "absent", "<", "<=", ">", ">=", "=", "between"]
Side = Literal["include", "exclude"]
Verdict = Literal["met", "not met", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that can be looked up in a chart, with the words it came from.

    `concept` is the normalised name ("haemoglobin", "type 2 diabetes"), `codes` what it was linked to
    ("HP:0001903", "ICD10:E11", "LOINC:718-7"). Numbers are `low` and `high` in `unit`; `times` says of what a bound is
    a multiple ("ULN", "LLN"), "" for a plain number. `within_days` is the window before today (None: ever). `start`
    and `end` are code points in the criterion's text, end exclusive; `also` are the other stretches that say something
    of it (a denial, a window, an exception). `qualifiers` narrow it ("severe", "uncontrolled", "current", "planned"):
    a chart that has the bare concept has not yet met it, one that lacks the bare concept lacks this too.
    """

    kind: Kind
    concept: str
    op: Op
    start: int
    end: int
    codes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    times: str = ""
    within_days: float | None = None
    qualifiers: tuple[str, ...] = ()
    also: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One eligibility criterion of a trial.

    `groups` are to hold all; of a group's conditions any one is enough. For an exclusion they say what excludes.
    `unparsed` are the stretches of the text that no condition stands for: while there is one, the criterion's verdict
    is never better than unknown.
    """

    id: str
    trial: str
    side: Side
    text: str
    category: str = ""
    groups: tuple[tuple[Condition, ...], ...] = ()
    unparsed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An entry of a chart that a verdict rests on: which, where in the file, what it says, and how long before today.

    `said` holds the words or the value; it is text of a chart without identity. `weight` is for, against, or open.
    """

    entry: str
    place: str = ""
    said: str = field(default="", repr=False)
    days_before: int | None = None
    weight: Literal["for", "against", "open"] = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A criterion against a chart: the verdict on the patient, the chart's entries behind it, and what to ask.

    `verdict` is of eligibility: an exclusion that applies is "not met". Of an unknown one `likely` says which way the
    chart leans, "" for neither; `none_found` tells "the chart does not mention it" from evidence that does not decide.
    `asks` are the things to ask for, by kind and concept; `note` says a rule that was used.
    """

    criterion: Criterion
    verdict: Verdict
    likely: Literal["met", "not met", ""] = ""
    none_found: bool = False
    evidence: tuple[Evidence, ...] = ()
    asks: tuple[Condition, ...] = ()
    note: str = ""
