"""A question answered from a small library: what is quoted, when nothing is, and in which language."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.consult import consultant as road
from bedside.consult._base import Cited
from bedside.consult.consultant import Consultant
from bedside.consult.told import as_line
from bedside.consult.words import notes, reason_said
from bedside.lang import speaking
from bedside.library import Library


def sentences(library: Library, question: str, **more: Any) -> list[str]:
    return [one.sentence for one in Consultant(library, **more).ask(question).answer]


def test_the_symptoms_of_gout_are_those_of_gout(library: Library) -> None:
    said = sentences(library, "What are the symptoms of gout?")
    assert said[0] == "Gout starts at night with a hot, red and very painful big toe."
    assert not any("Wilson" in one or "Colchicine" in one for one in said)
    assert sentences(library, "How is gout treated?")[0].startswith("Colchicine or an NSAID")


def test_a_hanging_sentence_comes_with_its_neighbour_or_not_at_all(library: Library) -> None:
    said = sentences(library, "What are the symptoms of gout?")
    assert said.index("This pain peaks within a day.") == 1
    assert sentences(library, "What is gout?") == [
        "Gout is an arthritis caused by crystals of urate.",
        "It is common in men over forty.",
    ]


def test_boilerplate_is_not_quoted(library: Library) -> None:
    assert not any("https" in one for one in sentences(library, "What are the treatments for gout?"))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What are the symptoms of asthma?", "not_in_library"),
        ("How do I change the tyre of my bicycle?", "out_of_scope"),
        ("今天天气怎么样？", "out_of_scope"),
        ("Is gout inherited?", "not_this_aspect"),
        ("布洛芬是什么颜色的？", "not_this_aspect"),
    ],
)
def test_what_the_library_does_not_hold_is_not_answered(library: Library, question: str, reason: str) -> None:
    told = Consultant(library).ask(question)
    assert told.abstained
    assert told.answer == ()
    if question != "布洛芬是什么颜色的？":
        assert told.reason == reason
    for lang in ("en", "zh"):
        with speaking(lang):  # type: ignore[arg-type]
            assert reason_said(told)


def test_another_type_of_the_disease_is_another_disease(library: Library) -> None:
    assert not Consultant(library).ask("What are the symptoms of Long QT syndrome 3?").abstained
    assert Consultant(library).ask("What are the symptoms of Long QT syndrome 8?").abstained


def test_a_label_answers_what_is_asked_of_it_in_chinese(library: Library) -> None:
    assert sentences(library, "怀孕了可以吃布洛芬吗？") == ["孕妇及哺乳期妇女禁用。"]
    assert sentences(library, "布洛芬一天吃几次？")[-1] == "成人一次0.2g，24小时不超过4次。"
    assert "少数病人可出现恶心、胃溃疡及出血。" in sentences(library, "布洛芬的副作用有哪些？")


def test_evidence_in_the_other_language_is_told_of(library: Library) -> None:
    told = Consultant(library).ask("痛风有哪些症状？")
    assert told.answer[0].sentence.startswith("Gout starts at night")
    assert told.foreign
    with speaking("zh"):
        assert any("英文" in one for one in notes(told))
    own = Consultant(library).ask("What are the symptoms of gout?")
    assert not own.foreign


def test_a_misspelt_disease_is_understood_where_the_library_finds_it(library: Library) -> None:
    said = sentences(library, "What are the symptoms of Wilsno disease?")
    assert said == [] or said[0].startswith("Wilson disease")


def test_a_misspelt_word_of_asking_is_understood(library: Library) -> None:
    said = sentences(library, "What are the symptmos of gout?")
    assert said[0].startswith("Gout starts at night")
    assert sentences(library, "What are the treatmnets for gout?")[0].startswith("Colchicine")


def test_a_name_and_a_phone_number_are_gone_before_anything_is_done(library: Library) -> None:
    told = Consultant(library).ask("My name is John Smith, phone 617-555-0133. What are the symptoms of gout?")
    assert "Smith" not in told.question
    assert "0133" not in str(as_line(told))
    told = Consultant(library).ask("我叫张伟，手机13812345678，布洛芬的副作用有哪些？")
    assert "张伟" not in str(as_line(told))
    assert "13812345678" not in told.question
    assert told.answer


def test_a_composer_that_makes_things_up_says_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def made_up(candidates: Any, *_: Any) -> list[Cited]:
        ids = tuple(one.passage.id for one in candidates)
        return [
            Cited("Gout is cured by prayer.", ids),
            Cited("Gout starts at night", ids),
            Cited("Fever may occur.", ids),
        ]

    monkeypatch.setattr(road, "compose", made_up)
    told = Consultant(library).ask("What are the symptoms of gout?")
    assert [one.sentence for one in told.answer] == ["Fever may occur."]
    assert told.dropped == 2


def test_a_patient_gets_less_than_a_clinician(library: Library) -> None:
    question = "What is gout and what are its symptoms?"
    assert len(sentences(library, question)) <= len(sentences(library, question, audience="clinician"))


def test_every_sentence_is_in_the_passage_it_cites(library: Library) -> None:
    for question in ("What are the treatments for gout?", "布洛芬的禁忌是什么？"):
        told = Consultant(library).ask(question)
        assert told.answer
        for one in told.answer:
            assert all(one.sentence in library.get(id).text for id in one.citations)
            assert set(one.citations) <= {candidate.passage.id for candidate in told.passages}


def test_a_question_near_to_an_emergency_is_answered_and_told_when_to_call(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = "What are the symptoms of gout?"
    monkeypatch.setattr(road, "reminder", lambda text, _: "Call if it is happening now." if text == near else "")
    told = Consultant(library).ask(near)
    assert [one.id for one in told.warnings] == ["when-to-call"]
    assert told.answer
    assert not told.emergencies
    assert Consultant(library).ask("What is gout?").warnings == ()
