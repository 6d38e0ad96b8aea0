"""The interval is the textbook's: patients are drawn, and 95 % of intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.evaluate.bootstrap import bootstrap, clusters_of, draws
from bedside.evaluate.estimate import exact_bounds, figure
from bedside.evaluate.metrics import evaluate
from bedside.types import Estimate, Undefined


def estimate(found: object) -> Estimate:
    assert isinstance(found, Estimate)
    return found


@settings(max_examples=20, deadline=None)
@given(values=st.lists(st.floats(0, 1), min_size=8, max_size=30), seed=st.integers(0, 100))
def test_one_row_a_patient_is_the_plain_bootstrap(values: list[float], seed: int) -> None:
    numbers = np.array(values)
    ours = estimate(bootstrap(lambda rows: float(numbers[rows].mean()), range(len(values)), seed))
    rng = np.random.default_rng(seed)
    plain = [numbers[rng.integers(0, len(values), len(values))].mean() for _ in range(1000)]
    low, high = np.quantile(plain, [0.025, 0.975])
    if low != high:
        assert (ours.low, ours.high) == pytest.approx((min(low, ours.value), max(high, ours.value)))


def test_the_fast_counts_equal_the_slow_definition() -> None:
    rng = np.random.default_rng(0)
    truth, chance = rng.random(60) < 0.5, rng.random(60)
    patients = (rng.integers(0, 25, 60)).tolist()
    targets = ["yes" if t else "no" for t in truth]
    fast = estimate(
        evaluate(["no", "yes"], targets, np.stack([1 - chance, chance], axis=1), patients, seed=7).metrics["auroc"]
    )

    def slow(rows: np.ndarray) -> float:
        from sklearn.metrics import roc_auc_score

        one_class = len(set(truth[rows].tolist())) == 1
        return float("nan") if one_class else float(roc_auc_score(truth[rows], chance[rows]))

    independent = estimate(bootstrap(slow, patients, 7))
    assert (fast.value, fast.low, fast.high) == pytest.approx((independent.value, independent.low, independent.high))


def test_copies_of_a_row_narrow_the_naive_interval_but_not_the_clustered_one() -> None:
    rng = np.random.default_rng(1)
    patients = np.repeat(np.arange(40), 10)
    values = rng.normal(0.5, 0.1, 40)[patients]
    naive = estimate(bootstrap(lambda rows: float(values[rows].mean()), None, n=400))
    clustered = estimate(bootstrap(lambda rows: float(values[rows].mean()), patients.tolist()))
    assert clustered.high - clustered.low > 2 * (naive.high - naive.low)


def test_95_percent_intervals_hold_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for trial in range(200):
        rate = rng.beta(7, 3, 60)  # each patient has his own rate: rows of one patient are alike
        values = (rng.random((60, 5)) < rate[:, None]).astype(float).ravel()
        sums = values.reshape(60, 5).sum(axis=1)
        totals = np.concatenate([(sums @ block) / 300 for block in draws(60, trial, 300)])
        found = estimate(figure(totals, n=300, n_patients=60, seed=trial))
        held += found.low <= 0.7 <= found.high
    assert 0.89 <= held / 200 <= 0.99


def test_the_first_draw_is_the_data_and_every_draw_has_as_many_patients() -> None:
    first = next(draws(12, seed=3, resamples=50))
    assert (first[:, 0] == 1).all()
    assert (first.sum(axis=0) == 12).all()


def test_the_same_seed_draws_alike_and_another_does_not() -> None:
    a, b, c = (next(draws(30, seed)) for seed in (1, 1, 2))
    assert (a == b).all()
    assert (a != c).any()


def test_four_patients_are_too_few_and_five_are_not() -> None:
    def mean(rows: np.ndarray) -> float:
        return float(rows.mean())

    assert isinstance(bootstrap(mean, list("aabbccdd")), Undefined)
    assert isinstance(bootstrap(mean, list("aabbccdde")), Estimate)


def test_the_exact_bound_is_clopper_pearsons() -> None:
    from scipy.stats import binomtest

    for n in (5, 30, 200):
        theirs = binomtest(n, n).proportion_ci(method="exact")
        assert exact_bounds(1.0, n) == pytest.approx((theirs.low, theirs.high))


def test_patients_are_numbered_by_name_not_by_place() -> None:
    assert clusters_of(["x", "y", "x"], 3).of_row.tolist() == [0, 1, 0]
