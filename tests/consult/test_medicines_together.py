"""Two medicines that a question names: what the rules know of the pair is a warning with its source, no answer."""

from __future__ import annotations

import pytest

from bedside.consult._base import Consultation, Focus, Warning
from bedside.consult.personal import warnings
from bedside.consult.words import reason_said
from bedside.facts.person import Known, Person
from bedside.lang import speaking


def told(question: str, person: Person | None = None) -> list[Warning]:
    return [one for one in warnings(question, (), person or Person()) if one.citation]


@pytest.mark.parametrize(
    ("harmful", "harmless"),
    [
        ("Can I take ibuprofen with warfarin?", "Can I take paracetamol with amoxicillin?"),
        ("Is linezolid ok with tramadol?", "Is linezolid ok with paracetamol?"),
        ("May my father take colchicine and clarithromycin?", "May my father take colchicine and amoxicillin?"),
        ("Can I add naproxen to ibuprofen?", "Can I rub diclofenac gel on my knee while I take ibuprofen?"),
        ("布洛芬能和华法林一起吃吗？", "对乙酰氨基酚能和阿莫西林一起吃吗？"),
        ("利奈唑胺和曲马多能一起用吗？", "利奈唑胺和对乙酰氨基酚能一起用吗？"),
        ("秋水仙碱和克拉霉素可以同服吗？", "秋水仙碱和阿莫西林可以同服吗？"),
    ],
)
def test_a_pair_that_harms_is_warned_of_with_its_source_and_another_is_not(harmful: str, harmless: str) -> None:
    assert told(harmful)
    assert not told(harmless)


def test_a_pair_is_told_once_though_table_and_rules_both_know_it() -> None:
    assert len(told("Can I take ibuprofen with warfarin?")) == 1


def test_a_medicine_of_the_chart_counts_with_one_of_the_question_and_its_entry_is_named() -> None:
    person = Person(medicines=(Known("tramadol 50 mg", ("m1",), ()),))
    (one,) = told("Can I take linezolid?", person)
    assert one.entries == ("m1",)
    assert one.id.startswith("interaction.")
    assert not told("What is linezolid?")


def test_the_words_are_the_askers_and_the_years_are_told() -> None:
    with speaking("zh"):
        (one,) = told("利奈唑胺和曲马多能一起用吗？")
    assert "合用" in one.text
    assert "(20" in one.citation


def test_an_abstention_says_that_the_pair_is_told_beside_it() -> None:
    silent = Consultation(question="", lang="en", focus=Focus((), ()), reason="not_in_library")
    known = Warning("Bleeding.", "warfarin with ibuprofen", "BNF 86, Interactions (2023)")
    beside = Consultation(question="", lang="en", focus=Focus((), ()), reason="not_in_library", warnings=(known,))
    assert "as a warning" in reason_said(beside)
    assert "as a warning" not in reason_said(silent)
