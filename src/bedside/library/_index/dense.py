"""Vectors of passages on the disk: one signed byte a dimension, and one bit a dimension to look through them fast.

A search counts the bits that differ from the question's over all passages, and takes the true cosine of the nearest.
Bits are signs after the mean of the first passages is taken off, since encoders give all texts much in common. Both
files only ever grow, so that nothing has to be learnt anew when passages are added.
Source: Charikar 2002, "Similarity estimation techniques from rounding algorithms".
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

VECTORS, BITS = "vectors.i8", "bits.u8"
EXACT = 20_000
"""Up to so many passages all cosines are taken."""
NEAREST = 20
"""So many times the passages wanted are taken from the bits, and at least `LEAST`."""
LEAST = 2000
BLOCK = 8192
SAMPLED = 64
"""One row of so many tells how far the nearest reach."""

Floats = NDArray[np.float32]


class Vectors:
    """The vectors of a library: the passage number n has row n - 1."""

    def __init__(self, folder: Path, size: int, centre: Floats) -> None:
        self.folder, self.size, self.centre = folder, size, centre
        self._bytes = -(-size // 64) * 8
        self._vectors: NDArray[np.int8] = np.zeros((0, size), np.int8)
        self._bits: NDArray[np.uint64] = np.zeros((0, self._bytes // 8), np.uint64)

    def open(self, rows: int) -> None:
        """Map the first `rows`; what stands behind them in the files was never committed."""
        if rows:
            self._vectors = np.asarray(np.memmap(self.folder / VECTORS, np.int8, "r", shape=(rows, self.size)))
            bits = np.memmap(self.folder / BITS, np.uint64, "r", shape=(rows, self._bytes // 8))
            self._bits = np.asarray(bits)

    def append(self, numbers: Sequence[int], vectors: Floats) -> None:
        """Write [n, size] for passages that follow each other, over what a stopped run left there, to the disk."""
        rows = numbers[0] - 1
        self._write(VECTORS, in_bytes(vectors), rows * self.size)
        self._write(BITS, self._signs(vectors), rows * self._bytes)

    def search(self, question: Floats, start: Floats, k: int) -> list[tuple[int, float]]:
        """The k nearest passages by cosine, nearest first; `start` [rows + 1] is minus infinity at those barred."""
        allowed = start[1 : len(self._vectors) + 1] == 0
        wanted = max(LEAST, NEAREST * k)
        if len(allowed) > EXACT and np.count_nonzero(allowed) > wanted:
            rows = self._near(question, allowed, wanted)
        else:
            rows = np.flatnonzero(allowed)
        scores = np.concatenate([self._cosines(question, rows[at : at + BLOCK]) for at in _steps(len(rows))])
        best = np.argpartition(-scores, k)[:k] if len(scores) > k else np.arange(len(scores))
        best = best[np.lexsort((rows[best], -scores[best]))]
        return [(int(rows[at]) + 1, float(scores[at])) for at in best]

    def cosines(self, question: Floats, numbers: NDArray[np.uint32]) -> Floats:
        """The cosines of some passages."""
        return self._cosines(question, numbers.astype(np.int64) - 1)

    def _near(self, question: Floats, allowed: NDArray[np.bool_], wanted: int) -> NDArray[np.int64]:
        """At least `wanted` rows that differ least from the question in their bits, and all that differ as little."""
        far = self._distances(question)
        some = np.sort(far[::SAMPLED])
        within = int(some[min(2 * wanted // SAMPLED, len(some) - 1)])
        rows = np.flatnonzero(far <= within)
        while len(rows := rows[allowed[rows]]) < wanted:
            within += self.size // 64 + 1
            rows = np.flatnonzero(far <= within)
        counts = np.cumsum(np.bincount(far[rows]))
        return rows[far[rows] <= np.searchsorted(counts, wanted)]

    def _cosines(self, question: Floats, rows: NDArray[np.int64]) -> Floats:
        vectors = self._vectors[rows].astype(np.float32)
        lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), 1e-12)
        cosines: Floats = (vectors @ question / (lengths * max(float(np.linalg.norm(question)), 1e-12))).astype("f4")
        return cosines

    def _distances(self, question: Floats) -> NDArray[np.uint16]:
        """In how many bits each passage differs from the question."""
        asked = self._signs(question[None]).view(np.uint64)[0]
        words, rows = len(asked), len(self._bits)
        far = np.zeros(rows, np.uint16)
        wide = np.tile(asked, BLOCK)  # a row of bits is too short to be worked on by itself
        for at in _steps(rows):
            block = self._bits[at : at + BLOCK].reshape(-1)
            counts = np.bitwise_count(block ^ wide[: len(block)]).reshape(-1, words)
            for word in range(words):
                far[at : at + BLOCK] += counts[:, word]
        return far

    def _signs(self, vectors: Floats) -> NDArray[np.uint8]:
        bits = np.packbits(vectors > self.centre, axis=1)
        return np.pad(bits, ((0, 0), (0, self._bytes - bits.shape[1])))

    def _write(self, name: str, rows: NDArray[np.generic], at: int) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        with path.open("r+b") as out:
            out.truncate(at)
            out.seek(at)
            out.write(np.ascontiguousarray(rows).tobytes())
            out.flush()
            os.fsync(out.fileno())


def in_bytes(vectors: Floats) -> NDArray[np.int8]:
    """Vectors [n, size] in steps of a 127th of each one's largest number: a cosine changes in the third decimal.

    >>> in_bytes(np.array([[1.0, -0.5]], np.float32)).tolist()
    [[127, -64]]
    """
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-12)
    return np.round(vectors / largest * 127).astype(np.int8)


def _steps(total: int) -> range:
    return range(0, max(total, 1), BLOCK)
