"""What findings are called: in the language in force, by the clinic's name and by the patient's words."""

from __future__ import annotations

import pytest

from bedside.lang import Lang, speaking
from bedside.phenotypes.called import EVERYDAY, Called
from bedside.phenotypes.reader import Reader


@pytest.fixture
def called(reader: Reader) -> Called:
    return Called(reader.hpo)


@pytest.mark.parametrize(("lang", "name"), [("en", "Splenomegaly"), ("zh", "脾大")])
def test_a_finding_has_its_name_in_either_language(called: Called, lang: Lang, name: str) -> None:
    with speaking(lang):
        assert name[:1] == called.name("HP:0001744")[:1]
        assert called.known("HP:0001744")
        assert called.everyday("HP:0001744")
        assert called.name("HP:0001744") not in called.everyday("HP:0001744")
        assert len(called.everyday("HP:0001744")) <= EVERYDAY


def test_a_finding_without_a_chinese_name_keeps_its_english_one_and_that_is_known(called: Called) -> None:
    with speaking("zh"):
        assert called.name("HP:0000006") == "Autosomal dominant inheritance"
        assert not called.known("HP:0000006")
    assert called.known("HP:0000006")


def test_a_term_of_another_release_keeps_the_name_it_came_with(called: Called) -> None:
    assert called.name("HP:7777777", "Something new") == "Something new"
    assert called.name("HP:7777777") == "HP:7777777"
    assert called.everyday("HP:7777777") == ()


@pytest.mark.parametrize(("lang", "said"), [("en", "Fever, Seizure"), ("zh", "发热、癫痫发作")])
def test_several_findings_are_listed_as_the_language_lists(called: Called, lang: Lang, said: str) -> None:
    with speaking(lang):
        assert called.names(["HP:0001945", "HP:0001250"]) == said
