"""The charts of an index most like another, by each component and by their weighted mean, at the moment that fits best.

Everything that is common (features, values, vectors) is counted among the charts that may be seen alone, in one pass
over the arrays in blocks; a second pass takes the scores. Shapes: r rows (moments), b rows of a block.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.consult._similar.features import BUCKETS, Look, looks_of
from bedside.consult._similar.files import summed
from bedside.consult._similar.index import ChartIndex
from bedside.consult._similar.vectors import mean_vectors
from bedside.types import Chart

WEIGHTS = {"problems": 0.45, "text": 0.25, "labs": 0.15, "course": 0.1, "person": 0.05}
"""Of the components; one that the chart asked about has nothing of does not count."""
BLOCK = 20_000
SPREAD = 1e-3
"""The least variance of a laboratory value."""
AS_WELL = 0.03
"""Moments whose scores differ by no more than this fit about as well."""
LENGTH = 0.7
"""A chart that tells of more than the one asked about is not made that much smaller (chosen on published cases)."""
ENOUGH = 50
"""Moments from which on the middle of all vectors is taken off before the cosine."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A chart of the index: its number, the day of the moment that fits best, the score and its components."""

    chart: int
    day: int
    score: float
    parts: Mapping[str, float]


def search(
    index: ChartIndex,
    chart: Chart,
    k: int,
    *,
    allowed: Collection[int] | None = None,
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Hit]:
    """The k charts most like `chart` now, best first; never itself, nor one that is not among `allowed` numbers."""
    of_row, day = index.moments()
    open_ = of_row > 0
    if allowed is not None:
        open_ &= np.isin(of_row, list(allowed))
    seen = open_ & ~np.isin(of_row, list(index.same(chart)))
    if not seen.any():
        return []
    asked = looks_of(chart, last=True)[0]
    parts = _parts(index, asked, open_)
    used = {name: weight for name, weight in weights.items() if name in parts and weight > 0}
    total = sum(used.values()) or 1.0
    score = sum((weight / total * parts[name] for name, weight in used.items()), np.zeros(len(of_row)))
    score[~seen] = -np.inf
    best: dict[int, float] = {}
    for row in np.argsort(-score, kind="stable"):
        if not np.isfinite(score[row]) or len(best) >= k:
            break
        best.setdefault(int(of_row[row]), float(score[row]))
    own = {name: parts[name] for name in used}
    hits = [_hit(no, most, of_row, day, score, own) for no, most in best.items()]
    return sorted(hits, key=lambda hit: -hit.score)


def _hit(
    no: int, most: float, of_row: NDArray[np.int64], day: NDArray[np.int64], score: Array, parts: Mapping[str, Array]
) -> Hit:
    """A chart at the earliest of its moments that fits about as well as the best, since more is known of its course."""
    rows = np.flatnonzero((of_row == no) & (score >= most - AS_WELL))
    row = rows[np.argmin(day[rows])]
    return Hit(no, int(day[row]), float(score[row]), {name: float(values[row]) for name, values in parts.items()})


def _parts(index: ChartIndex, asked: Look, counted: NDArray[np.bool_]) -> dict[str, Array]:
    """The components that the chart asked about has something of, each [r] from 0 to 1."""
    parts: dict[str, Array] = {}
    if asked.problems:
        parts["problems"] = _cosines(index, "problems", asked, counted)
    if asked.texts:
        if index.encoder is None:
            parts["text"] = _cosines(index, "words", asked, counted)
        else:
            parts["text"] = _texts(index, mean_vectors(index.encoder, [asked])[0].astype(float), counted)
    if asked.labs:
        parts["labs"] = _labs(index, asked, counted)
    numbers = index.numbers.open(len(counted))
    if asked.course or asked.numbers[2:].any():
        gap = np.abs(numbers[:, 2:] - asked.numbers[2:]).mean(axis=1)
        tempo = np.exp(-gap.astype(float))
        parts["course"] = (tempo + _cosines(index, "course", asked, counted)) / 2 if asked.course else tempo
    person = []
    if np.isfinite(asked.numbers[0]):
        person.append(np.exp(-np.nan_to_num(np.abs(numbers[:, 0] - asked.numbers[0]), nan=30.0) / 15.0))
    if asked.numbers[1]:
        person.append((numbers[:, 1] == asked.numbers[1]).astype(float))
    if person:
        parts["person"] = np.mean(person, axis=0)
    return parts


