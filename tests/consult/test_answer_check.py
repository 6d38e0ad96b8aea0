"""The last door: whatever a composer gives, only what a passage says goes out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.consult._base import Cited
from bedside.consult.check import checked, contains
from bedside.consult.sentences import squash
from bedside.errors import UsageError
from bedside.types import Passage

TEXTS = {
    "a": "Aspirin is not recommended in gout. Rest  helps.\nIce helps too.",
    "b": "布洛芬不宜用于孕妇。发热时可口服。",
    "c": "Colchicine is given early.",
}


def resolve(id: str) -> Passage:
    if id not in TEXTS:
        raise UsageError("no passage of that id", value=id)
    status = "withdrawn" if id == "c" else "current"
    return replace(Passage(TEXTS[id], "citation", "source", "1", id=id), status=status)


@pytest.mark.parametrize(
    ("passage", "whole", "torn"),
    [
        ("a", "Aspirin is not recommended in gout.", "recommended in gout."),
        ("a", "Rest helps.", "Rest helps"),
        ("a", "Rest helps. Ice helps too.", "Rest helps. Ice"),
        ("b", "布洛芬不宜用于孕妇。", "宜用于孕妇。"),
        ("b", "发热时可口服。", "发热时可口服，"),
    ],
)
def test_a_whole_sentence_is_in_its_passage_and_a_torn_one_is_not(passage: str, whole: str, torn: str) -> None:
    assert contains(TEXTS[passage], whole)
    assert not contains(TEXTS[passage], torn)


def test_what_is_not_cited_truly_is_dropped() -> None:
    kept, dropped = checked(
        [
            Cited("Rest helps.", ("a", "b")),
            Cited("Rest is best.", ("a",)),
            Cited("Ice helps too.", ("nowhere",)),
            Cited("发热时可口服。", ("b",)),
            Cited("", ("a",)),
        ],
        resolve,
    )
    assert kept == [Cited("Rest helps.", ("a",)), Cited("发热时可口服。", ("b",))]
    assert dropped == 3


def test_a_passage_that_was_withdrawn_supports_nothing() -> None:
    assert checked([Cited("Colchicine is given early.", ("c",))], resolve) == ([], 1)


PARTS = st.sampled_from(
    [*TEXTS.values(), "Rest helps.", "not recommended", "布洛芬", "。", " ", "\n", "Ice helps too."]
)


@given(st.lists(st.tuples(st.lists(PARTS, max_size=4).map("".join), st.lists(st.sampled_from("abcd"), max_size=3))))
def test_no_sentence_that_is_not_in_its_passage_is_ever_served(composed: list[tuple[str, list[str]]]) -> None:
    kept, dropped = checked([Cited(sentence, tuple(ids)) for sentence, ids in composed], resolve)
    assert len(kept) + dropped == len(composed)
    for one in kept:
        assert one.citations
        for id in one.citations:
            assert squash(one.sentence) in squash(resolve(id).text)
            assert resolve(id).status == "current"


@given(st.text(alphabet="ab. \n。", max_size=30), st.text(alphabet="ab. \n。", max_size=12))
def test_what_contains_says_is_true_character_for_character(passage: str, sentence: str) -> None:
    if contains(passage, sentence):
        assert squash(sentence) in squash(passage)
