"""What a fit of relations takes from its rows: the schema, and the pieces learnt from, with what is said of both."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from bedside.lang import tr
from bedside.model.forms.related import judged
from bedside.model.inputs import Encoded
from bedside.model.marked import thinned
from bedside.model.relations import doubled, schema_of
from bedside.model.rows import Labelled, Remark

NONE_PER_RELATION = 2
"""Of pairs in no relation as many times those in one are learnt from, beside those in pieces that hold one."""


def learnt(rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
    """The types of entities that are related, and which relations have no direction."""
    schema = schema_of(rows.labels)
    kept = {
        "directed": sorted(map(list, schema.directed)),
        "in_order": sorted(map(list, schema.in_order)),
        "undirected": sorted(schema.undirected),
    }
    said: list[Remark] = []
    if schema.undirected:
        names = ", ".join(sorted(schema.undirected))
        said.append(
            (
                "undirected",
                names,
                tr(
                    "head always before tail, or both ways: no direction is learnt",
                    "头实体总在尾实体之前，或两向皆有：不学习方向",
                ),
            )
        )
    if by_words := sum(one.by_words for one in rows.given):
        said.append(
            (
                "placed_by_words",
                by_words,
                tr("entities that came as words: where these first stand", "以词给出的实体：取其首次出现处"),
            )
        )
    if second := doubled(rows.labels):
        said.append(
            (
                "second_relations",
                second,
                tr("of a pair that has one already: not learnt", "同一对实体的第二个关系：不学习"),
            )
        )
    return kept, said


def thinned_pieces(encoded: Encoded, rows: Labelled, names: Sequence[str], seed: int) -> tuple[Encoded, list[Remark]]:
    """All pieces with a relation, and of the others no more than `NONE_PER_RELATION` allows."""
    assert encoded.marked is not None
    targets = judged(encoded.marked, rows.labels, names)
    related = sum(int(np.count_nonzero(one)) for one in targets)
    room = NONE_PER_RELATION * related - sum(len(one) - np.count_nonzero(one) for one in targets if one.any())
    others = [piece for piece, one in enumerate(targets) if not one.any()]
    random.Random(seed).shuffle(others)
    keep = [piece for piece, one in enumerate(targets) if one.any()]
    for piece in others:
        if len(targets[piece]) <= room:
            keep.append(piece)
            room -= len(targets[piece])
    said: list[Remark] = []
    pairs = sum(map(len, targets))
    kept = sum(len(targets[piece]) for piece in keep)
    said.append(
        (
            "pairs",
            kept,
            tr(
                f"of {pairs} candidate pairs; {related} are related",
                f"共 {pairs} 个候选对；其中 {related} 对有关系",
            ),
        )
    )
    if far := sum(encoded.marked.too_far):
        said.append(
            (
                "pairs_too_far",
                far,
                tr(
                    "further apart than max_tokens: not learnt, and found by no model of it",
                    "相距超过 max_tokens：不学习，所得模型也无法找到",
                ),
            )
        )
    return thinned(encoded, sorted(keep)), said
