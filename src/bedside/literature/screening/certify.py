"""A bound on what a random draw has not shown, true at every moment of the draw at once: look as often as you like.

Papers of an urn are read in random order. A number K of relevant ones in it is refuted once the data are 1/(1 -
confidence) times likelier under a mixture of all K than under this one; by Ville's inequality the true K is ever
refuted with a chance of at most 1 - confidence. Nothing is assumed of the ranker.

Source: Waudby-Smith & Ramdas 2020, "Confidence sequences for sampling without replacement", theorem 3.1; the mixture
here gives K the weight 1/((K + 1)(K + 2)), since after a ranked reading little is expected to be left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def most_in_urn(size: int, drawn: int, found: int, confidence: float = 0.95) -> int:
    """The most relevant papers in an urn of `size` of which `drawn` were read in random order and `found` relevant.

    >>> most_in_urn(100, 0, 0), most_in_urn(100, 70, 0), most_in_urn(100, 100, 2)
    (100, 2, 2)
    """
    against = evidence_against(size, drawn, found)
    return int(np.flatnonzero(against < 1 / (1 - confidence))[-1])


def evidence_against(size: int, drawn: int, found: int) -> Floats:
    """How much likelier the data are under the mixture than under each K of 0 .. size; infinite where impossible."""
    from scipy.special import logsumexp
    from scipy.stats import hypergeom

    every = np.arange(size + 1)
    likely = hypergeom.logpmf(found, size, every, drawn)
    weight = -np.log(every + 1.0) - np.log(every + 2.0)
    mixed = logsumexp(likely + weight) - logsumexp(weight)
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(mixed - likely), np.float64)


def drawn_order(ids: Iterable[str], seed: int) -> list[str]:
    """The ids in a random order that anyone can make again: by the SHA-256 of seed and id.

    >>> drawn_order(["a", "b", "c"], 0) == drawn_order(["c", "a", "b"], 0)
    True
    """
    return sorted(ids, key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).digest(), one))
