"""Agreement of readers: against published tables, and against the reference library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bedside.evaluate.agreement import (
    cohen_figure,
    cohen_kappa,
    fleiss_figure,
    fleiss_kappa,
    krippendorff_alpha,
    krippendorff_figure,
)
from bedside.types import Estimate, Undefined

FLEISS_1971 = """
0 0 0 6 0|0 3 0 0 3|0 1 4 0 1|0 0 0 0 6|0 3 0 3 0|2 0 4 0 0|0 0 4 0 2|2 0 3 1 0|2 0 0 4 0|0 0 0 0 6
1 0 0 5 0|1 1 0 4 0|0 3 3 0 0|1 0 0 5 0|0 2 0 3 1|0 0 5 0 1|3 0 0 1 2|5 1 0 0 0|0 2 0 4 0|1 0 2 0 3
0 0 0 0 6|0 1 0 5 0|0 2 0 1 3|2 0 0 4 0|1 0 0 4 1|0 5 0 1 0|4 0 0 0 2|0 2 0 4 0|1 0 5 0 0|0 0 0 0 6
"""
"""Thirty psychiatric patients, six psychiatrists each, five diagnoses: Fleiss 1971, table 1."""

COUNTS = [[int(one) for one in row.split()] for row in FLEISS_1971.replace("\n", "|").split("|") if row.strip()]

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)


def test_the_psychiatric_diagnoses_of_fleiss_come_to_his_kappa() -> None:
    assert len(COUNTS) == 30
    assert fleiss_kappa(COUNTS) == pytest.approx(0.430, abs=0.0005)


def test_two_readers_of_fifty_grants_come_to_the_textbook_kappa() -> None:
    said = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert cohen_kappa(*zip(*said, strict=True)) == pytest.approx(0.40)


def test_four_observers_with_gaps_come_to_krippendorffs_alpha() -> None:
    """Krippendorff 2011, section C and E: 0.743 for names, 0.849 for numbers."""
    no = None
    one = [1, 2, 3, 3, 2, 1, 4, 1, 2, no, no, no]
    two = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, no, 3]
    three = [no, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, no]
    four = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, no]
    rows = list(zip(one, two, three, four, strict=True))
    assert krippendorff_alpha(rows) == pytest.approx(0.743, abs=0.0005)
    assert krippendorff_alpha(rows, interval=True) == pytest.approx(0.849, abs=0.0005)


@given(pairs=PAIRS, weights=st.sampled_from(["none", "linear", "quadratic"]))
def test_kappa_is_that_of_the_reference_library(pairs: list[tuple[int, int]], weights: str) -> None:
    one, other = zip(*pairs, strict=True)
    ours = cohen_kappa(one, other, weights)  # type: ignore[arg-type]
    if len({*one, *other}) < 2:
        assert np.isnan(ours)
    else:
        levels = [level for level in range(4) if level in {*one, *other}]
        wanted = cohen_kappa_score(one, other, labels=levels, weights=None if weights == "none" else weights)
        assert ours == pytest.approx(wanted)


@given(pairs=PAIRS)
def test_readers_who_change_places_agree_as_much(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    assert cohen_kappa(one, other) == pytest.approx(cohen_kappa(other, one), nan_ok=True)


def test_a_level_missed_by_one_step_weighs_less_than_one_missed_by_three() -> None:
    near, far = [0, 1, 2, 3, 3], [0, 1, 2, 3, 0]
    truth = [0, 1, 2, 3, 2]
    assert cohen_kappa(truth, near, "quadratic") > cohen_kappa(truth, far, "quadratic")
    assert cohen_kappa(truth, near, "none") == pytest.approx(cohen_kappa(truth, far, "none"), abs=0.1)


def test_an_interval_holds_the_figure_and_is_wider_where_rows_are_of_few_patients() -> None:
    one, other = [0, 1] * 30, [0, 1, 0, 1, 1, 1] * 10
    apart = cohen_figure(one, other, None)
    together = cohen_figure(one, other, [row // 6 % 6 for row in range(60)])
    assert isinstance(apart, Estimate)
    assert isinstance(together, Estimate)
    assert apart.low < apart.value < apart.high
    assert together.value == apart.value
    assert together.n_patients == 6


def test_four_patients_give_no_interval_and_readers_of_unlike_number_no_kappa() -> None:
    assert isinstance(fleiss_figure([[2, 0], [1, 1], [0, 2], [2, 0]], None), Undefined)
    with pytest.raises(ValueError, match="readers"):
        fleiss_kappa([[2, 0], [1, 2]])


def test_readers_who_answer_by_chance_have_an_alpha_whose_interval_holds_zero() -> None:
    dice = np.random.default_rng(0)
    rows = dice.integers(-1, 2, (60, 3)).tolist()
    found = krippendorff_figure(rows, None, interval=True)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(krippendorff_alpha(rows, interval=True))
    assert found.low < 0 < found.high


def test_readers_who_never_differ_on_twenty_patients_may_still_differ_on_others() -> None:
    said = ["yes", "no"] * 10
    found = cohen_figure(said, said, None)
    assert isinstance(found, Estimate)
    assert found.value == found.high == 1
    assert found.low == pytest.approx(0.832, abs=0.001)


def test_readers_who_always_differ_agree_less_than_chance() -> None:
    one = ["yes", "no"] * 10
    found = cohen_figure(one, one[::-1], None)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(-1)
    assert found.high < 0