def _cosines(index: ChartIndex, name: str, asked: Look, counted: NDArray[np.bool_]) -> Array:
    """Cosines of features weighted by how rare they are among the rows counted, with a softened length.

    Sources: Spärck Jones 1972 (rarity); Singhal, Buckley & Mitra 1996, "Pivoted document length normalization".
    """
    rows, found = len(counted), np.zeros(len(counted))
    common = np.zeros(BUCKETS, np.float32)
    for at, ends, numbers, _ in index.sparse[name].blocks(rows, BLOCK):
        kept = np.repeat(counted[at : at + len(ends)], np.diff(ends, prepend=0))
        common += np.bincount(numbers[kept], minlength=BUCKETS).astype(np.float32)
    rare = np.log((counted.sum() + 1) / (common + 0.5)).clip(min=0.05)
    question = np.zeros(BUCKETS, np.float32)
    for number, weight in getattr(asked, name).items():
        question[number] = weight * rare[number]
    length = max(float(np.linalg.norm(question)), 1e-12)
    for at, ends, numbers, weights in index.sparse[name].blocks(rows, BLOCK):
        own = weights * rare[numbers]
        dot, other = summed(ends, own * question[numbers]), np.sqrt(summed(ends, own * own)) + 1e-12
        found[at : at + len(ends)] = dot / (length * other) * (other / length) ** (1 - LENGTH)
    return found.clip(0, 1)


def _labs(index: ChartIndex, asked: Look, counted: NDArray[np.bool_]) -> Array:
    """How near the shared values are, in standard deviations of the rows counted; one that is missing counts as far."""
    rows, found = len(counted), np.zeros(len(counted))
    sums = np.zeros((3, BUCKETS))
    for at, ends, numbers, values in index.sparse["labs"].blocks(rows, BLOCK):
        kept = np.repeat(counted[at : at + len(ends)], np.diff(ends, prepend=0))
        for power in range(3):
            sums[power] += np.bincount(numbers[kept], values[kept].astype(float) ** power, minlength=BUCKETS)
    mean = sums[1] / np.maximum(sums[0], 1)
    spread = np.sqrt(np.maximum(sums[2] / np.maximum(sums[0], 1) - mean**2, SPREAD))
    own, has = np.zeros(BUCKETS), np.zeros(BUCKETS, bool)
    for number, value in asked.labs.items():
        own[number], has[number] = value, True
    for at, ends, numbers, values in index.sparse["labs"].blocks(rows, BLOCK):
        near = np.where(has[numbers], np.exp(-np.abs(values - own[numbers]) / spread[numbers]), 0.0)
        found[at : at + len(ends)] = summed(ends, near) / len(asked.labs)
    return found


def _texts(index: ChartIndex, question: Array, counted: NDArray[np.bool_]) -> Array:
    """Cosines of text vectors, from 0; the middle of those counted is taken off where there are enough."""
    vectors, found = index.vectors.open(len(counted)), np.zeros(len(counted))
    total, many = np.zeros(len(question)), 0
    for at in range(0, len(counted), BLOCK):
        block, told = _unit(vectors[at : at + BLOCK])
        kept = counted[at : at + BLOCK] & told
        total, many = total + block[kept].sum(axis=0), many + int(kept.sum())
    middle = total / many if many >= ENOUGH else np.zeros(len(question))
    question = question - middle
    for at in range(0, len(counted), BLOCK):
        block, told = _unit(vectors[at : at + BLOCK])
        block = block - middle
        lengths = np.linalg.norm(block, axis=1) * np.linalg.norm(question)
        found[at : at + BLOCK] = np.where(told, block @ question / np.maximum(lengths, 1e-12), 0.0)
    return found.clip(0, 1)


def _unit(block: NDArray[np.int8]) -> tuple[Array, NDArray[np.bool_]]:
    """Vectors of length 1, and which are none."""
    rows = block.astype(float)
    lengths = np.linalg.norm(rows, axis=1)
    return rows / np.maximum(lengths, 1e-12)[:, None], lengths > 0
