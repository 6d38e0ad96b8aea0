"""Entity figures agree with counting by hand, bear intervals, and stand beside a dictionary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.evaluate.baselines import baselines
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.measures.entities import evaluate_entities
from bedside.evaluate.metrics import Evaluation
from bedside.types import Entity, Estimate, Undefined

ROW = st.lists(
    st.builds(Entity, st.integers(0, 3), st.integers(4, 6), st.sampled_from(["disease", "drug"])),
    max_size=4,
    unique=True,
)


@given(st.lists(st.tuples(ROW, ROW), min_size=6, max_size=12))
def test_f1_is_that_of_all_exact_entities_together(rows: list[tuple[list[Entity], list[Entity]]]) -> None:
    truth, found = [list(part) for part in zip(*rows, strict=True)]
    done = evaluate_entities(["disease", "drug"], truth, found)
    right = sum(len(set(a) & set(b)) for a, b in rows)
    marked, given_ = sum(map(len, truth)), sum(map(len, found))
    for name, of in (("entity_recall", marked), ("entity_precision", given_), ("entity_f1", (marked + given_) / 2)):
        figure = done.metrics[name]
        if of:
            value = figure.value if isinstance(figure, Estimate) else None
            assert isinstance(figure, Undefined) or value == pytest.approx(right / of)
        else:
            assert isinstance(figure, Undefined)


@pytest.mark.parametrize(
    "wrong",
    [Entity(0, 4, "disease"), Entity(0, 5, "drug"), Entity(1, 5, "disease")],
    ids=["end", "type", "start"],
)
def test_an_entity_off_by_a_character_or_of_another_type_is_wrong(wrong: Entity) -> None:
    truth = [[Entity(0, 5, "disease")]] * 10
    assert value(evaluate_entities(["disease", "drug"], truth, [[wrong]] * 10)) == 0.0
    assert value(evaluate_entities(["disease", "drug"], truth, truth)) == 1.0


def test_a_type_the_model_does_not_know_counts_as_missed_and_is_named() -> None:
    truth = [[Entity(0, 5, "disease"), Entity(6, 9, "gene")]] * 10
    done = evaluate_entities(["disease"], truth, [[Entity(0, 5, "disease")]] * 10)
    assert done.unknown_labels == {"gene": 10}
    recall = done.metrics["entity_recall"]
    assert isinstance(recall, Estimate)
    assert recall.value == 0.5


def test_rows_of_one_patient_widen_the_interval() -> None:
    truth = [[Entity(0, 5, "disease")]] * 40
    found = [[Entity(0, 5, "disease")] if row % 8 < 4 else [] for row in range(40)]
    alone = evaluate_entities(["disease"], truth, found).metrics["entity_recall"]
    by_patient = evaluate_entities(["disease"], truth, found, [row // 4 for row in range(40)]).metrics["entity_recall"]
    assert isinstance(alone, Estimate)
    assert isinstance(by_patient, Estimate)
    assert by_patient.high - by_patient.low > alone.high - alone.low


@pytest.mark.parametrize(
    ("known", "asked", "start", "end"),
    [("no fever", "Fever since Monday", 0, 5), ("无发热", "今晨发热", 2, 4)],
    ids=["en", "zh"],
)
def test_the_dictionary_finds_what_was_marked_before(known: str, asked: str, start: int, end: int) -> None:
    at = len(known) - (end - start)
    train = Rows([known] * 6, [(Entity(at, len(known), "symptom"),)] * 6)
    test = Rows([asked] * 6, [(Entity(start, end, "symptom"),)] * 6)
    assert value(baselines(train, test, labels=["symptom"], head="tag")["dictionary"]) == 1.0


def test_a_word_that_mostly_stands_unmarked_is_not_looked_up() -> None:
    texts, marks = ["cold"] * 10, [(Entity(0, 4, "disease"),)] * 2 + [()] * 8
    found = baselines(Rows(texts, marks), Rows(texts, marks), labels=["disease"], head="tag")["dictionary"]
    assert isinstance(found, Evaluation)
    assert isinstance(found.metrics["entity_precision"], Undefined)


def value(done: Evaluation | Undefined) -> float:
    assert isinstance(done, Evaluation)
    figure = done.metrics["entity_f1"]
    assert isinstance(figure, Estimate)
    return figure.value
