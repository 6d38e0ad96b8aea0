"""The whole comparison of what a model was made on with what it meets today: columns, texts, outcomes, turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bedside.cleaning.language import language_of
from bedside.drift.chances import distance_of_chances
from bedside.drift.groups import holm, two_groups
from bedside.drift.mmd import Distance, distance_of, drawn
from bedside.drift.outcomes import Outcome, outcomes
from bedside.drift.psi import Shift, shifts_of
from bedside.drift.rows import Part
from bedside.drift.turns import Turn, turns

Level = Literal["stable", "moved", "drifted"]
ALPHA = 0.01
"""A difference is believed when its corrected p lies below this: a watch that cries often is not heard."""
LITTLE = 0.1
"""Of a PSI that is believed: below it a column has moved, from it on it has drifted (Siddiqi 2006)."""
VECTORS, LENGTH, LANGUAGE = "text.vectors", "text.length", "text.language"
"""The names of what is made of texts."""
CHANCES = "probabilities"
"""The name of the chances of all labels together."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One thing that was compared: by its values' shares (`shift`) or its vectors (`distance`); p is corrected."""

    name: str
    level: Level
    p: float
    shift: Shift | None = None
    distance: Distance | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """What was compared and found; the worst level of all is that of the whole."""

    reference: tuple[int, int]
    """Rows and patients."""
    current: tuple[int, int]
    watched: tuple[Watched, ...]
    outcomes: tuple[Outcome, ...]
    turns: tuple[Turn, ...]
    seed: int

    @property
    def level(self) -> Level:
        """drifted, if anything has, or an outcome has changed; else moved, if anything has; else stable."""
        found = {one.level for one in self.watched}
        if any(one.p is not None and one.p < ALPHA for one in self.outcomes):
            return "drifted"
        return "drifted" if "drifted" in found else "moved" if "moved" in found else "stable"


def compare(
    reference: Part, current: Part, *, seed: int = 0, vectors: Callable[[Sequence[str]], Any] | None = None
) -> Drift:
    """Compare two parts; `vectors` gives the vectors of texts, where texts are to be compared by meaning.

    >>> part = Part([*"abcdef"], [""] * 6, [""] * 6, [""] * 6, [""] * 6, [{}] * 6, {"ward": ["icu"] * 6})
    >>> compare(part, part).level
    'stable'
    """
    groups = two_groups(reference.patients, current.patients)
    found: list[tuple[str, Shift | Distance]] = [*shifts_of(_columns(reference, current), groups, seed=seed).items()]
    texts = [*reference.texts, *current.texts]
    if vectors is not None and any(texts):
        rows, some = drawn(groups, seed=seed)
        found.append((VECTORS, distance_of(vectors([texts[row] for row in rows]), some, seed=seed)))
    if (together := distance_of_chances(reference, current, seed=seed)) is not None:
        found.append((CHANCES, together))
    corrected = holm([one.p for _, one in found])
    watched = [_watched(name, one, p) for (name, one), p in zip(found, corrected, strict=True)]
    return Drift(
        reference=(reference.n, groups.reference),
        current=(current.n, groups.count - groups.reference),
        watched=tuple(sorted(watched, key=lambda one: one.p)),
        outcomes=tuple(outcomes(reference, current, seed=seed)),
        turns=tuple(turns(reference, current)),
        seed=seed,
    )


def _columns(reference: Part, current: Part) -> dict[str, list[str | float | None]]:
    """The columns of both parts, one behind the other; a column that one of them lacks is missing there."""
    found: dict[str, list[str | float | None]] = {}
    for name in sorted(reference.columns.keys() | current.columns.keys()):
        found[name] = [value for part in (reference, current) for value in part.columns.get(name, [None] * part.n)]
    texts = [*reference.texts, *current.texts]
    if any(texts):
        found[LENGTH] = [float(len(text)) for text in texts]
        found[LANGUAGE] = [language_of(text) for text in texts]
    return found


def _watched(name: str, found: Shift | Distance, p: float) -> Watched:
    if isinstance(found, Distance):
        return Watched(name, "drifted" if p < ALPHA else "stable", p, distance=found)
    level: Level = "stable" if p >= ALPHA else "moved" if found.index < LITTLE else "drifted"
    return Watched(name, level, p, shift=found)
