"""What a consultation is made of: sentences with their citations, what was asked, and the answer as it goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bedside.types import Finding, Passage

if TYPE_CHECKING:
    from bedside.emergency import Emergency

Audience = Literal["patient", "clinician"]
Reason = Literal[
    "", "empty", "out_of_scope", "not_in_library", "not_this_aspect", "weak", "nothing_quotable", "guarded"
]
"""Why there is no answer; empty where there is one."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence as a passage has it, and the ids of the passages that do."""

    sentence: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Focus:
    """What a question asks of what: kinds such as "symptoms", and the words of its topic, weighed by rarity."""

    kinds: tuple[str, ...]
    topic: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, and the chance that it does (0 to 1); `features` is what that was told from."""

    passage: Passage
    chance: float
    topic: float
    kind: str
    features: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A hard word of the answer in plain words, and where those are from."""

    term: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Warning:
    """What this person has to mind: `text` in the user's language, what it rests on, and its source.

    `because` names the fact; `entries` are the chart's own ids of it, none where the question said it. `id` is the row
    of the table or the id of the passage. `level` is avoid or caution.
    """

    text: str
    because: str
    citation: str
    entries: tuple[str, ...] = ()
    id: str = ""
    level: str = "caution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """An answer out of the library, or why there is none; `passages` are what it rests on, or the nearest there were.

    `question` is without identity. `findings` are what the guards found in the answer. `support` is the
    chance that the best passage answers the question.
    """

    question: str
    lang: str
    focus: Focus
    answer: tuple[Cited, ...] = ()
    reason: Reason = ""
    passages: tuple[Candidate, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    warnings: tuple[Warning, ...] = ()
    explanations: tuple[Explained, ...] = ()
    support: float = 0.0
    dropped: int = 0
    findings: tuple[Finding, ...] = ()
    foreign: bool = field(default=False)

    @property
    def abstained(self) -> bool:
        """Whether there is no answer."""
        return not self.answer
