"""The index of words: exact BM25 whatever the order of adding; medical terms of two languages."""

from __future__ import annotations

import re
from collections import Counter
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.library._index import lexical as _lexical
from bedside.library._index.dense import Vectors
from bedside.library._index.lexical import (
    K1,
    STEPS,
    USUAL_LENGTH,
    B,
    build_segment,
    merge_segments,
    open_segment,
    save_segment,
    search_segments,
)
from bedside.library._question.terms import placed_terms, terms_of

PASSAGES = st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=12), min_size=1, max_size=60)


def by_definition(passages: list[list[int]], asked: list[int], barred: set[int]) -> dict[int, float]:
    """BM25 passage by passage, weights rounded to the index's steps."""
    alive = len(passages) - len(barred)
    scores: dict[int, float] = {}
    for number, words in enumerate(passages, 1):
        rise = K1 * (1 - B + B * len(words) / USUAL_LENGTH)
        for word, times in Counter(asked).items():
            seen = sum(word in one for one in passages)
            if word in words and number not in barred:
                count = words.count(word)
                rarity = log(1 + (max(alive - seen, 0) + 0.5) / (seen + 0.5))
                weight = max(1, round(STEPS * count / (count + rise))) / STEPS
                scores[number] = scores.get(number, 0.0) + times * rarity * weight
    return scores


@given(PASSAGES, st.lists(st.integers(1, 14), min_size=1, max_size=6), st.integers(1, 8), st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_found_is_bm25_by_its_definition(
    passages: list[list[int]], asked: list[int], k: int, data: st.DataObject
) -> None:
    barred = data.draw(st.sets(st.integers(1, len(passages)), max_size=3))
    cut = data.draw(st.integers(0, len(passages)))
    numbered = list(enumerate(passages, 1))
    segments = [build_segment(part) for part in (numbered[:cut], numbered[cut:]) if part]
    start = np.zeros(len(passages) + 1, np.float32)
    start[[0, *barred]] = -np.inf
    short = _lexical.SHORT_LIST
    _lexical.SHORT_LIST = data.draw(st.sampled_from([0, short]))
    try:
        found = search_segments(segments, start, asked, k)
    finally:
        _lexical.SHORT_LIST = short
    true = by_definition(passages, asked, barred)
    assert np.allclose([score for _, score in found], sorted(true.values(), reverse=True)[:k], atol=1e-4)
    assert all(abs(true[number] - score) < 1e-4 for number, score in found)


def test_merged_segments_answer_as_they_did_apart_without_what_is_gone(tmp_path: Path) -> None:
    parts = [[(1, [5, 6]), (2, [5])], [(3, [5, 7])]]
    segments = [build_segment(part) for part in parts]
    gone = np.array([False, False, True, False])
    save_segment(merge_segments(segments, gone), tmp_path)
    start = np.array([-np.inf, 0, -np.inf, 0], np.float32)
    merged = open_segment(tmp_path)
    assert [no for no, _ in search_segments([merged], start, [5], 9)] == [1, 3]
    assert 2 not in merged.numbers


def test_a_plural_finds_its_singular_and_a_disease_in_us_stays_itself() -> None:
    assert terms_of("Kidney biopsies") == terms_of("kidneys biopsy")
    assert terms_of("lupus") != terms_of("lupu")


@pytest.mark.parametrize(("asked", "passage"), [("糖尿病肾病", "糖尿病性肾病的治疗"), ("二甲双胍", "盐酸二甲双胍片")])
def test_a_chinese_question_shares_terms_with_a_passage_that_says_it_a_little_differently(
    asked: str, passage: str
) -> None:
    assert set(terms_of(asked)) & set(terms_of(passage))
    assert not set(terms_of(asked)) & set(terms_of("骨折固定"))


def test_full_width_letters_are_letters() -> None:
    assert terms_of("ＣＴ 检查") == terms_of("CT 检查")


@pytest.mark.parametrize("text", ["2型糖尿病", "B超检查", "用HIV试纸"])
def test_chinese_beside_letters_or_figures_is_cut_as_it_is_alone(text: str) -> None:
    spaced = re.sub(r"(?<=[A-Z0-9])(?=[^A-Z0-9])|(?<=[^A-Z0-9])(?=[A-Z0-9])", " ", text)
    assert sorted(terms_of(text)) == sorted(terms_of(spaced))


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_every_term_stands_in_the_text_where_it_says(text: str) -> None:
    for _, start, end in placed_terms(text):
        assert 0 <= start < end <= len(text)


def test_the_nearest_vectors_are_found_among_many_by_their_bits(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(21_000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept = Vectors(tmp_path, 64, np.zeros(64, np.float32))
    kept.append(range(1, 5001), vectors[:5000])
    kept.append(range(5001, 5010), draw.normal(size=(9, 64)).astype(np.float32))  # a run that was killed: written over
    kept.append(range(5001, len(vectors) + 1), vectors[5000:])
    kept.open(len(vectors))
    start = np.zeros(len(vectors) + 1, np.float32)
    start[[0, 78]] = -np.inf
    for row in (3, 20_999):
        assert kept.search(vectors[row], start, 5)[0] == (row + 1, pytest.approx(1, abs=0.01))
    assert 78 not in [no for no, _ in kept.search(vectors[77], start, 50)]
