"""What the guard is told of a patient and a proposal, what it finds, and what becomes of the proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bedside.types.chart import Sex, Span

Severity = Literal["info", "warning", "critical"]
"""How much a finding weighs; a critical one blocks."""

Outcome = Literal["allow", "warn", "block", "out_of_scope", "emergency"]
"""What becomes of a proposal."""

PRECEDENCE: tuple[Outcome, ...] = ("emergency", "block", "out_of_scope", "warn", "allow")
"""The first of these that any finding asks for is the verdict."""

UNCHECKED = "unchecked."
"""How the rule of a finding begins that says that a guard could not be asked."""


@dataclass(frozen=True, slots=True)
class Allergy:
    """A substance that a patient does not bear, and what it did ("rash", "anaphylaxis")."""

    substance: str = field(repr=False)
    reaction: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Lab:
    """One measured value of a patient, and when it was measured; of one name there may be several.

    `loinc` is the code of what was measured, where a record system gave one.
    """

    name: str
    value: float | str = field(repr=False)
    unit: str = ""
    time: str | None = field(default=None, repr=False)
    loinc: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a patient when something is proposed; None and empty mean "not said", never "no"."""

    age_years: float | None = None
    sex: Sex = "unknown"
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    allergies: Sequence[Allergy] = field(default=(), repr=False)
    conditions: Sequence[str] = field(default=(), repr=False)
    medications: Sequence[str] = field(default=(), repr=False)
    labs: Sequence[Lab] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A text that a model or a person would put before a reader, and what it is about.

    `text` is what is proposed; `question` is what was asked, where something was; `lang` is the language of `text`, and
    `reader` that of who is told what rules find (None: the same).
    `evidence` are the texts it may rest on: the chart's words, the cited passages; empty where nobody gave any.
    """

    text: str = field(repr=False)
    lang: Literal["en", "zh"] = "en"
    facts: Facts = field(default_factory=Facts)
    question: str = field(default="", repr=False)
    evidence: Sequence[str] = field(default=(), repr=False)
    reader: Literal["en", "zh"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a guard has to say: by which rule, how grave, why (in the user's language), and on whose word.

    `outcome` is what the finding asks for where its severity does not say it all (an emergency, out of scope);
    `spans` are the words of the proposal it rests on, code points, end exclusive.
    """

    rule: str
    severity: Severity
    reason: str = field(repr=False)
    source: str
    outcome: Outcome | None = None
    spans: tuple[Span, ...] = ()

    @property
    def asks(self) -> Outcome:
        """What this finding alone would make of the proposal.

        >>> Finding(rule="x", severity="critical", reason="", source="").asks
        'block'
        """
        by_severity: dict[Severity, Outcome] = {"info": "allow", "warning": "warn", "critical": "block"}
        return self.outcome or by_severity[self.severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a proposal, and every finding that led there, gravest first; `ms` is the time of each guard."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    ms: dict[str, float] = field(default_factory=dict)


def verdict(findings: Sequence[Finding]) -> Verdict:
    """The verdict that findings lead to: the first in `PRECEDENCE` that any of them asks for.

    >>> verdict([]).outcome
    'allow'
    """
    ranked = tuple(sorted(findings, key=lambda one: PRECEDENCE.index(one.asks)))
    return Verdict(outcome=ranked[0].asks if ranked else "allow", findings=ranked)
