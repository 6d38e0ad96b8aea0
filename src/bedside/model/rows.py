"""Rows as a model is fitted on, measured on and asked about, one entry of each list a row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bedside.formats._base import Problem
from bedside.model.given import NOTHING, Given

Remark = tuple[str, int | str, str]
"""Something found in training rows that is told and kept: its name, what was found, and what follows from it."""


@dataclass(frozen=True)
class Labelled:
    """Labelled rows in file order.

    `labels` holds what each row is to be answered with, as its head has it: label names, entities, numbers. `head` is
    the one asked for, or the one that the labels call for. `refused` tells every row left out.
    """

    texts: list[str] = field(repr=False)
    given: list[Given] = field(repr=False)
    labels: list[tuple[Any, ...]] = field(repr=False)
    patients: list[str] = field(repr=False)
    ids: list[str] = field(repr=False)
    places: list[str]
    refused: list[Problem]
    head: str

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, keep: list[int]) -> Labelled:
        """The rows at these positions; what was refused stays on record."""
        return replace(
            self,
            texts=[self.texts[row] for row in keep],
            given=[self.given[row] for row in keep],
            labels=[self.labels[row] for row in keep],
            patients=[self.patients[row] for row in keep],
            ids=[self.ids[row] for row in keep],
            places=[self.places[row] for row in keep],
        )


@dataclass(frozen=True)
class Unlabelled:
    """A row to be answered; `problem` says why it cannot be, and then there is no text."""

    id: str
    text: str = field(default="", repr=False)
    given: Given = NOTHING
    problem: Problem | None = None
