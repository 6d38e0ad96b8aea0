"""The measures of drift against their definitions: they see a change, and hold their tongue where there is none."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.drift import Adwin, distance_of, shifts_of, two_groups
from bedside.drift.chances import distance_of_chances
from bedside.drift.compare import CHANCES, compare
from bedside.drift.groups import holm
from bedside.drift.mmd import MOST, drawn
from bedside.drift.psi import binned
from bedside.drift.rows import Part
from bedside.drift.turns import turns_of


def test_the_index_is_the_sum_over_wards_of_what_moved_times_how_far() -> None:
    before, now = ["icu"] * 30 + ["ward"] * 70, ["icu"] * 60 + ["ward"] * 40
    shift = shifts_of({"ward": before + now}, two_groups(range(100), range(100)), seed=0)["ward"]
    bins, half = 4, 0.5  # two wards, the rest, nothing; half a row is added to each
    shares = [(a + half, b + half) for a, b in ((70, 40), (30, 60), (0, 0), (0, 0))]
    size = 100 + bins * half
    assert shift.index == pytest.approx(sum((b - a) / size * log(b / a) for a, b in shares))
    assert shift.p < 0.01
    assert ("icu", 0.3, 0.6) in shift.bins


def test_rows_of_one_patient_are_one_piece_of_evidence_not_fifty() -> None:
    wards = ["icu"] * 100 + ["ward"] * 100
    as_patients = shifts_of({"ward": wards}, two_groups(range(100), range(100)), seed=0)["ward"].p
    of_four = two_groups(["a"] * 50 + ["b"] * 50, ["c"] * 50 + ["d"] * 50)
    assert as_patients < 0.001
    assert shifts_of({"ward": wards}, of_four, seed=0)["ward"].p > 0.1


def test_without_a_change_the_p_values_are_spread_evenly() -> None:
    dice = np.random.default_rng(1)
    groups = two_groups(range(40), range(40))
    columns = {str(at): dice.normal(size=80).tolist() for at in range(200)}
    found = shifts_of(columns, groups, seed=0)
    low = sum(one.p < 0.05 for one in found.values())
    assert 2 <= low <= 20  # 10 expected of 200; outside with a chance of 0.002
    assert np.mean([one.index / one.by_chance for one in found.values()]) == pytest.approx(1, abs=0.1)


def test_a_value_that_few_rows_have_is_not_named() -> None:
    _, names = binned(["肺炎"] * 6 + ["王小明"] * 4 + [""])
    assert names == ["肺炎", "…", "∅"]


def test_numbers_are_cut_into_tenths_and_what_is_missing_is_told_apart() -> None:
    bins, names = binned([*map(float, range(100)), None, "n/a"])
    assert len(names) == 11
    assert bins[-2:].tolist() == [10, 10]
    assert np.bincount(bins)[:10].tolist() == [10] * 10


def test_the_distance_is_that_of_the_paper_written_out() -> None:
    dice = np.random.default_rng(2)
    first, second = dice.normal(size=(7, 3)), dice.normal(1, 1, size=(9, 3))
    points = np.vstack([first, second])
    apart = [float(((points[i] - points[j]) ** 2).sum()) for i in range(16) for j in range(i)]
    width = float(np.median(apart))

    def alike(a: np.ndarray, b: np.ndarray) -> float:
        return exp(-float(((a - b) ** 2).sum()) / width)

    within = sum(alike(first[i], first[j]) for i in range(7) for j in range(7) if i != j) / (7 * 6)
    within += sum(alike(second[i], second[j]) for i in range(9) for j in range(9) if i != j) / (9 * 8)
    across = sum(alike(a, b) for a in first for b in second) / 63
    found = distance_of(points, two_groups(range(7), range(9)), seed=0)
    assert found.value == pytest.approx(within - 2 * across)


def test_of_many_patients_so_many_are_compared_with_all_their_rows() -> None:
    groups = two_groups([at // 2 for at in range(2 * MOST + 200)], ["x", "y", "x"])
    rows, some = drawn(groups, seed=0)
    assert (some.reference, some.count - some.reference, len(rows)) == (MOST, 2, 2 * MOST + 3)
    assert np.bincount(some.of_row)[:MOST].tolist() == [2] * MOST


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_steady_stream_is_seldom_cut(seed: int, share: float) -> None:
    window, dice = Adwin(), np.random.default_rng(seed)
    cuts = sum(window.add(float(value)) is not None for value in dice.random(500) < share)
    assert cuts <= 2


def test_a_model_that_begins_to_err_is_noticed_within_a_hundred_patients() -> None:
    dice = np.random.default_rng(3)
    right = [*(dice.random(600) < 0.95), *(dice.random(600) < 0.6)]
    (turn,) = turns_of("right", [(f"{at:04d}", float(value)) for at, value in enumerate(right)])
    assert 600 <= int(turn.since) < 700
    assert turn.before > 0.9 > 0.75 > turn.after


def test_the_window_remembers_every_value_it_holds() -> None:
    window, values = Adwin(), [0.2, 0.4, 0.3, 0.1, 0.5] * 7
    for value in values:
        window.add(value)
    assert window.size == len(values)
    assert window.mean == pytest.approx(float(np.mean(values)))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_corrected_p_is_never_smaller_and_keeps_the_order(ps: list[float]) -> None:
    corrected = holm(ps)
    assert all(after >= before for before, after in zip(ps, corrected, strict=True))
    assert sorted(range(len(ps)), key=lambda at: (ps[at], at)) == sorted(
        range(len(ps)), key=lambda at: (corrected[at], ps[at], at)
    )
    assert max(corrected) <= 1


def answers(month: str, doubted: str, n: int = 60) -> Part:
    """Pneumonia for every patient, as surely in any month; what else it might be is mostly the doubted one."""
    sure = np.linspace(0.6, 0.9, n).tolist()
    other = "flu" if doubted == "tuberculosis" else "tuberculosis"
    return Part(
        patients=[f"{month}-{at}" for at in range(n)],
        texts=[""] * n,
        times=[""] * n,
        truths=[""] * n,
        labels=["pneumonia"] * n,
        probabilities=[{"pneumonia": p, doubted: 0.9 * (1 - p), other: 0.1 * (1 - p)} for p in sure],
        columns={"label": ["pneumonia"] * n, "confidence": list(sure)},
    )


def test_a_change_of_what_else_it_might_be_is_seen_though_label_and_confidence_stay() -> None:
    found = {one.name: one.level for one in compare(answers("may", "flu"), answers("june", "tuberculosis")).watched}
    assert found == {"label": "stable", "confidence": "stable", CHANCES: "drifted"}


def test_the_same_doubts_are_no_change_and_a_patient_without_chances_is_left_out() -> None:
    may, june = answers("may", "flu"), answers("june", "flu")
    june.probabilities[:10] = [{}] * 10
    found = distance_of_chances(may, june, seed=0)
    assert found is not None
    assert (found.reference, found.current) == (60, 50)
    assert found.p > 0.05
    assert distance_of_chances(may, Part(patients=["a"], probabilities=[{"flu": 1.0}]), seed=0) is None
