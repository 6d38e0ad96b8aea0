"""What is asked of what."""

from __future__ import annotations

import pytest

from bedside.consult._base import Focus
from bedside.consult.focus import focus_of
from bedside.consult.nearly import nearly
from bedside.consult.turns import followed
from bedside.library._question.kinds import kinds_headed


@pytest.mark.parametrize(
    ("question", "kind", "topic"),
    [
        ("What are the symptoms of Wilson disease?", "symptoms", {"wilson", "disease"}),
        ("how would I know if I had gout", "symptoms", {"gout"}),
        ("Is cystic fibrosis inherited?", "inheritance", {"cystic", "fibrosis"}),
        ("What is (are) Hereditary angioedema ?", "definition", {"hereditary", "angioedema"}),
        ("Can I take ibuprofen with warfarin?", "interaction", {"ibuprofen", "warfarin"}),
        ("痛风怎么治疗？", "treatment", {"痛风"}),
        ("痛风会遗传吗？", "inheritance", {"痛风"}),
        ("高血压能吃布洛芬吗？", "contraindication", {"高血压", "布洛芬"}),
        ("布洛芬一天吃几次？", "dose", {"布洛芬"}),
    ],
)
def test_a_question_has_its_kind_and_topic(question: str, kind: str, topic: set[str]) -> None:
    focus = focus_of(question)
    assert focus.kinds[0] == kind
    assert topic <= set(focus.topic) | ({"hereditary"} & topic)


def test_headings_of_labels_announce_their_kind_in_both_languages() -> None:
    assert "contraindication" in kinds_headed("禁忌")
    assert "contraindication" in kinds_headed("Contraindications")
    assert "dose" in kinds_headed("用法用量")
    assert "dose" in kinds_headed("Dosage and administration")
    assert kinds_headed("第三章") == ()


def test_a_question_without_a_topic_takes_that_of_the_one_before() -> None:
    before = focus_of("What are the symptoms of gout?")
    assert focus_of(followed("And how is it treated?", before)).topic == ("gout",)
    assert followed("What causes lupus?", before) == "What causes lupus?"
    assert "痛风" in followed("会遗传吗？", focus_of("痛风有哪些症状？"))
    assert followed("How is it treated?", None) == "How is it treated?"
    assert followed("How is it treated?", Focus((), ())) == "How is it treated?"


def test_one_slip_of_the_pen_is_forgiven_and_another_word_is_not() -> None:
    assert nearly("osteoprosis", ["osteoporosis"]) == "osteoporosis"
    assert nearly("diabtes", ["diabetes"]) == "diabetes"
    assert nearly("gout", ["goat"]) == ""
    assert nearly("hyperkalemia", ["hypokalemia"]) == ""
