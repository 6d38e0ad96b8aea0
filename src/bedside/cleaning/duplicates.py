"""Finds near-same texts among many: MinHash signatures, banded buckets, and each candidate verified by true Jaccard.

Memory is 256 bytes a text, so 100,000 notes need 26 MB beside the notes themselves.
Source: Broder 1997, "On the resemblance and containment of documents"; Leskovec, Rajaraman and Ullman, "Mining of
Massive Datasets", chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.uint64]
SHINGLE = 5
"""Characters a shingle, in both languages."""
HASHES, BANDS = 64, 16
"""Four hashes a band: texts of Jaccard 0.8 meet in some band with probability 0.9998, of 0.3 with 0.12."""
ALL_PAIRS = 12
"""In a bucket of more texts than this, each is compared with the first and with the one before it only."""

_dice = np.random.default_rng(1997)
_FACTORS = _dice.integers(1, 2**63, HASHES, dtype=np.uint64) | np.uint64(1)
_OFFSETS = _dice.integers(0, 2**63, HASHES, dtype=np.uint64)
_POWERS = np.array([1_000_003**power % 2**64 for power in range(SHINGLE)], np.uint64)


def shingles(text: str) -> Ints:
    """Hashes of the different runs of five characters, case and white space aside; sorted."""
    plain = " ".join(text.lower().split())
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    if len(codes) < SHINGLE:
        codes = np.concatenate([codes, np.zeros(SHINGLE - len(codes), np.uint64)])
    windows = np.lib.stride_tricks.sliding_window_view(codes, SHINGLE)
    return np.unique(windows @ _POWERS)


def signature(text: str) -> NDArray[np.uint32]:
    """The MinHash signature, [64]."""
    mixed = shingles(text)[:, None] * _FACTORS + _OFFSETS
    return np.asarray((mixed >> np.uint64(32)).min(0).astype(np.uint32))


def jaccard(one: str, other: str) -> float:
    """Shared shingles over all shingles, exactly."""
    a, b = shingles(one), shingles(other)
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)


def candidates(signatures: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later) that agree in a whole band, each once."""
    seen: set[tuple[int, int]] = set()
    width = HASHES // BANDS
    for band in range(BANDS):
        keys = np.ascontiguousarray(signatures[:, band * width : (band + 1) * width])
        _, bucket = np.unique(keys, axis=0, return_inverse=True)
        order = np.argsort(bucket.reshape(-1), kind="stable")
        cuts = np.flatnonzero(np.diff(bucket.reshape(-1)[order])) + 1
        for group in np.split(order, cuts):
            for pair in _pairs(group.tolist()):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _pairs(group: list[int]) -> Iterable[tuple[int, int]]:
    if len(group) <= ALL_PAIRS:
        return combinations(group, 2)
    return [*((group[0], row) for row in group[1:]), *pairwise(group[1:])]


def near_pairs(
    texts: Sequence[str], *, threshold: float = 0.8, on_text: Callable[[int], None] = lambda count: None
) -> list[tuple[int, int]]:
    """Pairs of positions whose texts have a Jaccard similarity of at least `threshold`.

    `texts` may read from a disk: each is asked for once, then only where a candidate must be verified. A text of
    nothing but white space is nobody's copy.

    >>> near_pairs(["no acute disease in the chest", "No acute disease  in the chest", "fracture of the femur", "", ""])
    [(0, 1)]
    """
    if len(texts) < 2:
        return []
    signatures = np.empty((len(texts), HASHES), np.uint32)
    for number in range(len(texts)):
        signatures[number] = signature(texts[number])
        on_text(1)
    return sorted(pair for pair in candidates(signatures) if _near(texts[pair[0]], texts[pair[1]], threshold))


def _near(one: str, other: str, threshold: float) -> bool:
    return bool(one.strip()) and jaccard(one, other) >= threshold


def later_copies(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each text that is near-same to an earlier kept one, with the position of that one; kept ones are not listed."""
    copies: dict[int, int] = {}
    for earlier, later in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        if earlier not in copies and later not in copies:
            copies[later] = earlier
    return copies
