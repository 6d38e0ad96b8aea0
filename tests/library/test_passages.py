"""Passages: cut along the structure of a text, each where it says it stands, the same however often they are cut."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.library._base import Block, Body
from bedside.library._reading.split import BOUND, ids_of, split, units

GUIDE = """Gout is treated with rest. Ice helps.

Colchicine is given within 36 hours. It is not given in severe kidney disease."""
GUIDE_ZH = "痛风急性期应卧床休息。秋水仙碱应在36小时内使用。严重肾功能不全者禁用。"

TEXTS = st.text(st.sampled_from("ab 糖尿病。.\n!？?x9，,é\u3000\u2028"), max_size=400)


def said(text: str, bound: int = BOUND) -> list[str]:
    return [text[one.start : one.end] for one in split(text, bound=bound)]


def test_a_short_text_is_one_passage_and_a_longer_one_is_cut_between_paragraphs() -> None:
    assert said(GUIDE) == [GUIDE]
    assert said(GUIDE, 20) == GUIDE.split("\n\n")


def test_a_paragraph_that_is_too_long_is_cut_between_sentences_in_both_languages() -> None:
    assert said(GUIDE.split("\n\n")[0], 6) == ["Gout is treated with rest.", "Ice helps."]
    assert said(GUIDE_ZH, 16) == ["痛风急性期应卧床休息。", "秋水仙碱应在36小时内使用。", "严重肾功能不全者禁用。"]


def test_a_decimal_and_an_abbreviation_do_not_end_a_sentence() -> None:
    text = "Give 2.5 mg approx. twice a day. Stop if blood pressure falls."
    assert said(text, 14) == ["Give 2.5 mg approx. twice a day.", "Stop if blood pressure falls."]


def test_a_passage_never_holds_parts_of_two_sections() -> None:
    body = Body()
    body.add("Uses", "Pain.")
    body.add("禁忌", "孕妇禁用。")
    pieces = split(body.text, body.blocks)
    assert [(one.heading, body.text[one.start : one.end]) for one in pieces] == [
        ("Uses", "Pain."),
        ("禁忌", "孕妇禁用。"),
    ]


@given(TEXTS, st.integers(1, 30))
@settings(max_examples=300, deadline=None)
def test_every_word_is_in_exactly_one_passage_in_order_and_none_is_too_long(text: str, bound: int) -> None:
    pieces = split(text, bound=bound)
    at = 0
    for one in pieces:
        assert text[at : one.start].strip() == ""
        assert one.start < one.end
        assert text[one.start : one.end] == text[one.start : one.end].strip()
        assert 0 < units(text[one.start : one.end]) <= bound
        at = one.end
    assert text[at:].strip() == ""


@given(TEXTS, st.integers(1, 30))
@settings(max_examples=200, deadline=None)
def test_a_passage_cut_again_is_itself(text: str, bound: int) -> None:
    for passage in said(text, bound):
        assert said(passage, bound) == [passage]


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=30)), max_size=6))
@settings(max_examples=200, deadline=None)
def test_the_parts_of_a_body_stand_where_its_blocks_say(parts: list[tuple[str, str]]) -> None:
    body = Body()
    for heading, text in parts:
        body.add(heading, text)
    kept = [text.strip() for _, text in parts if text.strip()]
    assert [body.text[one.start : one.end] for one in body.blocks] == kept


def test_a_passage_is_named_by_what_it_says_and_not_by_where_it_stands() -> None:
    first = ids_of([("Gout", "", "Rest."), ("Gout", "", "Ice.")])
    assert ids_of([("Gout", "", "Ice."), ("Gout", "", "Heat.")])[0] == first[1]
    assert len({*first, *ids_of([("Gout", "Uses", "Rest.")]), *ids_of([("痛风", "", "Rest.")])}) == 4


def test_a_sentence_that_is_said_twice_is_two_passages() -> None:
    one, two = ids_of([("Gout", "", "Rest.")] * 2)
    assert one != two
    assert re.fullmatch(r"[0-9a-f]{12}", one)


def test_a_block_without_words_gives_no_passage() -> None:
    assert split("  \n ", [Block(0, 4)]) == []
