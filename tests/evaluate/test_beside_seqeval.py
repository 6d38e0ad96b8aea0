"""Entity figures agree with seqeval, which counts exact entities as CoNLL did, on neat tags and broken ones."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.evaluate.entities import evaluate_entities
from bedside.model.entities import read_tagged, tags_of
from bedside.types import Entity, Estimate

reference = pytest.importorskip("seqeval.metrics")

TYPES = ("disease", "drug")
TAGS = st.sampled_from(["O", *(f"{begin}-{kind}" for begin in "BI" for kind in TYPES)])
ROW = st.integers(1, 7).flatmap(lambda n: st.tuples(*[st.lists(TAGS, min_size=n, max_size=n)] * 2))
ROWS = st.lists(ROW, min_size=6, max_size=12)


def entities(tags: list[str]) -> tuple[Entity, ...]:
    return read_tagged(["词"] * len(tags), tags)[2]


@given(ROWS)
@settings(deadline=None, max_examples=60)
def test_f1_precision_and_recall_overall_and_a_type_are_those_of_seqeval(
    rows: list[tuple[list[str], list[str]]],
) -> None:
    truth, found = (list(part) for part in zip(*rows, strict=True))
    done = evaluate_entities(TYPES, [entities(tags) for tags in truth], [entities(tags) for tags in found])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = reference.classification_report(truth, found, output_dict=True, zero_division=0)
        expected = {
            "entity_f1": reference.f1_score(truth, found, zero_division=0),
            "entity_precision": reference.precision_score(truth, found, zero_division=0),
            "entity_recall": reference.recall_score(truth, found, zero_division=0),
            "entity_macro_f1": reference.f1_score(truth, found, average="macro", zero_division=0),
        }
    for name, value in expected.items():  # of nothing seqeval says 0 where there is no figure here
        assert np.nan_to_num(done.resampled[name][0]) == pytest.approx(np.nan_to_num(value))
    for kind in TYPES:
        own = theirs.get(kind, {"f1-score": 0, "precision": 0, "recall": 0, "support": 0})
        assert done.per_class[kind]["support"] == own["support"]
        for name, key in (("f1", "f1-score"), ("precision", "precision"), ("recall", "recall")):
            figure = done.per_class[kind][name]
            assert not isinstance(figure, Estimate) or figure.value == pytest.approx(own[key])


@given(st.lists(TAGS, min_size=1, max_size=8))
def test_a_tag_sequence_spells_the_entities_that_seqeval_reads_in_it(tags: list[str]) -> None:
    from seqeval.metrics.sequence_labeling import get_entities

    ours = [(one.type, one.start, one.end - 1) for one in entities(tags)]
    assert ours == [tuple(one) for one in get_entities(tags)]
    again = tags_of(entities(tags), tuple((place, place + 1) for place in range(len(tags))))
    assert entities(again) == entities(tags)
