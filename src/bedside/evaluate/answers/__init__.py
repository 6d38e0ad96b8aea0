"""Answers to many rows side by side, whatever their form: measured, pooled over folds, and what was misread in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from bedside.evaluate.bootstrap import Ints
from bedside.evaluate.metrics import Evaluation
from bedside.model.forms import FORMS
from bedside.types import Answer


class Answers(Protocol):
    """What a model, or a baseline, says of n rows."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names it may answer with."""
        ...

    def __len__(self) -> int: ...

    def measure(
        self,
        truths: Sequence[Any],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """Measured against each row's labels, or entities."""
        ...

    def take(self, rows: Ints) -> Answers:
        """Those to some of the rows."""
        ...

    def joined(self, others: Sequence[Any], labels: Sequence[str]) -> Answers:
        """With those of other folds behind, over all `labels`; one that a fold did not know gets probability 0."""
        ...

    def misread(self, truths: Sequence[Any], texts: Sequence[str] | None) -> list[tuple[int, str, str, float]]:
        """(row, truth, answer, confidence) of each wrong answer; in words of the texts only if these are given."""
        ...


def kind_of(head: str) -> Any:
    """The file that gathers and rivals a head's answers: one of this folder.

    >>> kind_of("tag").headline("tag", 2)[0]
    'entity_f1'
    """
    return import_module(f"bedside.evaluate.answers.{FORMS[head]}")


def gathered(head: str, labels: Sequence[str], answers: Iterable[Answer]) -> Answers:
    """Answers one by one as a column."""
    found: Answers = kind_of(head).gather(head, tuple(labels), answers)
    return found


def pooled(parts: Sequence[tuple[Ints, Answers]], labels: Sequence[str]) -> Answers:
    """Answers to parts of the rows as one column, in row order."""
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    first, *others = [answers for _, answers in parts]
    return first.joined(others, labels).take(order)
