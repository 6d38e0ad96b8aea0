"""Entities as stretches scored one by one (head `nested`): targets, the temperature, and those above 0 read off.

A stretch is scored in the piece where its first unit is judged, so one that leaves that piece is not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.heads._spans import MAY_BEGIN, MAY_END, span_scores
from bedside.model.calibration import Floats, fit_temperature, sigmoid
from bedside.model.units import Ints, Units, units_within
from bedside.types import Entity

_UNLIKELY = -10.0
"""Stretches that score less are not asked for the temperature: whatever it is, they are none."""

Outputs = Sequence[NDArray[np.float32]]


@dataclass(frozen=True)
class _Piece:
    """The units of text `text` in a piece: `first` is the number of the first, `judged` how many may begin an entity,
    `tokens` where each stands in the piece, those judged in a later piece included."""

    text: int
    first: int
    judged: int
    tokens: Ints


def targets(
    labels: Sequence[Sequence[Entity]], units: Units, names: Sequence[str], sizes: Sequence[int]
) -> Iterator[Ints]:
    """For each piece rows [m, 3], as `heads/nested.py` takes them; `sizes` is not needed."""
    for piece, spans in zip(_pieces(units), _spans(labels, units, names), strict=True):
        kinds = np.full(len(piece.tokens), MAY_END)
        kinds[: piece.judged] = MAY_BEGIN
        own = np.stack([piece.tokens, piece.tokens, kinds], 1)
        yield np.concatenate([own, np.stack([piece.tokens[spans[:, 0]], piece.tokens[spans[:, 1]], spans[:, 2]], 1)])


def temperature(outputs: Outputs, labels: Sequence[Sequence[Entity]], units: Units, names: Sequence[str]) -> float:
    """One for the scores of all stretches."""
    scores, truth = [], []
    for piece, output, spans in zip(_pieces(units), outputs, _spans(labels, units, names), strict=True):
        found = _scores(output, piece)
        marked = np.zeros(found.shape, bool)
        marked[spans[:, 2], spans[:, 0], spans[:, 1]] = True
        asked = marked | (found > _UNLIKELY)
        scores.append(found[asked])
        truth.append(marked[asked])
    return fit_temperature(np.concatenate(scores)[:, None], np.concatenate(truth)[:, None], "multilabel")


def entities(outputs: Outputs, units: Units, names: Sequence[str], heat: float) -> Iterator[tuple[Entity, ...]]:
    """Every stretch of each text that scores above 0, in order; `heat` is the temperature."""
    found: list[list[Entity]] = [[] for _ in units.places]
    for piece, output in zip(_pieces(units), outputs, strict=True):
        scores, places = _scores(output, piece), units.places[piece.text]
        for kind, first, last in np.argwhere(scores > 0).tolist():
            chance = float(sigmoid(scores[kind, first, last] / heat))
            start, end = places[piece.first + first][0], places[piece.first + last][1]
            found[piece.text].append(Entity(start, end, names[kind], chance))
    yield from (tuple(sorted(one)) for one in found)


def chances_of(entity: Entity, outputs: Outputs, units: Units, names: Sequence[str], heat: float) -> list[float]:
    """How probable an entity is in each text, found there or not."""
    found = [0.0] * len(units.places)
    every = _spans([(entity,)] * len(units.places), units, names)
    for piece, output, spans in zip(_pieces(units), outputs, every, strict=True):
        scores = _scores(output, piece)
        for first, last, kind in spans.tolist():
            found[piece.text] = max(found[piece.text], float(sigmoid(scores[kind, first, last] / heat)))
    return found


def _pieces(units: Units) -> Iterator[_Piece]:
    done = [0] * len(units.places)
    for text, own, beyond in zip(units.piece_of, units.tokens, units.beyond, strict=True):
        yield _Piece(text, done[text], len(own), np.concatenate([own, beyond]))
        done[text] += len(own)


def _spans(labels: Sequence[Sequence[Entity]], units: Units, names: Sequence[str]) -> Iterator[Ints]:
    """For each piece the entities scored in it: rows [m, 3] of first unit and last, counted in the piece, and type."""
    starts = [[start for start, _ in places] for places in units.places]
    for piece in _pieces(units):
        text = piece.text
        rows = []
        for entity in labels[text]:
            first, stop = units_within(entity, units.places[text], starts[text])
            first, last = first - piece.first, stop - 1 - piece.first
            if 0 <= first < piece.judged and first <= last < len(piece.tokens):
                rows.append((first, last, names.index(entity.type)))
        yield np.array(sorted(set(rows)), np.int64).reshape(-1, 3)


def _scores(output: NDArray[np.float32], piece: _Piece) -> Floats:
    """[types, judged, units of the piece]; minus infinity where a stretch would end before it begins."""
    own = output[piece.tokens].astype(np.float64)
    scores = span_scores(own[: piece.judged], own)
    back = np.arange(len(own)) < np.arange(piece.judged)[:, None]
    return np.asarray(np.where(back, -np.inf, scores))
