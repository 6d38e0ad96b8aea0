"""What a model says of one text: labels, entities, relations, a ranking, a number, times, an excerpt, a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
