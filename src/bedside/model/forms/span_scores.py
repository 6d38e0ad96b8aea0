"""What the network says of each unit of a text as the start or end of an answer, and the best span."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bedside.model.calibration import Floats, sigmoid, softmax
from bedside.model.engine import Outputs
from bedside.model.excerpts import best_span
from bedside.model.inputs import Encoded
from bedside.model.units import judged
from bedside.types import Excerpt

Scores = tuple[Floats, tuple[Floats, Floats]]


def unit_scores(outputs: Outputs, encoded: Encoded) -> list[Scores]:
    """For each text the scores of its units [units, 2], and of no answer: those of the piece that says so least."""
    assert encoded.units is not None
    assert isinstance(outputs, list)
    none = np.full((len(encoded.units.places), 2), np.inf)
    for piece, text in zip(outputs, encoded.units.piece_of, strict=True):
        if piece[0].sum() < none[text].sum():
            none[text] = piece[0]
    own = judged(outputs, encoded.units)
    return [(scores, (silent[0], silent[1])) for scores, silent in zip(own, none, strict=True)]


def start_and_end(scores: Scores, temperature: float) -> tuple[Floats, Floats]:
    """The chances of start and of end, each over the units and, last, no answer."""
    units, none = scores
    both = np.concatenate([units, np.array([none])]) / temperature
    start, end = softmax(both.T)
    return start, end


def said_by(scores: Scores, temperature: float) -> tuple[tuple[int, int], float, tuple[float, float]]:
    """The best span, how sure it is against no answer, and the chances of it and of no answer."""
    start, end = start_and_end(scores, temperature)
    units, none = scores
    if not len(units):
        return (0, 0), 0.0, (0.0, 1.0)
    first, last = best_span(units[:, 0], units[:, 1])
    lead = (units[first, 0] + units[last, 1] - sum(none)) / temperature
    return (first, last), float(sigmoid(np.array(lead))), (float(start[first] * end[last]), float(start[-1] * end[-1]))


def excerpt_at(places: Sequence[tuple[int, int]], text: str, span: tuple[int, int], chance: float) -> Excerpt:
    """The stretch of a text from the first to the last unit of a span."""
    if not places:
        return Excerpt(probability=chance)
    start, end = places[span[0]][0], places[span[1]][1]
    return Excerpt(start, end, text[start:end], chance)


def surprise(scores: Sequence[Scores], spans: Sequence[tuple[int, int]], temperature: float) -> float:
    """The mean loss in nats of the true spans."""
    lost = 0.0
    for one, (first, last) in zip(scores, spans, strict=True):
        start, end = start_and_end(one, temperature)
        lost -= np.log(max(start[first], 1e-300)) + np.log(max(end[last], 1e-300))
    return float(lost / len(scores))


def best_threshold(sure: Floats, worth: Floats, silent: Floats) -> float:
    """The cut of highest mean F1: an answer from it upwards is worth `worth`, none below it `silent`."""
    order = np.argsort(-sure, kind="stable")
    ranked = np.concatenate([[1.0], sure[order], [0.0]])
    total = np.concatenate([[0.0], np.cumsum(worth[order] - silent[order])])
    cuttable = ranked[:-1] > ranked[1:]
    if not cuttable.any():
        return 0.5
    best = int(np.argmax(np.where(cuttable, total, -np.inf)))
    return float((ranked[best] + ranked[best + 1]) / 2)
