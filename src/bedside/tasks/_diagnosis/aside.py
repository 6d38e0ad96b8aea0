"""What stands beside a ranking, worked out once for all views: tests, the other engines' answers, and fused lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.knowledge._ranker import Ranker
from bedside.knowledge._workup import By, Suggested, workup
from bedside.tasks._diagnosis.answer import Candidate
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._diagnosis.written import MixedAnswer, WrittenAnswer

SHOWN = 10
"""Labels of one case that are told."""
TESTS = 5
SEPARATED = 10
"""How many leading candidates a test should separate."""


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """The local model's labels with calibrated chances, the likeliest first; or why it gives none.

    `abstained` is the model's own doubt and `failed` the id of a fault: never an empty answer. `name` is the model's.
    """

    chances: tuple[tuple[str, float], ...] = ()
    limits: tuple[str, ...] = ()
    abstained: str = ""
    failed: str = ""
    name: str = ""

    def told(self) -> dict[str, Any]:
        """Plain JSON: `local`, and beside it what else there is to know."""
        ranking = [{"label": label, "probability": chance} for label, chance in self.chances[:SHOWN]]
        also = {"local_limits": list(self.limits), "local_abstained": self.abstained, "local_failed": self.failed}
        return {"local": ranking, **{name: value for name, value in also.items() if value}}


@dataclass(frozen=True, slots=True)
class FusedLabel:
    """One label with its fused chance, and the likeliest diseases behind it: id, name, chance."""

    label: str
    probability: float
    diseases: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FusedAnswer:
    """Both engines as one over the site's labels; `share` is the local model's weight, fitted on `cases`."""

    labels: tuple[FusedLabel, ...] = ()
    abstained: str = ""
    share: float = 0.0
    cases: int = 0

    def told(self) -> dict[str, Any]:
        """Plain JSON: `fused`; why not, where the model is silent."""
        if not self.labels:
            return {"fused": [], "fused_abstained": self.abstained}
        return {
            "fused": [
                {
                    "label": one.label,
                    "probability": one.probability,
                    "diseases": [{"id": id, "label": name, "probability": p} for id, name, p in one.diseases],
                }
                for one in self.labels
            ]
        }


@dataclass(frozen=True, slots=True)
class Aside:
    """All that stands beside one ranking; None for an engine that was not asked."""

    tests: tuple[Suggested, ...] = ()
    local: LocalAnswer | None = None
    fused: FusedAnswer | None = None
    written: WrittenAnswer | None = None
    mixed: MixedAnswer | None = None

    def engines(self) -> dict[str, Any]:
        """What the engines answered, as plain JSON."""
        parts = [one.told() for one in (self.local, self.fused, self.written, self.mixed) if one is not None]
        return {name: value for part in parts for name, value in part.items()}


@dataclass(frozen=True, slots=True)
class Twins:
    """Candidates of one series or gene: their places in the list, from 1, and their chances together."""

    group: str
    of_gene: bool
    places: tuple[int, ...]
    probability: float


def twins(shown: Sequence[Candidate]) -> tuple[Twins, ...]:
    """The near twins among the candidates that a view shows, in the order of their first."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(shown, 1):
        if one.group:
            places.setdefault(one.group, []).append(place)
    return tuple(
        Twins(
            group,
            all(group in shown[place - 1].genes for place in found),
            tuple(found),
            sum(shown[place - 1].probability for place in found),
        )
        for group, found in places.items()
        if len(found) > 1
    )


def suggest(
    ranker: Ranker, case: DiagnosisCase, ranking: Sequence[Candidate], *, asked: Sequence[str] = (), by: By = "gain"
) -> tuple[Suggested, ...]:
    """The tests to do next; findings that were `asked` for are not looked for again."""
    leading = ranking[:SEPARATED]
    numbers = [ranker.hpo.disease_number[one.id] for one in leading]
    weights = np.array([one.probability for one in leading]) + 1e-12
    skip = [ranker.hpo.number[id] for id in asked if id in ranker.hpo.number]
    return tuple(workup(ranker, case.findings, numbers, weights, most=TESTS, by=by, skip=skip))
