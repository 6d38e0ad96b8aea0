"""Figures of relations agree with scikit-learn, ignore direction where there is none, and stand beside baselines."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score

from bedside.evaluate.answers import gathered
from bedside.evaluate.baselines import baselines
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.metrics import Evaluation
from bedside.lang import speaking
from bedside.model.given import Given
from bedside.types import Entity, Estimate, Relating, Relation, Undefined

TYPES = ["advise", "effect", "mechanism"]
PAIR = Entity(0, 7, "drug"), Entity(20, 28, "drug")


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(["none", *TYPES])] * 2), min_size=6, max_size=30))
def test_micro_f1_is_scikit_learns_over_the_positive_types(pairs: list[tuple[str, str]]) -> None:
    truth, said = zip(*pairs, strict=True)
    done = measured([_row(kind) for kind in truth], [_row(kind) for kind in said])
    for name, of in (("f1", f1_score), ("precision", precision_score), ("recall", recall_score)):
        figure = done.metrics[f"relation_{name}"]
        expected = of(truth, said, labels=TYPES, average="micro", zero_division=0)
        assert isinstance(figure, Undefined) or figure.value == pytest.approx(expected)
    if set(truth) & set(said) & set(TYPES):
        assert isinstance(done.metrics["relation_f1"], Estimate)


def test_a_turned_relation_is_wrong_with_direction_and_right_without() -> None:
    truth = [(Relation(PAIR[1], PAIR[0], "effect"),)] * 10
    said = Relation(*PAIR, "effect")
    assert f1(measured(truth, [(said,)] * 10)) == 0.0
    assert f1(measured(truth, [(Relation(*PAIR, "effect", directed=False),)] * 10)) == 1.0


def test_an_interaction_of_the_wrong_type_is_wrong_and_shown_beside_the_right_one() -> None:
    answers = gathered("relate", TYPES, [Relating((Relation(*PAIR, "advise", 0.8),))])
    text = "Aspirin raises that warfarin"
    assert answers.misread([_row("effect")], [text]) == [
        (0, "effect: Aspirin → warfarin", "advise: Aspirin → warfarin", 0.8)
    ]
    assert answers.misread([_row("effect")], None)[0][1] == "effect: drug → drug"


def test_words_between_beat_taking_all_pairs_for_related() -> None:
    train, test = _rows(120, seed=1), _rows(40, seed=2)
    found = baselines(train, test, labels=["effect"], head="relate")
    words, together = found["pair_words"], found["cooccurrence"]
    assert isinstance(words, Evaluation)
    assert isinstance(together, Evaluation)
    assert f1(words) == 1.0
    assert 0.3 < f1(together) < 0.9
    recall = together.metrics["relation_recall"]
    assert isinstance(recall, Estimate)
    assert recall.value == 1.0


def test_baselines_of_chinese_rows_read_characters() -> None:
    def rows(count: int) -> Rows:
        texts = [("阿司匹林增强华法林", "阿司匹林并用华法林")[n % 2] for n in range(count)]
        drugs = Entity(0, 4, "药"), Entity(6, 9, "药")
        targets = [(Relation(*drugs, "作用"),) if n % 2 == 0 else () for n in range(count)]
        return Rows(texts, targets, given=[Given(entities=drugs)] * count)

    with speaking("zh"):
        words = baselines(rows(20), rows(10), labels=["作用"], head="relate")["pair_words"]
    assert isinstance(words, Evaluation)
    assert f1(words) == 1.0


def measured(truth: list[tuple[Relation, ...]], said: list[tuple[Relation, ...]]) -> Evaluation:
    return gathered("relate", TYPES, map(Relating, said)).measure(truth, None, seed=0)


def f1(done: Evaluation) -> float:
    figure = done.metrics["relation_f1"]
    assert isinstance(figure, Estimate)
    return figure.value


def _row(kind: str) -> tuple[Relation, ...]:
    return () if kind == "none" else (Relation(*PAIR, kind),)


def _rows(count: int, *, seed: int) -> Rows:
    dice = random.Random(seed)
    texts, targets = [], []
    for _ in range(count):
        raised = dice.random() < 0.5
        texts.append("Aspirin raises level of warfarin" if raised else "Aspirin taken apart of warfarin")
        targets.append((Relation(Entity(0, 7, "drug"), Entity(24, 32, "drug"), "effect"),) if raised else ())
    given_ = [Given(entities=(Entity(0, 7, "drug"), Entity(24, 32, "drug")))] * count
    return Rows(texts, targets, given=given_)
