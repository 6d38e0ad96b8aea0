"""What a head reads and answers, and all that follows: how rows are read for it, encoded, scored, and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe, FitRecipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats
from bedside.model.engine import Outputs
from bedside.model.given import Given
from bedside.model.inputs import Encoded, Identity
from bedside.model.moved import Moved
from bedside.model.rows import Labelled, Remark
from bedside.types import Answer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Targets = NDArray[Any] | list[NDArray[np.int64]]
"""What the network is to say: label numbers [n], marks [n, labels], numbers [n], or tags of a piece's tokens, piece by
piece; of a head that compares texts, [texts of the row, 3] a row: row, text, and grade (-1: the question)."""


class Form(Protocol):
    """One file of this folder."""

    @property
    def scores(self) -> tuple[str, ...]:
        """The dev figures that may decide which epoch is kept, the usual one first; each is better when higher."""
        ...

    @property
    def least(self) -> int:
        """How many names the training rows must hold for there to be anything to learn."""
        ...

    @property
    def two(self) -> bool:
        """Whether a row has a second text."""
        ...

    @property
    def marked(self) -> bool:
        """Whether a row gives entities beside its text."""
        ...

    @property
    def weighted(self) -> bool:
        """Whether rare names can be given more weight in the loss."""
        ...

    @property
    def pooled(self) -> bool:
        """Whether the head takes one vector a text, and not one a token."""
        ...

    @property
    def words(self) -> bool:
        """Whether each output stands for a name, and so can start at what the name means."""
        ...

    @property
    def tells(self) -> tuple[str, ...]:
        """The fields that `told` gives for every answer; null where there is none."""
        ...

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """A row's text, what it gives beside, and its label as it came; ValueError: why the row cannot be used."""
        ...

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """The same of a row without a label."""
        ...

    def labels(self, cells: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The labels that `read` gave, all rows together, as they are learnt."""
        ...

    def cells(self, text: str, given: Given, label: tuple[Any, ...]) -> dict[str, Any]:
        """A row as a table holds it, columns `text`, `label` and `text_b`; read again it is the same."""
        ...

    def names(self, labels: Sequence[Any]) -> tuple[str, ...]:
        """The label names (or entity types) in the rows' labels, in the order of the outputs."""
        ...

    def named(self, labels: Sequence[Any]) -> list[tuple[str, ...]]:
        """The names that each row bears."""
        ...

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """The rows without identity; entities move with their texts."""
        ...

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """What `encode` has to know of the training rows, kept with the model as JSON; and what is to be told."""
        ...

    def encode(self, tokenizer: Tokenizer, texts: Sequence[str], given: Sequence[Given], **limits: Any) -> Encoded:
        """Texts as token ids; `limits` are `prefix`, `max_tokens` and what was learnt."""
        ...

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """What of the training rows is learnt from, where all of it would be too much of one thing."""
        ...

    def targets(self, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Targets:
        """What the network is to say of each text, or piece of one."""
        ...

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """Fitted on tuning rows; without rows nothing is changed."""
        ...

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> Sequence[Answer]:
        """An answer a text."""
        ...

    def score(self, metric: str, labels: Sequence[Any], answers: Sequence[Any], names: Sequence[str]) -> float:
        """One of `scores`, without an interval."""
        ...

    def told(self, text: str, given: Given, answer: Any) -> dict[str, Any]:
        """An answer as a line of JSON holds it, in the form that the row came in."""
        ...

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """What was `told`, in lines for people."""
        ...

    def back(self, answer: Any, first: Moved, second: Moved) -> Any:
        """The answer with its places in the text, and second text, as they were before identity was removed."""
        ...

    def surest(self, answer: Any) -> Floats:
        """The probabilities that stand behind an answer; a model that gives what is no number has failed."""
        ...

    def agree(self, one: Any, other: Any) -> bool:
        """Whether two answers to a text say the same."""
        ...

    def change(self, one: Any, other: Any) -> float:
        """The largest difference of a probability between two answers to a text."""
        ...


FORMS = {
    "classify": "labels",
    "multilabel": "labels",
    "pair": "labels",
    "tag": "entities",
    "nested": "entities",
    "relate": "relations",
    "rank": "ranking",
    "score": "score",
    "ordinal": "score",
    "continuous": "score",
    "survive": "survival",
    "cox": "survival",
    "answer": "excerpts",
    "generate": "texts",
}
"""Which file of this folder a head's answers have."""


@runtime_checkable
class Timed(Protocol):
    """A form whose answers tell of times, which a recipe may state."""

    def at(self, names: Sequence[str], horizons: Sequence[float]) -> tuple[str, ...]:
        """The names with these horizons in place of the usual ones."""
        ...


def names_for(head: str, labels: Sequence[Any], fit: FitRecipe) -> tuple[str, ...]:
    """The names in the rows' labels, and the horizons that the recipe states; UsageError where there can be none."""
    form = form_of(head)
    names = form.names(labels)
    if fit.horizons is None:
        return names
    if not isinstance(form, Timed):
        raise UsageError(
            tr("horizons are for times to an event", "horizons 仅适用于事件时间"),
            value=f"head = {head}",
            next="--head survive",
        )
    return form.at(names, fit.horizons)


@cache
def form_of(head: str) -> Form:
    """The form of a head's answers.

    >>> form_of("tag").scores
    ('entity_f1',)
    """
    form: Form = import_module(f"bedside.model.forms.{FORMS[head]}").FORM(head)
    return form
