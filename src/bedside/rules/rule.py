"""What a rule is: when it holds of a patient and a proposal, how grave that is, why, on whose word, its own cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from bedside.rules._expression import Expression
from bedside.types.verdict import Outcome, Proposal, Severity

Kind = Literal[
    "allergy",
    "interaction",
    "renal",
    "hepatic",
    "pregnancy",
    "lactation",
    "paediatric",
    "geriatric",
    "qt",
    "duplicate",
    "dose",
    "disease",
    "procedure",
    "lab",
    "sex_age",
    "scope",
    "self_harm",
    "red_flag",
]
"""What a rule is about."""

KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Said:
    """The same words in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal about a patient, at which its rule must speak (`fires`) or be silent."""

    proposal: Proposal = field(repr=False)
    fires: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of clinicians; `file` is where it is written, for whoever is to mend it."""

    id: str
    kind: Kind
    title: Said
    when: Expression
    severity: Severity
    reason: Said
    source: str
    year: int
    outcome: Outcome | None = None
    cases: tuple[Case, ...] = field(default=(), repr=False)
    file: str = ""
