"""Patterns tried only at their first characters find exactly what the same patterns find when searched everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from _marked import read_notes
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid.lexicon.chinese import fold
from bedside.deid.patterns import anchors
from bedside.deid.patterns.anchors import Anchored, anywhere
from bedside.deid.patterns.survey import FILED_AFTER, Index
from bedside.deid.recognisers.chinese import recognise_zh
from bedside.deid.recognisers.english import recognise_en

NOTES = Path(__file__).parent / "notes"


@pytest.fixture(autouse=True, scope="module")
def filed() -> None:
    """As after many texts; before them every pattern is searched everywhere."""
    anchors.WORDS.file()
    anchors.CHARACTERS.file()


def everywhere(rule: Anchored, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in rule.rule.finditer(text)]


def at_anchors(rule: Anchored, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in rule.finditer(text)]


def test_the_first_texts_are_searched_everywhere_and_later_ones_are_not() -> None:
    index: Index[Anchored] = Index(5, words=True)
    rule = Anchored(r"\b[0-9]+ mg", index=index)
    text = "12 mg, then rest; "
    assert index.survey("rest") == {rule: []}
    assert at_anchors(rule, text) == [(0, 5)]
    long = text * (FILED_AFTER // len(text) + 1)
    assert len(at_anchors(rule, long)) == FILED_AFTER // len(text) + 1
    assert rule not in index.survey("rest")
    assert index.survey(text)[rule] == [0]
    assert at_anchors(rule, text) == [(0, 5)]


@pytest.mark.parametrize("path", sorted(NOTES.glob("en_*.txt")), ids=lambda path: path.stem)
def test_every_english_pattern_finds_the_same_in_the_notes(path: Path) -> None:
    recognise_en("warm")
    assert len(anchors.WORDS.rules) > 50
    for note in read_notes(path):
        for text in (note.text, note.text.upper()):
            for rule in anchors.WORDS.rules:
                assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


@given(st.text(alphabet="aAbS.-/ ,:#@'\n09MRNéſK张_()+", max_size=60))
def test_every_english_pattern_finds_the_same_in_any_text(text: str) -> None:
    recognise_en("warm")
    for rule in anchors.WORDS.rules:
        assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


@pytest.mark.parametrize("path", sorted(NOTES.parent.glob("zh_*.txt")), ids=lambda path: path.stem)
def test_every_chinese_pattern_finds_the_same_in_the_notes(path: Path) -> None:
    recognise_zh("张伟，男")
    assert len(anchors.CHARACTERS.rules) > 50
    for note in read_notes(path):
        text = fold(note.text)
        for rule in anchors.CHARACTERS.rules:
            assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


@given(st.text(alphabet="张王某医师院号床年月日周一三在于住,:。 ()/-.*·\n09aXx\0", max_size=60))
def test_every_chinese_pattern_finds_the_same_in_any_text(text: str) -> None:
    recognise_zh("张伟，男")
    for rule in anchors.CHARACTERS.rules:
        assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


def test_a_pattern_of_words_names_no_chinese_character_and_one_of_characters_may() -> None:
    with pytest.raises(ValueError, match="Chinese"):
        Anchored(r"\b床")
    assert at_anchors(anywhere(r"(?<![\d.])\d{1,2}床"), "12床, 312床, 3.5床") == [(0, 3)]


def test_a_pattern_is_not_tried_in_a_text_without_what_it_needs() -> None:
    rule = anywhere(r"[一-龥]{2}(?:省|市)")
    assert rule not in rule.survey("没有这样的地方")
    assert rule in rule.survey("住在上海市")


PIECES = [*"aS.,:-/ \n9(", "at ", "RN", ".com", "Ave", "Hospital", "the ", "CVS", "School", "er "]


@given(st.lists(st.sampled_from(PIECES)))
def test_words_that_patterns_need_are_seen_wherever_they_stand(parts: list[str]) -> None:
    recognise_en("warm")
    text = "".join(parts)
    for rule in anchors.WORDS.rules:
        assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


def test_a_pattern_that_may_begin_with_any_word_is_not_tried_without_the_word_it_needs() -> None:
    rule = Anchored(r"\b[A-Z][a-z]+[ ](?:Hospital|Clinic)\b")
    assert rule not in rule.survey("Elm Street, Clin path, Mercy HOSPITAL")
    assert rule in rule.survey("Mercy Hospital")
    assert at_anchors(rule, "Elm Street, then Mercy Hospital") == [(17, 31)]


def test_a_word_needed_after_what_may_be_part_of_a_word_is_not_taken_for_one() -> None:
    rule = Anchored(r"\b[A-Z][a-z]+-?(?:stone|field)\b")
    assert at_anchors(rule, "at Longstone, by Long-field") == [(3, 12), (17, 27)]


def test_a_pattern_that_may_begin_inside_a_word_is_searched_everywhere() -> None:
    assert Anchored("ache").read().paths is None
    assert at_anchors(Anchored("ache"), "headache, ache") == [(4, 8), (10, 14)]
    assert Anchored(r"\bache").read().paths is not None
    assert at_anchors(Anchored(r"\bache"), "headache, ache") == [(10, 14)]
