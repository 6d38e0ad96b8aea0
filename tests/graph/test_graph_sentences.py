"""What sentences, titles and headings say of two concepts, and what they do not: in both languages, as data has it."""

from __future__ import annotations

import re

import pytest

from bedside.graph import patterns
from bedside.graph._extract import _settled, stated_polarity
from bedside.graph.patterns import Said, read_patterns, said
from bedside.graph.structure import of_heading, of_title, read_structure
from bedside.phenotypes.context import contexts

EXAMPLES = [
    (number, one["relation"], kind, sentence)
    for number, one in enumerate(read_patterns())
    for kind in ("yes", "no")
    for sentence in one[kind]
]


def marked(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """A sentence without its brackets, and where they stood."""
    spans = [
        (match.start() - 2 * number, match.end() - 2 * number - 2)
        for number, match in enumerate(re.finditer(r"\[.*?\]", sentence))
    ]
    return re.sub(r"[\[\]]", "", sentence), spans


def found(sentence: str) -> list[Said]:
    text, spans = marked(sentence)
    return list(said(text, (0, len(text)), spans))


@pytest.mark.parametrize(("number", "relation", "kind", "sentence"), EXAMPLES)
def test_a_pattern_holds_in_its_own_examples_and_not_in_the_others(
    number: int, relation: str, kind: str, sentence: str
) -> None:
    affirmed = [one for one in found(sentence) if one.relation == relation and one.sure == "affirmed"]
    assert bool(affirmed) == (kind == "yes")
    first = read_patterns()[number]["head"] == "first"
    assert all((one.head < one.tail) == first for one in affirmed)


def test_every_pattern_has_an_example_of_each_kind_and_both_languages_say_every_relation_of_drugs() -> None:
    assert all(one["yes"] and one["no"] for one in read_patterns())
    by_lang = {lang: {one["relation"] for one in read_patterns() if one["lang"] == lang} for lang in ("en", "zh")}
    wanted = {"treats", "causes", "has_phenotype", "contraindicated_in", "interacts_with", "has_side_effect"}
    assert wanted <= by_lang["en"]
    assert wanted <= by_lang["zh"]


@pytest.mark.parametrize(
    ("sentence", "pairs"),
    [
        ("[Fever], [cough] and [diarrhoea] are symptoms of [influenza].", {(3, 0), (3, 1), (3, 2)}),
        ("[痛风]的主要症状包括[发热]、[咳嗽]和[腹泻]。", {(0, 1), (0, 2), (0, 3)}),
    ],
)
def test_a_list_of_findings_is_related_finding_by_finding(sentence: str, pairs: set[tuple[int, int]]) -> None:
    assert {(one.head, one.tail) for one in found(sentence) if one.relation == "has_phenotype"} == pairs


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("[Metformin] is used to treat [diabetes].", 1),
        ("There is no evidence that [metformin] treats [gout].", -1),
        ("目前尚无证据表明[阿司匹林]可治疗[癌症]。", -1),
        ("[阿司匹林]可治疗[发热]。", 1),
        ("[Metformin] should not be given to people with [kidney failure].", 1),
        ("[二甲双胍]禁用于[肾衰竭]患者。", 1),
    ],
)
def test_a_denial_around_the_wording_denies_the_relation_and_one_within_it_does_not(
    sentence: str, polarity: int
) -> None:
    text, spans = marked(sentence)
    (one,) = found(sentence)
    assert one.sure == "affirmed"
    assert stated_polarity(text, (0, len(text)), spans, one.gap) == polarity


@pytest.mark.parametrize("where", ["title", "heading"])
def test_titles_and_headings_say_what_their_examples_say(where: str) -> None:
    for one in read_structure()[where]:
        assert one["yes"]
        assert one["no"]
        for said_, wanted in [(text, True) for text in one["yes"]] + [(text, False) for text in one["no"]]:
            told = of_title(said_) if where == "title" else of_heading(said_)
            relation = None if told is None else told.relation if where == "title" else told[0]  # type: ignore[union-attr, index]
            assert (relation == one["relation"]) == wanted, said_


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("What is (are) Gout ?", "Gout"),
        ("What are the treatments for Kidney Stones in Adults ?", "Kidney Stones in Adults"),
        ("痛风有哪些症状？", "痛风"),
        ("歌舞伎综合征的治疗方法有哪些", "歌舞伎综合征"),
    ],
)
def test_a_title_names_whom_it_is_of(title: str, subject: str) -> None:
    below = of_title(title)
    assert below is not None
    assert below.subject == subject


def test_two_sentences_are_not_one() -> None:
    text = "He takes metformin. Treats gout himself."
    assert len(patterns.sentences(text)) == 2


@pytest.mark.parametrize(
    ("text", "name", "negated"),
    [
        ("Absent eyelashes - Cataract - Short stature", "Cataract", False),
        ("Absent palmar crease 7.5% Hernia 5%", "Hernia", False),
        ("Denies cough. Absent fever", "fever", True),
        ("没有发热 - 咳嗽", "发热", True),
    ],
)
def test_a_denial_ends_with_its_entry_of_a_list(text: str, name: str, negated: bool) -> None:
    at = text.index(name)
    assert contexts(_settled(text), [(at, at + len(name))])[0].negated == negated
