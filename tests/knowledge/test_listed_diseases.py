"""What a language model wrote is read as names of diseases, whatever its list looks like, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.knowledge._ranker import Ranker
from bedside.tasks._disease_links import DiseaseLinks, words_of
from bedside.tasks._listed_diseases import MOST, Listed, Named, listed

MARFAN_AND_KBG = ["Marfan syndrome", "KBG syndrome"]


def names(text: str) -> list[str]:
    return [one.name for one in listed(text).names]


@pytest.mark.parametrize(
    "text",
    [
        "1. Marfan syndrome\n2. KBG syndrome",
        "1) Marfan syndrome\n2) KBG syndrome",
        "Here are the likeliest:\n\n1. **Marfan syndrome** - long limbs\n2. **KBG syndrome**: large teeth\nBye!",
        "**1. Marfan syndrome**\nIt has long limbs.\n\n**2. KBG syndrome**\nLarge teeth.",
        "1. Marfan syndrome\n   - long limbs\n   - myopia\n2. KBG syndrome\n   - large teeth",
        "- Marfan syndrome\n  - long limbs\n- KBG syndrome",
        "• Marfan syndrome — long limbs\n• KBG syndrome",
        "1. Marfan syndrome 2. KBG syndrome",
        "Marfan syndrome\nKBG syndrome",
        "1. Marfan syndrome (OMIM:154700)\n2. KBG syndrome (OMIM #148050)",
        "1. Marfan syndrome\n2. MARFAN SYNDROME\n3. KBG syndrome",
        "<think>1. Gout, perhaps\n2. No.</think>\n1. Marfan syndrome\n2. KBG syndrome",
        '["Marfan syndrome", "KBG syndrome"]',
        '```json\n[{"disease": "Marfan syndrome", "why": "limbs"}, {"disease": "KBG syndrome"}]\n```',
        '{"differential": ["1. Marfan syndrome", "2. KBG syndrome"]}',
        "1. Marfan syndrome, which explains the limbs\n2. KBG syndrome because of the teeth",
    ],
)
def test_a_list_is_read_in_its_order_whatever_its_marks(text: str) -> None:
    assert names(text) == MARFAN_AND_KBG


@pytest.mark.parametrize(
    "text",
    [
        "1. 马凡综合征（Marfan syndrome）\n2. KBG综合征（KBG syndrome）",
        "1、马凡综合征（Marfan syndrome）：四肢细长\n2、KBG综合征（KBG syndrome）：牙齿大。",
        "一、马凡综合征（Marfan syndrome）\n二、KBG综合征（KBG syndrome）",
        "① 马凡综合征 Marfan syndrome\n② KBG综合征 KBG syndrome",
        "可能的疾病：\n（1）马凡综合征（Marfan syndrome）\n（2）KBG综合征（KBG syndrome）",
    ],
)
def test_a_chinese_list_keeps_the_english_names_beside_its_own(text: str) -> None:
    found = listed(text).names
    assert [one.name for one in found] == ["马凡综合征", "KBG综合征"]
    assert [one.others[0] for one in found] == MARFAN_AND_KBG


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("I'm sorry, but I cannot diagnose a patient.", True),
        ("抱歉，我无法提供诊断。", True),
        ("", False),
        ("   \n\n", False),
        ("[]", False),
        ("The patient should see a doctor.", False),
        ("1. \n2. \n", False),
    ],
)
def test_no_list_is_none_and_a_refusal_is_told_apart_from_silence(text: str, refused: bool) -> None:
    assert listed(text) == Listed((), refused)


def test_an_id_is_kept_beside_its_name_and_stands_for_a_name_that_is_missing() -> None:
    found = listed("1. Marfan syndrome (OMIM: 154700)\n2. OMIM:148050\n3. Leigh disease, ORPHA:506").names
    assert [(one.name, one.id) for one in found] == [
        ("Marfan syndrome", "OMIM:154700"),
        ("OMIM:148050", "OMIM:148050"),
        ("Leigh disease", "ORPHA:506"),
    ]


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_and_none_gives_more_than_it_may(text: str) -> None:
    found = listed(text)
    assert len(found.names) <= MOST
    assert all(one.name for one in found.names)
    assert not (found.refused and found.names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gaucher's disease", "Gaucher disease"),
        ("Ehlers–Danlos syndrome, type IV", "ehlers danlos syndrome 4"),
        ("Anaemia, Fanconi", "anemia fanconi"),
        ("Mucopolysaccharidosis type IIIB", "Mucopolysaccharidosis 3b"),
        ("Sjögren-Larsson syndrome", "Sjogren-Larsson syndrome"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_types_of_one_disease_are_not_alike() -> None:
    assert words_of("Mucopolysaccharidosis type II") != words_of("Mucopolysaccharidosis type III")


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("fictional ATAXIA", ["OMIM:100002"]),
        ("Ataxia, fictional", ["OMIM:100002"]),
        ("Fictional cataract", ["OMIM:100003"]),
        ("Fictional epilepsy", ["OMIM:100001"]),
        ("Fictional heart", ["OMIM:100004"]),
        ("Gout", []),
        ("syndrome", []),
    ],
)
def test_a_name_is_linked_to_the_disease_it_means_or_to_none(ranker: Ranker, name: str, ids: list[str]) -> None:
    found = DiseaseLinks(ranker).of(Named(name))
    assert [ranker.hpo.diseases[one] for one in found] == ids


def test_a_name_is_believed_before_the_id_beside_it_and_an_id_before_nothing(ranker: Ranker) -> None:
    links = DiseaseLinks(ranker)
    wrong = links.of(Named("Fictional ataxia", id="OMIM:100004"))
    alone = links.of(Named("Some invented name", id="OMIM:100004"))
    orphanet = links.of(Named("Some invented name", id="ORPHA:77"))
    assert [ranker.hpo.diseases[one] for one in (*wrong, *alone, *orphanet)] == [
        "OMIM:100002",
        "OMIM:100004",
        "OMIM:100004",
    ]
    assert links.of(Named("Some invented name", id="OMIM:999999")) == ()


def test_likeness_is_asked_only_for_what_no_name_has(ranker: Ranker) -> None:
    asked: list[str] = []

    def nearest(name: str) -> tuple[int, ...]:
        asked.append(name)
        return (0,)

    links = DiseaseLinks(ranker, nearest)
    assert links.of(Named("Fictional ataxia")) != (0,)
    assert links.of(Named("Fit disease")) == (0,)
    assert asked == ["Fit disease"]
