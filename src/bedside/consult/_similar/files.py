"""The arrays of an index of charts on the disk: they only grow, are mapped to be read, and what no transaction names
is written over by the next writer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.consult._similar.features import Sparse

Array = NDArray[Any]


class Rows:
    """Rows of numbers of a fixed width in one file."""

    def __init__(self, path: Path, dtype: str, width: int) -> None:
        self._path, self._dtype, self._width = path, np.dtype(dtype), width

    def append(self, rows: Array, at: int) -> None:
        """Write behind the first `at` rows, through to the disk."""
        write(self._path, np.ascontiguousarray(rows, self._dtype), at * self._width * self._dtype.itemsize)

    def open(self, rows: int) -> Array:
        """The first rows, mapped."""
        if not rows or not self._width:
            return np.zeros((rows, self._width), self._dtype)
        return np.memmap(self._path, self._dtype, "r", shape=(rows, self._width))


class SparseRows:
    """Rows of numbered features with weights: where each row ends, the numbers, the weights."""

    def __init__(self, folder: Path, name: str) -> None:
        self._ends = Rows(folder / f"{name}.ends", "<i8", 1)
        self._numbers = Rows(folder / f"{name}.numbers", "<i4", 1)
        self._weights = Rows(folder / f"{name}.weights", "<f4", 1)

    def append(self, rows: Sequence[Sparse], at: int) -> None:
        """Write behind the first `at` rows."""
        start = int(self._ends.open(at)[-1, 0]) if at else 0
        ends = start + np.cumsum([len(one) for one in rows])
        numbers = np.asarray([number for one in rows for number in sorted(one)], np.int32)
        weights = np.asarray([one[number] for one in rows for number in sorted(one)], np.float32)
        self._ends.append(ends, at)
        self._numbers.append(numbers, start)
        self._weights.append(weights, start)

    def blocks(self, rows: int, size: int) -> Iterator[tuple[int, Array, Array, Array]]:
        """Blocks of rows: the first one's number, where each ends within the block, numbers and weights."""
        if not rows:
            return
        ends = self._ends.open(rows)[:, 0]
        total = int(ends[-1])
        numbers, weights = self._numbers.open(total)[:, 0], self._weights.open(total)[:, 0]
        for at in range(0, rows, size):
            start = int(ends[at - 1]) if at else 0
            own = np.asarray(ends[at : at + size])
            yield at, own - start, np.asarray(numbers[start : own[-1]]), np.asarray(weights[start : own[-1]])

    def row(self, number: int) -> tuple[Array, Array]:
        """The features of one row, counted from 0."""
        ends = self._ends.open(number + 1)[:, 0]
        start, end = (int(ends[number - 1]) if number else 0), int(ends[number])
        return self._numbers.open(end)[start:, 0], self._weights.open(end)[start:, 0]


def write(path: Path, rows: Array, at: int) -> None:
    """Put an array behind the first `at` bytes of a file that its owner alone may read."""
    path.touch(mode=0o600)
    with path.open("r+b") as out:
        out.truncate(at)
        out.seek(at)
        out.write(rows.tobytes())
        out.flush()
        os.fsync(out.fileno())


def summed(ends: Array, values: Array) -> Array:
    """The sum of the values of each row, 0 for one without any.

    >>> summed(np.array([2, 2, 3]), np.array([1.0, 2.0, 5.0])).tolist()
    [3.0, 0.0, 5.0]
    """
    totals = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    starts = np.concatenate([[0], ends[:-1]])
    return np.asarray(totals[ends] - totals[starts])
