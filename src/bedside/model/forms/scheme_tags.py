"""Entities as a tag for each unit of a text (head `tag`): targets, the temperature, and entities read off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.heads._tags import NOT_JUDGED, best_tags
from bedside.model.calibration import fit_temperature, softmax
from bedside.model.scores import one_hot
from bedside.model.units import Units, entities_in, judged, tag_numbers, units_within
from bedside.types import Entity

_LEAST = 1e-12

Outputs = Sequence[NDArray[np.float32]]


def targets(
    labels: Sequence[Sequence[Entity]], units: Units, names: Sequence[str], sizes: Sequence[int]
) -> Iterator[NDArray[np.int64]]:
    """A tag for the first token of each unit, piece by piece (`sizes` tokens each); `NOT_JUDGED` for the others."""
    tags = [tag_numbers(*one, names) for one in zip(labels, units.places, strict=True)]
    done = [0] * len(tags)
    for size, text, tokens in zip(sizes, units.piece_of, units.tokens, strict=True):
        target = np.full(size, NOT_JUDGED, np.int64)
        target[tokens] = tags[text][done[text] : done[text] + len(tokens)]
        done[text] += len(tokens)
        yield target


def temperature(outputs: Outputs, labels: Sequence[Sequence[Entity]], units: Units, names: Sequence[str]) -> float:
    """One for the tags of all units."""
    logits = np.concatenate(judged(outputs, units))
    tags = np.concatenate([tag_numbers(*one, names) for one in zip(labels, units.places, strict=True)])
    return fit_temperature(logits, one_hot(tags, logits.shape[1]), "classify")


def entities(outputs: Outputs, units: Units, names: Sequence[str], heat: float) -> Iterator[tuple[Entity, ...]]:
    """The entities of each text's most probable allowed tags; `heat` is the temperature."""
    for logits, places in zip(judged(outputs, units), units.places, strict=True):
        chances = softmax(logits / heat) if len(logits) else logits
        tags = best_tags(np.log(np.maximum(chances, _LEAST)))
        yield entities_in(tags, chances[np.arange(len(tags)), tags], places, names)


def chances_of(entity: Entity, outputs: Outputs, units: Units, names: Sequence[str], heat: float) -> list[float]:
    """How probable an entity is in each text, found there or not: as probable as its least probable unit."""
    number = 1 + 2 * names.index(entity.type)
    found = []
    for logits, places in zip(judged(outputs, units), units.places, strict=True):
        first, stop = units_within(entity, places, [start for start, _ in places])
        if first >= stop:
            found.append(0.0)
            continue
        own = softmax(logits[first:stop] / heat)
        found.append(float(min([own[0, number], *own[1:, number + 1]])))
    return found
