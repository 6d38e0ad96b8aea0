"""What reaches the clinician: advice with the passages it rests on, nothing to say, an abstention, or a failure."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.types.answer import Answer
from bedside.types.chart import Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a knowledge source, with the citation it must be shown with.

    `id` names what the passage says and stays while that does; `item` is the document's own id in its source, and
    `start` and `end` where the passage stands in the document's text. `status` is current, or what became of it:
    superseded, retracted or withdrawn; `replaced_by` is the document in its place.
    """

    text: str
    citation: str
    source: str
    version: str
    licence: str = ""
    id: str = ""
    item: str = ""
    title: str = ""
    heading: str = ""
    url: str = ""
    start: int = 0
    end: int = 0
    score: float = 0.0
    status: str = "current"
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something to say to a clinician: a prediction, what it rests on, and its limits. The clinician decides.

    `guards` are the rules that guards found to hold of it, for the audit. `possible` are the labels of which one is
    right at the coverage stated, None where there are no such sets; `doubts` are reasons to ask a person before the
    prediction is used.
    """

    prediction: Answer
    evidence: tuple[Passage | Span, ...] = ()
    limits: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    possible: tuple[str, ...] | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NothingToSay:
    """The model was asked, ran, and has nothing worth a clinician's attention."""


@dataclass(frozen=True, slots=True)
class Abstained:
    """A guard, or the model's own doubt, held the answer back; the reason is for the reader, `guards` for the audit.

    `doubted`: it was doubt: there is an answer, and a person is to give his own.
    """

    reason: str
    guards: tuple[str, ...] = ()
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Something broke. Never shown as an empty answer; the id leads to the log line."""

    error_id: str


Decision = Advice | NothingToSay | Abstained | Failed
