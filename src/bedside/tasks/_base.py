"""A task: one clinical question, what it may be used for, and how charts become examples of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bedside.types import Chart, Example


@dataclass(frozen=True, kw_only=True)
class Task:
    """A clinical question as a declaration: adding one is adding one file in this folder.

    `build` reads scrubbed charts one by one and yields examples; `features` names the numbers a baseline may use.
    """

    name: str
    question: tuple[str, str]
    intended_use: tuple[str, str]
    not_for: tuple[str, str]
    head: str
    labels: tuple[str, ...]
    features: tuple[str, ...]
    metrics: tuple[str, ...]
    build: Callable[[Iterable[Chart]], Iterator[Example]]
