"""A finished review read again in the order the ranker would have given, to see what it would have saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.literature.screening.measures import Saved, saved
from bedside.literature.screening.stopping import (
    CONFIDENCE,
    TARGET,
    Stop,
    chance_of_miss,
    chance_of_order,
    stop_rule,
    trusted,
)

GROWTH = 0.05
"""After each so many more of the decisions, the ranker learns again: at once in the beginning."""

Floats = NDArray[np.float64]


class Ranks(Protocol):
    """What puts papers in order."""

    def scores(self, decided: Mapping[int, bool]) -> Floats: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One reading: the papers in order after the `priors`, what it saved, and where the rule said to stop.

    `stopped` is None where the rule never allowed it before all was read; `recall` is the true recall there, priors
    counted.
    """

    seed: int
    order: tuple[int, ...]
    found: tuple[bool, ...]
    priors: tuple[int, ...]
    saved: Saved
    stopped: Stop | None
    recall: float | None


def simulate(
    relevant: Sequence[bool],
    ranker: Ranks,
    *,
    seed: int = 0,
    priors: int = 1,
    growth: float = GROWTH,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
    on_read: Callable[[int], None] = lambda count: None,
) -> Run:
    """Read all papers; `priors` relevant and as many irrelevant ones, drawn by the seed, are known before.

    The measures are of what is read after the priors, as in other tools' simulations.
    """
    truth = np.asarray(relevant, bool)
    known = _priors(truth, priors, seed)
    decided = {at: bool(truth[at]) for at in known}
    unread = np.ones(len(truth), bool)
    unread[known] = False
    while unread.any():
        scores = ranker.scores(decided)
        left = np.flatnonzero(unread)
        more = left[np.argsort(-scores[left], kind="stable")[: max(1, int(len(decided) * growth))]]
        decided.update((int(at), bool(truth[at])) for at in more)
        unread[more] = False
        on_read(len(more))
    order = tuple(decided)[len(known) :]
    found = tuple(bool(truth[at]) for at in order)
    stopped = first_stop(tuple(bool(truth[at]) for at in decided), len(truth), len(known), target, confidence)
    recall = stopped.found / int(truth.sum()) if stopped else None
    return Run(
        seed=seed,
        order=order,
        found=found,
        priors=tuple(known),
        saved=saved(found),
        stopped=stopped,
        recall=recall,
    )


def first_stop(found: Sequence[bool], total: int, from_: int, target: float, confidence: float) -> Stop | None:
    """Where the rule, asked after each paper from the `from_`-th on, first allows to stop short of reading all.

    Between two relevant papers the chance of a miss only falls: where it is low enough is found by halving.
    """
    start = max(1, from_)
    for end in [*(at for at in range(from_, len(found)) if found[at]), len(found)]:
        if end >= start and _unlikely(found, end, total, target, confidence):
            low, high = start, end
            while low < high:
                middle = (low + high) // 2
                if _unlikely(found, middle, total, target, confidence):
                    high = middle
                else:
                    low = middle + 1
            for read in range(low, min(end, total - 1) + 1):
                p = chance_of_miss(found[:read], total, target)
                if trusted(p, chance_of_order(found[:read]), confidence):
                    return stop_rule(found[:read], total, target=target, confidence=confidence)
        start = end + 1
    return None


def _unlikely(found: Sequence[bool], read: int, total: int, target: float, confidence: float) -> bool:
    """Whether a miss is unlikely enough after so many papers."""
    return any(found[:read]) and chance_of_miss(found[:read], total, target) < 1 - confidence


def _priors(truth: NDArray[np.bool_], priors: int, seed: int) -> list[int]:
    chance = np.random.default_rng(seed)
    each = [np.flatnonzero(truth), np.flatnonzero(~truth)]
    return [int(at) for one in each for at in chance.permutation(one)[:priors]]


class ByChance:
    """Any order is as good as another: the row that stands beside."""

    def __init__(self, size: int, seed: int = 0) -> None:
        self._scores = np.random.default_rng(seed).random(size)

    def scores(self, decided: Mapping[int, bool]) -> Floats:
        """The same at all times."""
        return self._scores
