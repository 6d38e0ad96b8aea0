"""The form of a head's answers, and all that follows from it: how rows are read for it, and what outputs mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.model.calibration import Calibration, Floats
from bedside.model.engine import Outputs
from bedside.model.inputs import Encoded, Identity
from bedside.model.rows import Labelled
from bedside.types import Answer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Targets = NDArray[np.int64] | list[NDArray[np.int64]]
"""What the network is to say: label numbers [n], marks [n, labels], or tags of a piece's tokens, piece by piece."""


class Form(Protocol):
    """One of `model/form_*.py`."""

    @property
    def scores(self) -> tuple[str, ...]:
        """The dev figures that may decide which epoch is kept, the usual one first."""
        ...

    def names(self, labels: Sequence[Any]) -> tuple[str, ...]:
        """The label names (or entity types) in the rows' labels, in the order of the outputs."""
        ...

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """The rows without identity; entities move with their texts."""
        ...

    def encode(self, tokenizer: Tokenizer, texts: Sequence[str], tokens: Sequence[Any], **limits: Any) -> Encoded:
        """Texts as token ids; `tokens` are the places of those that came as tokens."""
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

    def surest(self, answer: Any) -> Floats:
        """The probabilities that stand behind an answer; a model that gives what is no number has failed."""
        ...

    def agree(self, one: Any, other: Any) -> bool:
        """Whether two answers to a text say the same."""
        ...

    def change(self, one: Any, other: Any) -> float:
        """The largest difference of a probability between two answers to a text."""
        ...


def form_of(head: str) -> Form:
    """The form of a head's answers."""
    from bedside.model.form_entities import EntityForm
    from bedside.model.form_labels import LabelForm

    return EntityForm() if head == "tag" else LabelForm(head)
