"""Disrespect is warned of with words to use instead; what is quoted or spoken of as a word is not."""

from __future__ import annotations

import pytest

from bedside.guards._phrases import Phrase, phrases
from bedside.guards.respect import GUARD
from bedside.lang import speaking
from bedside.types import Proposal


def kinds(text: str) -> list[str]:
    return [one.rule.removeprefix("respect.") for one in GUARD.check(Proposal(text=text))]


@pytest.mark.parametrize("kind", phrases("respect"), ids=lambda kind: kind.id)
def test_each_kind_is_found_in_its_own_sentences_and_not_in_the_others(kind: Phrase) -> None:
    told = [text for lang in ("en", "zh") for text in kind.fires[lang]]
    assert [text for text in told if kind.id not in kinds(text)] == []
    assert [(text, kinds(text)) for lang in ("en", "zh") for text in kind.silent[lang] if kinds(text)] == []
    assert all(kind.instead)
    assert kind.source


@pytest.mark.parametrize(
    ("own_word", "reported"),
    [
        ("The junkie wants more morphine.", 'He told us: "my own brother calls me a junkie".'),
        ("He is a crazy old man.", "Avoid the word crazy when you speak with the family."),
        ("那个疯子要出院。", "患者说：“邻居叫我疯子。”"),
        ("这个瘸子又来了。", "病历中不要使用“瘸子”一词。"),
    ],
)
def test_a_word_that_is_only_reported_is_no_disrespect(own_word: str, reported: str) -> None:
    assert kinds(own_word)
    assert not kinds(reported)


def test_what_to_say_instead_is_told_in_the_users_language_with_the_place() -> None:
    text = "Admit the junkie."
    with speaking("zh"):
        (found,) = GUARD.check(Proposal(text=text))
    assert "建议改为" in found.reason
    assert [text[span.start : span.end] for span in found.spans] == ["junkie"]
