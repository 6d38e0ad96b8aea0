"""A Chinese topic is looked for in English only where every word of it is known."""

from __future__ import annotations

import pytest

from bedside.consult.focus import focus_of
from bedside.consult.synonyms import _word_by_word


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("儿童软组织肉瘤怎么治疗？", {"soft", "tissue", "sarcoma"}),
        ("先天性甲状腺癌有哪些症状？", {"congenital", "thyroid", "cancer"}),
    ],
)
def test_a_topic_is_put_together_from_its_words(question: str, terms: set[str]) -> None:
    first = next(_word_by_word(question, focus_of(question)))
    assert set(first.terms) == terms


@pytest.mark.parametrize("question", ["股票怎么治疗？", "儿童蟹脚肉瘤怎么治疗？", "how is sarcoma treated"])
def test_a_topic_of_which_a_word_is_unknown_is_not(question: str) -> None:
    assert list(_word_by_word(question, focus_of(question))) == []
