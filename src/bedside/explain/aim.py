"""What of an answer is explained: a label's log-odds, the value expected; others are in `explain/aim_<form>.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.calibration import softmax
from bedside.model.forms import FORMS
from bedside.model.given import Given
from bedside.types import Entity

Array = NDArray[np.float64]
VALUE = "value"
"""What stands in place of a label where a number is explained."""

OWN_FILE = ("entities", "relations", "excerpts", "survival", "ranking", "texts")
"""Forms of answers whose aim is in `explain/aim_<form>.py`, as `aim_of(model, texts, label, entities)`."""


class Aim(Protocol):
    """A label, the value expected, or what else there is to explain."""

    @property
    def name(self) -> str:
        """The label; `VALUE`; what is found in the text."""
        ...

    @property
    def how(self) -> str:
        """What is taken from a text to see what becomes of the answer: see `explain/words.py`."""
        ...

    @property
    def chance(self) -> bool:
        """Whether its figures are probabilities."""
        ...

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """What people are told for each text, or pair of texts: a probability, or a value [n]."""
        ...

    def scale(self, figures: Array) -> Array:
        """The same where shares add up: log-odds, or the value [n]."""
        ...


@runtime_checkable
class DifferentiableAim(Aim, Protocol):
    """An aim that the network's outputs for a text decide alone, so that gradients lead back from it to the words."""

    def of_outputs(self, logits: Any) -> Any:
        """What `scale` gives, from the network's outputs [s, k], as a tensor [s]."""
        ...


@dataclass(frozen=True)
class LabelAim:
    """A label's log-odds: against all other labels, or by itself where a text may have several."""

    name: str
    number: int
    alone: bool
    how = "word"
    chance = True

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """The label's probabilities."""
        found: Array = np.asarray(model.probabilities(*given(asked))[:, self.number], np.float64)
        return found

    def scale(self, figures: Array) -> Array:
        """Log-odds."""
        return log_odds(figures)

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
    how = "word"
    chance = False

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


def aim_of(model: Any, texts: Sequence[str], label: str | None = None, entities: Sequence[Entity] = ()) -> Aim:
    """What is to be explained of the answer to `texts`; the model's own label unless one is named.

    `entities` are those to be related. Raises UsageError for a label that is not there, or not found in the text.
    """
    if FORMS[model.head] in OWN_FILE:
        made: Aim = import_module(f"bedside.explain.aim_{FORMS[model.head]}").aim_of(model, texts, label, entities)
        return made
    if FORMS[model.head] == "score":
        if label not in (None, VALUE):
            raise UsageError(tr("a score has no labels", "评分没有标签"), where="--label", value=label, allowed=[VALUE])
        levels = () if model.head == "continuous" else tuple(map(float, model.labels))
        return ValueAim(levels, model.calibration.temperature)
    if label is not None and label not in model.labels:
        raise UsageError(tr("the model has no such label", "模型没有该标签"), value=label, allowed=model.labels)
    number = int(np.argmax(model.probabilities(*given([texts]))[0])) if label is None else model.labels.index(label)
    return LabelAim(model.labels[number], number, model.head == "multilabel")


def log_odds(figures: Array) -> Array:
    """Of probabilities; those of 0 and 1 count as very nearly so."""
    chances = np.clip(figures, 1e-7, 1 - 1e-7)
    odds: Array = np.log(chances / (1 - chances))
    return odds


def surest(found: Sequence[Any], label: str | None, names: Sequence[str]) -> Any:
    """Of what was found in a text the most probable, of the type `label` where one is named; UsageError for nothing."""
    if label is not None and label not in names:
        raise UsageError(tr("the model has no such label", "模型没有该标签"), value=label, allowed=names)
    kept = [one for one in found if label in (None, one.type)]
    if not kept:
        raise UsageError(
            tr(
                "the model finds nothing of this kind in the text: nothing to explain",
                "模型未在文本中找到此类内容，无可解释",
            ),
            value=label or "-",
            allowed=sorted({one.type for one in found}) or None,
            next="bedside predict MODEL --text-value TEXT",
        )
    return max(kept, key=lambda one: one.probability)


def no_labels(label: str | None) -> None:
    """UsageError where an answer has no labels to choose from, and one was named."""
    if label is not None:
        raise UsageError(tr("this answer has no labels", "该答案没有标签"), where="--label", value=label)


def given(asked: Sequence[Sequence[str]]) -> tuple[Any, ...]:
    """Texts, and where there are pairs what stands beside each, as a model takes them."""
    texts = [one[0] for one in asked]
    return (texts, [Given(second=one[1]) for one in asked]) if len(asked[0]) > 1 else (texts,)
