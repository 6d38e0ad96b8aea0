"""When a review may stop: how many relevant papers can still be unread, by a test on those read last.

Papers were read in an order that puts likely ones first. If the last n of them are taken for a random draw from
themselves and all that is unread (a pessimistic reading: the unread are thought no likelier by the ranker), the number
of relevant ones among them is hypergeometric, and a number m of missed papers is refuted where so few would be found
among n with a chance below 1 - confidence. The test is made on every such n, and the strongest stands.

That the order is better than chance, on which this rests, is asked as well: as many finds in the first half of what was
read must have a chance below 1 - confidence were the order a random one. Without it the rule is too bold.

Source: Callaghan & Müller-Hansen 2020, "Statistical stopping criteria for automated screening in systematic reviews",
Systematic Reviews 9:273 (ranked quasi-sampling). Their p-value is not corrected for looking often; an order better than
chance keeps it on the safe side, and benchmarks/screening.py counts how often it was. The second test is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

TARGET, CONFIDENCE = 0.95, 0.95

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where a review stands: `p` is the chance to see so few relevant papers had the target been missed.

    `order_p` is the chance of so many finds in the first half of the reading, were the order a random one.
    `recall` is what is found over what there is at even odds, `low` the least it is at the confidence; both None before
    anything relevant is found. `missed` is the most that can still be unread at the confidence.
    """

    may_stop: bool
    p: float
    order_p: float
    target: float
    confidence: float
    found: int
    read: int
    total: int
    missed: int
    recall: float | None
    low: float | None


def stop_rule(
    relevant: Sequence[bool | int], total: int, *, target: float = TARGET, confidence: float = CONFIDENCE
) -> Stop:
    """What the decisions so far, in the order they were made, say of `total` papers.

    >>> found = [1, 1, 0, 1, 1, 0, 1]
    >>> stop_rule(found + [0] * 50, 100).may_stop, stop_rule(found + [0] * 90, 100).may_stop
    (False, True)
    """
    urns = _urns(np.asarray(relevant, np.int64), total)
    found, read = int(sum(relevant)), len(relevant)
    p = chance_of_miss(relevant, total, target)
    order_p = chance_of_order(relevant)
    missed, even = most_missed(urns, total - read, confidence), most_missed(urns, total - read, 0.5)
    return Stop(
        may_stop=read == total or (found > 0 and p < 1 - confidence and trusted(p, order_p, confidence)),
        p=p,
        order_p=order_p,
        target=target,
        confidence=confidence,
        found=found,
        read=read,
        total=total,
        missed=missed,
        recall=found / (found + even) if found else None,
        low=found / (found + missed) if found else None,
    )


def chance_of_miss(relevant: Sequence[bool | int], total: int, target: float = TARGET) -> float:
    """The chance, at most, of reading what was read had the target been missed; 0 where it cannot have been."""
    least = first_miss(int(sum(relevant)), target)
    return _chance(_urns(np.asarray(relevant, np.int64), total), least) if least <= total - len(relevant) else 0.0


def chance_of_order(relevant: Sequence[bool | int]) -> float:
    """The chance of at least so many finds in the first half of the papers read, had they been read by chance.

    >>> round(chance_of_order([1, 1, 1, 1, 0, 0, 0, 0]), 4)
    0.0143
    """
    from scipy.stats import hypergeom

    read, half = len(relevant), len(relevant) // 2
    return float(hypergeom.sf(int(sum(relevant[:half])) - 1, read, int(sum(relevant)), half))


def trusted(p: float, order_p: float, confidence: float) -> bool:
    """Whether p may be believed: the order is better than chance, or there is no room for a miss (p is 0)."""
    return p == 0 or order_p < 1 - confidence


def first_miss(found: int, target: float) -> int:
    """The fewest unread relevant papers with which `found` falls short of the target.

    >>> first_miss(19, 0.95), first_miss(18, 0.95), first_miss(0, 0.95)
    (2, 1, 1)
    """
    return floor(found / Fraction(str(target))) - found + 1


def most_missed(urns: tuple[Ints, Ints, Ints], unread: int, confidence: float) -> int:
    """The most unread relevant papers that the decisions do not refute at the confidence."""
    low, high = 0, unread
    while low < high:
        middle = (low + high + 1) // 2
        if _chance(urns, middle) < 1 - confidence:
            high = middle - 1
        else:
            low = middle
    return low


def _urns(relevant: Ints, total: int) -> tuple[Ints, Ints, Ints]:
    """Of each number of papers read last: how many, how many of them relevant, and how many with all that is unread.

    Only those that begin just after a relevant paper, or with the first: any other has the same relevant ones in fewer
    papers read, and so says less.
    """
    places = np.flatnonzero(relevant)
    starts = np.append(0, places + 1)
    drawn = len(relevant) - starts
    seen = len(places) - np.arange(len(starts))
    return drawn, seen, total - starts


def _chance(urns: tuple[Ints, Ints, Ints], missed: int) -> float:
    """The least chance, over the urns, of no more relevant papers among those drawn, if so many are unread."""
    from scipy.stats import hypergeom

    drawn, seen, size = urns
    return float(np.min(hypergeom.cdf(seen, size, np.minimum(seen + missed, size), drawn), initial=1.0))
