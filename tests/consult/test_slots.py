"""Asked back is what matters and is not told: signs of danger for a symptom, pregnancy for a medicine, nothing else."""

from __future__ import annotations

import pytest

from bedside.consult._symptoms import Symptom, symptoms, symptoms_in
from bedside.consult.slots import Slot, missing, with_answer
from bedside.emergency import emergencies
from bedside.facts.person import Known, Person
from bedside.lang import speaking


def asked(question: str, person: Person | None = None) -> list[str]:
    return [slot.id for slot in missing(question, person)]


@pytest.mark.parametrize("one", symptoms(), ids=lambda one: one.id)
def test_a_symptom_is_read_in_its_own_sentences(one: Symptom) -> None:
    for text in one.told:
        assert one.id in [found.id for found in symptoms_in(text)]
    for text in one.untold:
        assert one.id not in [found.id for found in symptoms_in(text)]


@pytest.mark.parametrize("question", ["What is diabetes?", "糖尿病是什么？", "What are side effects of ibuprofen?"])
def test_a_general_question_needs_nothing(question: str) -> None:
    assert asked(question) == []


@pytest.mark.parametrize("question", ["I have chest pain.", "我胸口疼怎么办？"])
def test_signs_of_danger_come_first_for_a_symptom(question: str) -> None:
    slots = asked(question)
    assert slots[:3] == ["companions", "duration", "severity"]
    assert "allergies" not in slots


@pytest.mark.parametrize(
    ("question", "slot", "told"),
    [
        ("I have a headache.", "duration", "I have had a headache for two weeks."),
        ("我头疼。", "duration", "我头疼三天了。"),
        ("I have a headache.", "severity", "I have a mild headache."),
        ("我头疼。", "severity", "我有点头疼。"),
        ("I have a headache.", "age", "I am 34 years old and have a headache."),
        ("我头疼。", "age", "我34岁，头疼。"),
        ("My stomach hurts.", "pregnancy", "I am not pregnant and my stomach hurts."),
        ("我肚子疼。", "pregnancy", "我没有怀孕，肚子疼。"),
        ("My stomach hurts.", "pregnancy", "My husband's stomach hurts."),
        ("我肚子疼。", "pregnancy", "我儿子肚子疼。"),
        ("I have a headache.", "medicines", "I have a headache and I take amlodipine."),
        ("Can I take ibuprofen?", "allergies", "I have no allergies. Can I take ibuprofen?"),
    ],
)
def test_what_is_told_is_not_asked_again(question: str, slot: str, told: str) -> None:
    assert slot in asked(question)
    assert slot not in asked(told)


def test_what_the_chart_says_is_not_asked() -> None:
    person = Person(
        age_years=70,
        sex="male",
        conditions=(Known("CKD", ("c",), ("ckd",)),),
        medicines=(Known("warfarin", ("m",), ("warfarin",)),),
        allergies=(Known("penicillin", ("a",), ("penicillin",)),),
    )
    assert asked("Can I take ibuprofen?", person) == []
    assert asked("Can I take ibuprofen?") == ["pregnancy", "conditions", "medicines", "allergies", "age"]


def test_a_medicine_is_asked_about_by_what_the_table_knows_of_it() -> None:
    slots = {slot.id: slot for slot in missing("Can I take metformin?", None)}
    assert "eGFR" in slots["conditions"].question
    with speaking("zh"):
        assert "肾" in next(slot for slot in missing("能吃布洛芬吗？", None) if slot.id == "conditions").question


@pytest.mark.parametrize("question", ["Can I take ibuprofen?", "我肚子疼。", "能吃布洛芬吗？", "My head hurts."])
@pytest.mark.parametrize("answer", ["no", "没有", "yes", "since 3 days ago", "2天"])
def test_every_question_asked_is_answered_once(question: str, answer: str) -> None:
    for _ in range(12):
        slots = missing(question, None)
        if not slots:
            return
        before = [slot.id for slot in slots]
        question = with_answer(question, slots[0], answer)
        assert before[0] not in asked(question)
    pytest.fail("it asks for ever")


def test_a_sign_of_danger_that_is_admitted_raises_the_emergency() -> None:
    question = "I have chest pain."
    slot = missing(question, None)[0]
    assert emergencies(with_answer(question, slot, "yes"))
    assert not emergencies(with_answer(question, slot, "no"))
    assert emergencies(with_answer(question, slot, "I am sweating"))


def test_an_empty_answer_changes_nothing() -> None:
    assert with_answer("I cough.", Slot("age", "", ""), "  ") == "I cough."
