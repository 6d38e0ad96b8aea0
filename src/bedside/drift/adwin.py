"""ADWIN: a window over a stream that shrinks where its two ends differ, and so tells when the stream turned.

Values lie in 0 .. 1. A cut is taken where the means on its sides differ by more than chance would allow with
probability `delta` (Hoeffding's bound with the window's variance). The window is kept as buckets of 1, 2, 4, ...
values, so that n values cost O(log n) memory.
Source: Bifet & Gavaldà 2007, "Learning from time-changing data with adaptive windowing", SDM, ADWIN2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log, sqrt

BUCKETS = 5
"""Buckets of one size that are kept before the two oldest become one."""
LEAST = 5
"""Values on each side of a cut, at least."""


@dataclass(slots=True)
class _Bucket:
    size: int
    total: float
    squares: float
    """Sum of the squared distances from the bucket's mean."""


@dataclass(slots=True)
class Adwin:
    """A window over a stream of values in 0 .. 1.

    >>> window = Adwin(delta=0.002)
    >>> gone = [window.add(value) for value in [0.9] * 200 + [0.3] * 200]
    >>> [mean for mean in gone if mean is not None][0], round(window.mean, 2)
    (0.9, 0.32)
    """

    delta: float = 0.002
    _buckets: list[_Bucket] = field(default_factory=list)
    """The newest last."""

    @property
    def size(self) -> int:
        """Values in the window."""
        return sum(one.size for one in self._buckets)

    @property
    def mean(self) -> float:
        """Their mean; 0 of an empty window."""
        return sum(one.total for one in self._buckets) / self.size if self._buckets else 0.0

    def add(self, value: float) -> float | None:
        """Take a value in; the mean of what was cut off, because it differs from what came since, or None."""
        self._buckets.append(_Bucket(1, value, 0.0))
        self._merge()
        gone = _Bucket(0, 0.0, 0.0)
        while self._differs():
            gone = _joined(gone, self._buckets.pop(0))
        return gone.total / gone.size if gone.size else None

    def _merge(self) -> None:
        """Join the two oldest of a size of which there are too many, size by size."""
        size = 1
        while True:
            alike = [at for at, one in enumerate(self._buckets) if one.size == size]
            if len(alike) <= BUCKETS:
                return
            first, second = self._buckets[alike[0]], self._buckets.pop(alike[1])
            self._buckets[alike[0]] = _joined(first, second)
            size *= 2

    def _differs(self) -> bool:
        """Whether some cut parts two ends whose means differ by more than chance."""
        whole = _Bucket(0, 0.0, 0.0)
        for one in self._buckets:
            whole = _joined(whole, one)
        if whole.size < 2 * LEAST:
            return False
        variance, spread = whole.squares / whole.size, log(2 * log(whole.size) / self.delta)
        old, old_total = 0, 0.0
        for one in self._buckets[:-1]:
            old, old_total = old + one.size, old_total + one.total
            new = whole.size - old
            if min(old, new) < LEAST:
                continue
            harmonic = 1 / (1 / old + 1 / new)
            bound = sqrt(2 / harmonic * variance * spread) + 2 / (3 * harmonic) * spread
            if abs(old_total / old - (whole.total - old_total) / new) > bound:
                return True
        return False


def _joined(first: _Bucket, second: _Bucket) -> _Bucket:
    if not first.size or not second.size:
        return second if not first.size else first
    size = first.size + second.size
    apart = first.total / first.size - second.total / second.size
    squares = first.squares + second.squares + apart**2 * first.size * second.size / size
    return _Bucket(size, first.total + second.total, squares)
