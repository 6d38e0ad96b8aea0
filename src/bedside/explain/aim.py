"""What of an answer is explained: a label's log-odds, or the value expected; asked of texts, and of the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.calibration import softmax
from bedside.model.forms import FORMS
from bedside.model.given import Given

Array = NDArray[np.float64]
VALUE = "value"
"""What stands in place of a label where a number is explained."""

_EXPLAINED = ("labels", "score")


class Aim(Protocol):
    """A label, or the value expected."""

    @property
    def name(self) -> str:
        """The label; `VALUE`."""
        ...

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """What people are told for each text, or pair of texts: a probability, or a value [n]."""
        ...

    def scale(self, figures: Array) -> Array:
        """The same where shares add up: log-odds, or the value [n]."""
        ...

    def of_outputs(self, logits: Any) -> Any:
        """The same from the network's outputs [s, k], as a tensor [s]."""
        ...


@dataclass(frozen=True)
class LabelAim:
    """A label's log-odds: against all other labels, or by itself where a text may have several."""

    name: str
    number: int
    alone: bool

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """The label's probabilities."""
        found: Array = np.asarray(model.probabilities(*given(asked))[:, self.number], np.float64)
        return found

    def scale(self, figures: Array) -> Array:
        """Log-odds."""
        chances = np.clip(figures, 1e-7, 1 - 1e-7)
        odds: Array = np.log(chances / (1 - chances))
        return odds

    def of_outputs(self, logits: Any) -> Any:
        """Log-odds."""
        import torch

        if self.alone:
            return logits[:, self.number]
        others = [k for k in range(logits.shape[1]) if k != self.number]
        return logits[:, self.number] - torch.logsumexp(logits[:, others], dim=1)


@dataclass(frozen=True)
class ValueAim:
    """The number that is expected: of levels their mean by probability, else the first output."""

    levels: tuple[float, ...]
    temperature: float
    name: str = VALUE

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """Expected values."""
        logits = np.asarray(model.logits(*given(asked)), np.float64)
        found: Array = softmax(logits / self.temperature) @ np.array(self.levels) if self.levels else logits[:, 0]
        return found

    def scale(self, figures: Array) -> Array:
        """As they are."""
        return figures

    def of_outputs(self, logits: Any) -> Any:
        """Expected values."""
        import torch

        if not self.levels:
            return logits[:, 0]
        levels = torch.tensor(self.levels, dtype=logits.dtype, device=logits.device)
        return torch.softmax(logits / self.temperature, dim=1) @ levels


def aim_of(model: Any, texts: Sequence[str], label: str | None = None) -> Aim:
    """What is to be explained of the answer to `texts`; the model's own label unless one is named.

    Raises UsageError for a label that is not there.
    """
    if FORMS[model.head] == "score":
        if label not in (None, VALUE):
            raise UsageError(tr("a score has no labels", "评分没有标签"), where="--label", value=label, allowed=[VALUE])
        levels = () if model.head == "continuous" else tuple(map(float, model.labels))
        return ValueAim(levels, model.calibration.temperature)
    if label is not None and label not in model.labels:
        raise UsageError(tr("the model has no such label", "模型没有该标签"), value=label, allowed=model.labels)
    number = int(np.argmax(model.probabilities(*given([texts]))[0])) if label is None else model.labels.index(label)
    return LabelAim(model.labels[number], number, model.head == "multilabel")


def refuse_unexplained(model: Any) -> None:
    """UsageError for a head whose answers are neither labels nor numbers."""
    if FORMS[model.head] not in _EXPLAINED:
        raise UsageError(
            tr("answers of this head cannot be explained", "不支持解释该输出层的答案"),
            value=model.head,
            allowed=[head for head, form in FORMS.items() if form in _EXPLAINED and head != "score"],
        )


def given(asked: Sequence[Sequence[str]]) -> tuple[Any, ...]:
    """Texts, and where there are pairs what stands beside each, as a model takes them."""
    texts = [one[0] for one in asked]
    return (texts, [Given(second=one[1]) for one in asked]) if len(asked[0]) > 1 else (texts,)
