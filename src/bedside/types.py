"""The values everything is built from: charts, examples, predictions, estimates and decisions.

Frozen, without behaviour that needs a clock, a disk or a device. Two of them carry the rules of the house:
`RawChart` may hold identity and its repr never shows it; a bare number is never a metric, an `Estimate` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Sex = Literal["male", "female", "other", "unknown"]
LARGEST_SEED = 2**32 - 1
"""What every library that draws by a seed takes; the least is 0."""


@dataclass(frozen=True, slots=True)
class Code:
    """A concept in a terminology, e.g. `Code("http://loinc.org", "718-7", "Hemoglobin")`."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a thing was read: the file's name and a place in it ("line 12", "Bundle.entry[3]", "page 2")."""

    file: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something known to identify the patient, read from a structured field; `type` is one of `IDENTITY_TYPES`."""

    type: str
    value: str = field(repr=False)


IDENTITY_TYPES = (
    "NAME",
    "STAFF",
    "HOSPITAL",
    "ORG",
    "ADDRESS",
    "DATE",
    "AGE_OVER_89",
    "PHONE",
    "EMAIL",
    "ID",
    "ACCOUNT",
    "LICENSE_PLATE",
    "URL",
    "WECHAT/QQ",
    "BED/ROOM",
)
"""The kinds of identity that are found and removed, in both languages."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, code points, end exclusive."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a chart, in FHIR's kinds (Condition, Observation, DocumentReference, ...).

    `time` is ISO 8601, as precise as the source was: "2024", "2024-03", "2024-03-05", "2024-03-05T10:00:00+08:00".
    """

    id: str
    kind: str
    text: str = field(default="", repr=False)
    time: str | None = field(default=None, repr=False)
    codes: tuple[Code, ...] = ()
    value: float | str | None = field(default=None, repr=False)
    unit: str | None = None
    origin: Origin = Origin("")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawChart:
    """One patient as read. May hold identity: its repr shows counts only; only `deid.scrub` takes it further."""

    patient: str = field(repr=False)
    sex: Sex = "unknown"
    birth_date: str | None = field(default=None, repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"RawChart(entries={len(self.entries)})"


@dataclass(frozen=True, slots=True)
class DeidReport:
    """What was removed: how many spans of each type, by which policy and version."""

    policy: str
    version: str
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One patient without identity. Only `deid.scrub` makes one: dates shifted, intervals kept, ages capped at 90."""

    patient: str
    sex: Sex
    age_years: float | None
    entries: tuple[Entry, ...]
    deid: DeidReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a task makes out of a chart, a table row or an article: inputs by name, and the answer if there is one.

    `features` are numbers a simple baseline may use beside the text-reading model (ratings, sizes); `subgroup` names
    the groups a figure is also reported for.
    """

    id: str
    patient: str
    inputs: Mapping[str, str] = field(repr=False)
    target: Any = None
    site: str | None = None
    time: str | None = None
    subgroup: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A stretch of a text that means something: code points, end exclusive; `probability` is 1 where it was marked."""

    start: int
    end: int
    type: str
    probability: float = field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A model's answer: the label (or labels), and a calibrated probability for each label the model knows."""

    label: str | tuple[str, ...]
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Tagging:
    """A model's answer: the entities it finds in a text, in order."""

    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """What one entity of a text is to another; where not `directed`, which of the two is the head says nothing."""

    head: Entity
    tail: Entity
    type: str
    probability: float = field(default=1.0, compare=False)
    directed: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Relating:
    """A model's answer: the relations it finds, in order; `too_far` pairs stand too far apart to be read together."""

    relations: tuple[Relation, ...] = ()
    too_far: int = 0


@dataclass(frozen=True, slots=True)
class Survival:
    """A model's answer: the chance that the event has not come by each of `times`, from 1 at time 0; times ascend.

    Times are in the unit of the data. `risk` orders texts, the higher the earlier; `horizons` are the times to tell of.
    """

    risk: float
    times: tuple[float, ...] = ()
    chances: tuple[float, ...] = ()
    horizons: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A model's answer: the stretch of a text that answers a question; one without length: the text does not.

    Code points, end exclusive; `text` is what stands there once identity has been removed.
    """

    start: int = 0
    end: int = 0
    text: str = field(default="", repr=False)
    probability: float = 1.0

    def __bool__(self) -> bool:
        return self.end > self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A model's answer: a number, the interval that holds nine of ten true ones, and of levels a probability each."""

    value: float
    low: float
    high: float
    probabilities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A model's answer: a text it wrote, a draft for a clinician to check.

    `probability` is the geometric mean over its pieces. A text broken off at the longest length is not `whole`.
    `refused` says why there is none to show, and then `text` is empty.
    """

    text: str = field(default="", repr=False)
    probability: float = 1.0
    whole: bool = True
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document as an answer names it, and how near it is to the question (cosine, -1 to 1)."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """A model's answer: the documents for a question, the best first."""

    documents: tuple[Ranked, ...] = ()


Answer = Prediction | Tagging | Relating | Ranking | Score | Survival | Excerpt | Written
"""What a model says of one text, by the form of its head."""


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
class Estimate:
    """A figure with its uncertainty: interval, how many rows and patients it rests on, the method and the seed."""

    value: float
    low: float
    high: float
    n: int
    n_patients: int
    method: str
    seed: int | None = None
    level: float = 0.95

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """A figure that the data cannot give, and why (one class only, too few patients, ...). Never a 0 in disguise."""

    reason: str
    n: int = 0
    n_patients: int = 0

    def __str__(self) -> str:
        return f"undefined ({self.reason})"


Figure = Estimate | Undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something to say to a clinician: a prediction, what it rests on, and its limits. The clinician decides."""

    prediction: Answer
    evidence: tuple[Passage | Span, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NothingToSay:
    """The model was asked, ran, and has nothing worth a clinician's attention."""


@dataclass(frozen=True, slots=True)
class Abstained:
    """A guard, or the model's own doubt, held the answer back; the reason is for the reader."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something broke. Never shown as an empty answer; the id leads to the log line."""

    error_id: str


Decision = Advice | NothingToSay | Abstained | Failed


def today_years(birth: date, on: date) -> int:
    """Whole years from `birth` to `on`, as a clinician counts age.

    >>> today_years(date(1950, 3, 2), date(2020, 3, 1))
    69
    """
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
