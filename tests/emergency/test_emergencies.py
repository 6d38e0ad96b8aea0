"""Emergencies are recognised when somebody has them now, and not when they are denied, past, feared or asked about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.emergency import emergencies
from bedside.emergency._flags import Flag, flags
from bedside.emergency.wording import trigger
from bedside.lang import speaking

DATA = Path(__file__).parent / "data"
NAMED = 0.93
"""Of the sentences put by, so many are recognised by the flag that was meant."""


def ids(text: str) -> list[str]:
    return [one.id for one in emergencies(text)]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("flag", flags(), ids=lambda flag: flag.id)
def test_a_flag_is_raised_by_its_own_sentences_and_not_by_the_others(flag: Flag, lang: str) -> None:
    assert flag.fires[lang]
    assert flag.silent[lang]
    assert [text for text in flag.fires[lang] if flag.id not in ids(text)] == []
    assert [text for text in flag.silent[lang] if flag.id in ids(text)] == []


def test_every_flag_has_words_in_both_languages_and_a_dated_source() -> None:
    for flag in flags():
        assert all([*flag.name, *flag.what_to_do])
        assert "{" not in "".join(flag.what_to_do)
        assert re.search(r"\b(?:19|20)\d\d\b", flag.source)
    assert len({flag.id for flag in flags()}) == len(flags()) >= 50


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_sentences_that_were_put_by_are_recognised(lang: str) -> None:
    lines = [line.split("\t") for line in (DATA / f"heldout_{lang}.txt").read_text(encoding="utf-8").splitlines()]
    meant = [(id, text) for id, text in lines if id != "-"]
    assert sum(id in ids(text) for id, text in meant) / len(meant) >= NAMED
    harmless = [text for id, text in lines if id == "-"]
    assert sum(bool(ids(text)) for text in harmless) <= 1


@pytest.mark.parametrize(
    ("here", "not_here"),
    [
        ("I have crushing chest pain and I am sweating.", "I have no chest pain and I am not sweating."),
        ("My father cannot speak and his face is drooping.", "My father had a stroke in 2015 and his face drooped."),
        ("我胸口剧痛，出冷汗。", "我没有胸痛，也不出冷汗。"),
        ("我爸刚才突然说不出话，嘴歪了。", "我爸十年前得过脑梗，嘴歪。"),
        ("My baby of 6 weeks, a 6-week-old, has a fever.", "My 6-week-old has no fever."),
        ("She is having a seizure now.", "What should I do if she has a seizure?"),
        ("孩子正在抽搐。", "如果孩子抽搐该怎么办？"),
        ("I want to kill myself.", "I read an article about suicide."),
        ("我不想活了。", "他否认有不想活的念头。"),
        ("I am vomiting blood.", "Can ibuprofen make people vomit blood?"),
        ("她呕血了。", "什么病会呕血？"),
        ("Fever and a stiff neck since this morning.", "Fever since this morning, no stiff neck."),
        ("发烧，脖子发硬。", "发烧，脖子不硬。"),
        ("I came back from Ghana with a fever.", "I came back from Ghana without a fever."),
        ("从非洲回来后发烧。", "从非洲回来，没有发烧。"),
        ("My dog bit me and the blood won't stop, it is pouring out.", "Our dog was shot, he is bleeding heavily."),
        ("我儿子抽搐十分钟了还在抖。", "我家狗抽搐十分钟了还在抖。"),
        ("My dad's face droops since lunch.", "In my novel the hero's face droops since lunch."),
        ("我爸突然嘴歪了。", "单选题：男，60岁，突然嘴歪了，首选检查是"),
        ("He watched the match on TV and suddenly collapsed, not breathing.", "On TV a man collapsed, not breathing."),
        ("At her exam question she had a seizure, still shaking.", "Exam question: she is having a seizure."),
        ("老爷子正看电视剧里的战争片，突然倒地，没有呼吸了。", "电视剧里那个男的突然倒地，没有呼吸了。"),
        ("家里狗一直叫，跑过去一看老头倒地叫不醒了。", "家里狗一直吐，倒地叫不醒了。"),
        (
            "He had a stroke in 2015 and his face droops again today.",
            "He had a stroke in 2015, his face still droops a bit.",
        ),
        ("2015年脑梗，今天左边脸又歪了。", "2015年脑梗，现在左边脸还有点歪。"),
        (
            "She had a heart attack last year and has crushing chest pain.",
            "She had crushing chest pain last year and has a stent.",
        ),
        ("I had a clot two years ago and I can't breathe.", "I couldn't breathe two years ago and have been checked."),
        ("He had a stroke years ago, he is not breathing.", "He stopped breathing in 2018 and is well."),
        ("我妈前年心梗过，正胸口剧痛出大汗。", "我妈前年胸口剧痛出大汗，正在吃阿司匹林。"),
        ("The carbon monoxide alarm is going off.", "Where should we install the carbon monoxide alarm?"),
    ],
)
def test_two_texts_differ_in_whether_somebody_has_it_now(here: str, not_here: str) -> None:
    assert ids(here)
    assert not ids(not_here)


def test_the_parts_of_an_emergency_may_be_told_in_two_sentences_but_both_must_be_there() -> None:
    assert "heart-attack" in ids("My chest hurts a lot. I am sweating.")
    assert "heart-attack" not in ids("My chest muscle is sore. I was sweating at the gym.")


def test_the_most_pressing_comes_first_and_the_words_are_the_users() -> None:
    found = ids("My husband collapsed, he is not breathing, and he had chest pain and sweating just before, now.")
    assert found[0] == "cardiac-arrest"
    with speaking("zh"):
        assert "120" in emergencies("I have crushing chest pain and I am sweating.")[0].what_to_do


@given(st.sampled_from([(flag.id, text) for flag in flags() for text in flag.fires["en"]]))
@settings(max_examples=30, deadline=None)
def test_what_stands_around_an_emergency_does_not_hide_it(told: tuple[str, str]) -> None:
    id, text = told
    assert id in ids(f"Hello, thank you for your help. {text} Please advise.")


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(emergencies(text), tuple)


def test_a_gap_in_a_wording_does_not_cross_a_denial_or_a_sentence() -> None:
    one = trigger("chest..tight", {}, "en")
    assert list(one.places("my chest feels tight"))
    assert not list(one.places("my chest is not tight"))
    assert not list(one.places("my chest. My shoes are tight"))
