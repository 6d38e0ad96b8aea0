"""A library asked: passages by words and by meaning, each the exact characters of its document, with its source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from _library_items import ASTHMA, GOUT, ZH, Letters, add, found

from bedside.errors import UsageError
from bedside.library import Library


@pytest.mark.parametrize(
    ("query", "item"), [("colchicine", "gout"), ("二甲双胍", "dm"), ("steroid for asthma", "asthma")]
)
def test_a_question_finds_the_passage_that_speaks_of_it(place: Path, query: str, item: str) -> None:
    add(place, GOUT, ZH, ASTHMA)
    assert found(place, query)[0] == item


def test_nothing_in_common_finds_nothing(place: Path) -> None:
    add(place, GOUT, ZH)
    assert found(place, "fracture") == []
    assert found(place, "骨折") == []


def test_a_passage_is_the_exact_characters_of_its_document_and_carries_source_version_and_licence(
    place: Path,
) -> None:
    add(place, GOUT, ZH, ASTHMA)
    with Library(place) as library:
        passages = list(library.passages())
        assert len(passages) == 3
        for one in passages:
            assert library.text_of(one)[one.start : one.end] == one.text
            assert (one.source, one.version, one.licence, one.status) == ("guides", "2026", "CC BY 4.0", "current")
            assert library.get(one.id) == one
        assert passages[0].citation == "Gout. guides (2026)"


def test_meaning_is_searched_beside_words_and_either_alone(place: Path) -> None:
    encoder = Letters()
    add(place, GOUT, ZH, ASTHMA, encoder=encoder)
    with Library(place, encoder) as library:
        assert [one.item for one in library.search("colchicine", mode="lexical")] == ["gout"]
        assert len(library.search("colchicine", mode="dense")) == 3
        assert library.search("colchicine", mode="hybrid")[0].item == "gout"
        assert [one.item for one in library.search("gout", 1, sources=["guides"])] == ["gout"]
        with pytest.raises(UsageError, match="no such source"):
            library.search("gout", sources=["other"])
    with Library(place) as words, pytest.raises(UsageError, match="--mode lexical"):
        words.search("gout", mode="dense")


def test_a_library_that_holds_nothing_yet_finds_nothing_by_words_or_by_meaning(place: Path) -> None:
    add(place, replace(GOUT, text=" "), encoder=Letters())
    with Library(place, Letters()) as library:
        assert [library.search("gout", mode=mode) for mode in ("lexical", "dense", "hybrid")] == [[], [], []]


def test_a_reranker_puts_the_first_passages_in_its_order(place: Path) -> None:
    add(place, GOUT, ASTHMA)
    with Library(place, rerank=lambda _, texts: [float("Asthma" in text) for text in texts]) as library:
        assert [one.item for one in library.search("pain attacks")] == ["asthma", "gout"]


def test_vectors_of_one_encoder_are_not_searched_with_another(place: Path) -> None:
    add(place, GOUT, encoder=Letters())
    with pytest.raises(UsageError, match="another encoder"):
        add(place, ZH)
    other = Letters()
    other.name = "other"  # type: ignore[misc]
    with pytest.raises(UsageError, match="another encoder"):
        Library(place, other)
