"""Pairs of entities as the network sees them: what it says of each, what is true of it, and the relation it makes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.model.engine import Outputs
from bedside.model.marked import Marked, Pair, Schema
from bedside.model.relations import turned
from bedside.types import Relation


def judged(marked: Marked, labels: Sequence[Sequence[Relation]], names: Sequence[str]) -> list[NDArray[np.int64]]:
    """The number of the relation of each pair judged, piece by piece; 0: none."""
    number = {name: place for place, name in enumerate(names, 1)}
    truths: list[dict[Pair, int]] = []
    for row in labels:
        truth: dict[Pair, int] = {}
        for one in row:
            truth.setdefault((one.head, one.tail), number[one.type])
            if one.type in marked.schema.undirected:
                truth.setdefault((one.tail, one.head), number[one.type])
        truths.append(truth)
    return [
        np.array([truths[text].get(marked.pairs[text][pair], 0) for _, pair in tails], np.int64)
        for text, tails in zip(marked.piece_of, marked.tails, strict=True)
    ]


def at_tails(outputs: Outputs, marked: Marked) -> list[NDArray[np.float64]]:
    """What the network says of each pair judged in each piece, [pairs, 1 + relations]."""
    return [
        np.asarray(one, np.float64)[[at for at, _ in tails]] for one, tails in zip(outputs, marked.tails, strict=True)
    ]


def relation_of(pair: Pair, kind: str, chance: float, schema: Schema) -> Relation:
    """The relation of a pair; without direction the first in the text is its head."""
    if kind not in schema.undirected:
        return Relation(*pair, kind, chance)
    first, second = sorted(pair)
    return Relation(first, second, kind, chance, directed=False)


def matched(truth: Sequence[Relation], found: Sequence[Relation]) -> list[Relation]:
    """The true relations, turned where what was found has no direction and they were written the other way round."""
    loose = {one for one in found if not one.directed}
    return [turned(one) if turned(one) in loose else one for one in truth]
