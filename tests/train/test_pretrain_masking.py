"""Whole words are masked: all pieces of a word or none, in either language, the same for one seed, epoch and block."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bedside.backbones._load import load_backbone
from bedside.train.masking import FIXED, Masker, choose_words
from bedside.train.words import BEGINS, CONTINUES, MARK, piece_flags, sentence_cuts, word_spans

MIXED = st.text(
    st.one_of(
        st.sampled_from(" \n.,。，；-/()%5α胸痛患者高血压氨氯地平"),
        st.characters(codec="utf-8", exclude_categories=["Cs"]),
    ),
    max_size=60,
)
PHRASES = st.lists(
    st.sampled_from(
        ["chest pain", "患者高血压病史", "IL-6", "5.2 mmol/L", "，", "no amlodipine", "双肺呼吸音粗", "β受体"]
    ),
    max_size=8,
).map(" ".join)


@cache
def tokenizer_of(backbone: str) -> Tokenizer:
    return load_backbone(backbone).tokenizer


@pytest.mark.parametrize("backbone", ["echo", "e5"])
@given(text=st.one_of(MIXED, PHRASES), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_a_masked_word_has_all_its_pieces_masked_or_none(backbone: str, text: str, seed: int) -> None:
    pieces = tokenizer_of(backbone).encode(text, add_special_tokens=False)
    flags = piece_flags(text, pieces.offsets)
    chosen, _ = choose_words(flags, 0.3, np.random.default_rng(seed))
    for start, end in word_spans(text):
        touching = [n for n, (a, b) in enumerate(pieces.offsets) if a < end and b > start and flags[n] != MARK]
        assert len({bool(chosen[n]) for n in touching}) <= 1, text[start:end]


@given(st.lists(st.sampled_from([BEGINS, CONTINUES, MARK]), max_size=80), st.floats(0.05, 0.6), st.integers(0, 99))
def test_about_the_asked_share_is_masked_and_never_a_mark(kinds: list[int], share: float, seed: int) -> None:
    flags = np.asarray([BEGINS, *kinds], np.uint8)
    chosen, fates = choose_words(flags, share, np.random.default_rng(seed))
    words = np.cumsum(flags == BEGINS)
    longest = max(np.bincount(words[flags != MARK]))
    assert not chosen[flags == MARK].any()
    assert 1 <= chosen.sum() <= share * (flags != MARK).sum() + longest
    assert all(len(set(fates[words == word])) == 1 for word in np.unique(words))


def test_a_block_without_words_has_nothing_to_guess() -> None:
    assert not choose_words(np.array([MARK, MARK], np.uint8), 0.15, np.random.default_rng(0))[0].any()


def test_masks_depend_on_seed_epoch_and_block_alone() -> None:
    ids, flags = np.arange(100, 300), np.ones(200, np.uint8)
    masker = Masker(mask_id=4, ordinary=np.arange(100, 300), share=0.15, seed=1)
    first, chosen = masker.row(ids, flags, epoch=0, row=7)
    again = masker.row(ids, flags, epoch=0, row=7)
    assert np.array_equal(first, again[0])
    assert np.array_equal(chosen, again[1])
    others = [masker.row(ids, flags, epoch=e, row=r)[1] for e, r in ((1, 7), (0, 8), (FIXED, 7))]
    assert not any(np.array_equal(chosen, other) for other in others)
    assert np.array_equal(ids, np.arange(100, 300))


def test_of_the_chosen_words_eight_in_ten_are_masked_and_one_swapped() -> None:
    ids, flags = np.arange(1000, 21000), np.ones(20000, np.uint8)
    shown, chosen = Masker(mask_id=4, ordinary=np.arange(50, 60), share=0.15, seed=0).row(ids, flags, epoch=0, row=0)
    assert chosen.mean() == pytest.approx(0.15, abs=0.001)
    assert (shown[chosen] == 4).mean() == pytest.approx(0.8, abs=0.03)
    assert ((shown[chosen] >= 50) & (shown[chosen] < 60)).mean() == pytest.approx(0.1, abs=0.03)
    assert np.array_equal(shown[~chosen], ids[~chosen])


def test_a_medical_term_is_one_word_and_two_terms_are_two() -> None:
    text = "患者高血压病史, takes amlodipine"
    words = [text[a:b] for a, b in word_spans(text)]
    assert "高血压病" in words
    assert "amlodipine" in words
    assert "患者" in words


def test_a_document_is_cut_at_the_end_of_a_sentence_not_at_a_decimal_point() -> None:
    text = "血糖5.2。No pain. T 36.5"
    offsets = [(n, n + 1) for n in range(len(text)) if text[n] != " "]
    cuts = sentence_cuts(text, offsets, np.full(len(offsets), BEGINS, np.uint8))
    assert [text[: offsets[cut - 1][1]] for cut in cuts] == ["血糖5.2。", "血糖5.2。No pain."]
