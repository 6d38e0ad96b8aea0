"""Entity figures agree with seqeval, which counts exact entities as CoNLL did, on neat tags and broken ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.evaluate.measures.entities import evaluate_entities
from bedside.model.entities import read_tagged, tags_of
from bedside.types import Entity, Estimate

TYPES = ("disease", "drug")
SETS = json.loads(Path(__file__).with_name("seqeval.json").read_text())["sets"]


def entities(tags: list[str]) -> tuple[Entity, ...]:
    return read_tagged(["词"] * len(tags), tags)[2]


@pytest.mark.parametrize("rows", SETS, ids=range(len(SETS)))
def test_f1_precision_and_recall_overall_and_a_type_are_those_of_seqeval(rows: dict[str, Any]) -> None:
    truth, found = ([entities(tags) for tags in rows[part]] for part in ("truth", "found"))
    done = evaluate_entities(TYPES, truth, found)
    for name in ("entity_f1", "entity_precision", "entity_recall", "entity_macro_f1"):
        assert np.nan_to_num(done.resampled[name][0]) == pytest.approx(rows[name])  # of nothing seqeval says 0
    for kind in TYPES:
        theirs = rows["types"].get(kind, {"f1-score": 0, "precision": 0, "recall": 0, "support": 0})
        assert done.per_class[kind]["support"] == theirs["support"]
        for name, key in (("f1", "f1-score"), ("precision", "precision"), ("recall", "recall")):
            figure = done.per_class[kind][name]
            assert not isinstance(figure, Estimate) or figure.value == pytest.approx(theirs[key])


@pytest.mark.parametrize("rows", SETS, ids=range(len(SETS)))
def test_a_tag_sequence_spells_the_entities_that_seqeval_reads_in_it(rows: dict[str, Any]) -> None:
    for tags, theirs in zip(rows["truth"], rows["entities"], strict=True):
        ours = [[one.type, one.start, one.end - 1] for one in entities(tags)]
        assert ours == theirs
        again = tags_of(entities(tags), tuple((place, place + 1) for place in range(len(tags))))
        assert entities(again) == entities(tags)
