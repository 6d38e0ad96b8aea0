"""Two reviewers: where they differ, and Cohen's kappa.

Source: Cohen 1960, "A coefficient of agreement for nominal scales"; interval by bootstrap over papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.evaluate.agreement import cohen_figure
from bedside.evaluate.estimate import MIN_PATIENTS
from bedside.lang import tr
from bedside.literature.screening.labels import CONSENSUS, Label, reviewers, standing
from bedside.types import Figure, Undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of two reviewers: the papers both decided, kappa over them, and those they decided differently and are open."""

    one: str
    other: str
    both: int
    same: int
    kappa: Figure
    conflicts: tuple[tuple[Label, Label], ...]


def agreements(labels: Sequence[Label], seed: int = 0) -> list[Agreement]:
    """Of each two reviewers who read a paper in common."""
    who = reviewers(labels)
    last, settled = standing(labels), {one.id for one in labels if one.who == CONSENSUS}
    found = []
    for at, one in enumerate(who):
        for other in who[at + 1 :]:
            pairs = [(last[id, one], last[id, other]) for id, by in last if by == one and (id, other) in last]
            if not pairs:
                continue
            differ = [pair for pair in pairs if pair[0].decision != pair[1].decision]
            said = [(first.relevant, second.relevant) for first, second in pairs]
            found.append(
                Agreement(
                    one=one,
                    other=other,
                    both=len(pairs),
                    same=len(pairs) - len(differ),
                    kappa=_with_interval(said, seed),
                    conflicts=tuple(pair for pair in differ if pair[0].id not in settled),
                )
            )
    return found


def _with_interval(said: Sequence[tuple[bool, bool]], seed: int) -> Figure:
    if len(said) < MIN_PATIENTS:
        return Undefined(reason=tr("fewer than 5 papers in common", "共同阅读少于 5 篇"), n=len(said))
    one, other = zip(*said, strict=True)
    return cohen_figure(one, other, None, seed=seed)
