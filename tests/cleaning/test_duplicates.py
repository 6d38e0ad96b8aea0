"""Copies are found however they are spaced; different notes on the same topic are left alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.cleaning.duplicates import HASHES, jaccard, later_copies, near_pairs, signature

NOTE = (
    "Solid nodule in the right upper lobe, 21 mm, lobulated margin, marked spiculation, no calcification, no effusion. "
)
ZH = "患者三天前受凉后出现咳嗽咳痰，伴发热，体温最高三十八度五，无胸痛咯血，自服感冒药无好转，遂来我院就诊。"


def test_a_note_with_one_word_changed_is_a_copy_and_another_note_is_not() -> None:
    notes = [
        NOTE * 3,
        "Fracture of the left femoral neck after a fall at home. " * 3,
        NOTE * 2 + NOTE.replace("21", "12"),
    ]
    assert near_pairs(notes) == [(0, 2)]


def test_chinese_copies_are_found() -> None:
    assert near_pairs([ZH, "右下腹痛一天，加重六小时，伴恶心呕吐。", ZH.replace("三天", "四天")], threshold=0.7) == [
        (0, 2)
    ]


def test_case_and_spacing_do_not_hide_a_copy() -> None:
    assert jaccard("No  ACUTE disease", "no acute disease") == 1.0


def naive_jaccard(one: str, other: str) -> float:
    sets = [{plain[i : i + 5] for i in range(max(1, len(plain) - 4))} for plain in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


@given(st.text(alphabet="abcde咳嗽", min_size=5, max_size=60), st.text(alphabet="abcde咳嗽", min_size=5, max_size=60))
def test_jaccard_is_that_of_the_definition(one: str, other: str) -> None:
    assert jaccard(one, other) == pytest.approx(naive_jaccard(one, other))


def test_the_share_of_equal_hashes_estimates_jaccard() -> None:
    words = [f"word{n}" for n in range(400)]
    one, other = " ".join(words[:300]), " ".join(words[60:360])
    estimate = float((signature(one) == signature(other)).mean())
    assert abs(estimate - jaccard(one, other)) < 4 * np.sqrt(0.25 / HASHES)


def test_many_copies_of_one_text_cost_no_square_and_all_but_one_go() -> None:
    pairs = near_pairs([NOTE] * 300)
    assert len(pairs) < 1000
    assert later_copies(pairs) == dict.fromkeys(range(1, 300), 0)


def test_a_chain_of_copies_keeps_what_differs_from_the_kept_one() -> None:
    assert later_copies([(0, 1), (1, 2)]) == {1: 0}
    assert later_copies([(0, 1), (1, 2), (0, 2)]) == {1: 0, 2: 0}


def test_empty_and_single_texts_have_no_copies() -> None:
    assert near_pairs([]) == []
    assert near_pairs(["a"]) == []
    assert near_pairs(["", ""]) == []
    assert near_pairs(["No.", "no."]) == [(0, 1)]
