"""Of passages on one topic, those that speak of what is asked come first; nothing else changes places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.library._question.said import DEPTH, by_kind
from bedside.types import Passage

CAUSE = "Gout is due to uric acid crystals. They settle in a joint."
CURE = "Gout is treated with colchicine. Rest helps."
CAUSE_ZH = "痛风由尿酸结晶所致。多见于关节。"
CURE_ZH = "痛风急性期口服秋水仙碱。注意休息。"


def passage(text: str, score: float = 9.0) -> Passage:
    return Passage(text=text, citation="", source="set", version="1", score=score)


def first(question: str, *texts: str) -> str:
    return by_kind(question, [passage(text) for text in texts])[0].text


@pytest.mark.parametrize(
    ("question", "wanted", "other"),
    [
        ("What causes gout?", CAUSE, CURE),
        ("What are the treatments for gout?", CURE, CAUSE),
        ("痛风是什么原因引起的？", CAUSE_ZH, CURE_ZH),
        ("痛风怎么治疗？", CURE_ZH, CAUSE_ZH),
    ],
)
def test_what_is_asked_comes_before_the_rest_of_its_topic(question: str, wanted: str, other: str) -> None:
    assert first(question, other, wanted) == wanted
    assert first(question, wanted, other) == wanted


def test_a_passage_that_is_much_further_from_the_topic_stays_behind() -> None:
    found = by_kind("What causes gout?", [passage(CURE, 60.0), passage(CAUSE, 50.0)])
    assert [one.text for one in found] == [CURE, CAUSE]


def test_what_something_is_is_told_by_the_longer_passage() -> None:
    short, long = "Gout is a form of arthritis.", "Gout is a form of arthritis. " * 9
    assert first("What is gout?", short, long) == long


def test_a_question_of_no_kind_changes_nothing() -> None:
    found = [passage(CURE), passage(CAUSE)]
    assert by_kind("gout", found) == found


@given(st.lists(st.tuples(st.sampled_from([CAUSE, CURE, CAUSE_ZH, ""]), st.floats(0, 60)), max_size=30))
def test_none_is_lost_scores_fall_and_only_the_first_move(drawn: list[tuple[str, float]]) -> None:
    ranked = sorted(drawn, key=lambda one: -one[1])
    found = [replace(passage(text, score), id=str(at)) for at, (text, score) in enumerate(ranked)]
    ordered = by_kind("What causes gout?", found)
    assert {one.id for one in ordered[:DEPTH]} == {one.id for one in found[:DEPTH]}
    assert ordered[DEPTH:] == found[DEPTH:]
    assert [one.score for one in ordered] == sorted((one.score for one in ordered), reverse=True)
