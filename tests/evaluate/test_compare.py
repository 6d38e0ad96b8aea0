"""A real difference is found, a chance one is not, and patients, not rows, are the pairs."""

from __future__ import annotations

import numpy as np
import pytest

from bedside.errors import UsageError
from bedside.evaluate.compare import compare, sign_test
from bedside.evaluate.metrics import Evaluation, evaluate


def judged(right: list[bool], patients: list[int] | None = None, seed: int = 0) -> Evaluation:
    chances = [[0.9, 0.1] if hit else [0.1, 0.9] for hit in right]
    return evaluate(["no", "yes"], ["no"] * len(right), chances, patients, seed=seed)


def test_a_better_model_differs_and_a_copy_does_not() -> None:
    rng = np.random.default_rng(0)
    weak = (rng.random(300) < 0.6).tolist()
    strong = [hit or luck for hit, luck in zip(weak, rng.random(300) < 0.5, strict=True)]
    better = compare(judged(strong), judged(weak))["accuracy"]
    same = compare(judged(weak), judged(weak))["accuracy"]
    assert better["difference"].low > 0
    assert better["p"] < 0.01
    assert better["mcnemar"]["p"] < 0.001
    assert (same["difference"].value, same["p"], same["mcnemar"]["p"]) == (0.0, 1.0, 1.0)


def test_no_difference_is_found_about_19_times_in_20() -> None:
    rng = np.random.default_rng(1)
    found = 0
    for trial in range(60):
        ours, theirs = (rng.random((2, 120)) < 0.7).tolist()
        found += compare(judged(ours, seed=trial), judged(theirs, seed=trial))["accuracy"]["p"] < 0.05
    assert found <= 9


def test_ten_rows_of_one_patient_are_one_witness() -> None:
    ours, theirs = [True] * 50 + [False] * 30, [False] * 30 + [True] * 50
    theirs[:20], ours[:20] = [False] * 20, [True] * 20
    rows = compare(judged(ours), judged(theirs))["accuracy"]
    clustered = compare(judged(ours, [i // 10 for i in range(80)]), judged(theirs, [i // 10 for i in range(80)]))[
        "accuracy"
    ]
    assert rows["mcnemar"]["ours_only"] == 30
    assert clustered["mcnemar"]["ours_only"] == 3


def test_mcnemar_is_the_exact_binomial() -> None:
    from scipy.stats import binomtest

    for wins, losses in ((9, 1), (5, 5), (0, 0), (30, 12)):
        theirs = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
        assert sign_test(wins, losses) == pytest.approx(theirs)


def test_different_rows_cannot_be_compared() -> None:
    with pytest.raises(UsageError):
        compare(judged([True] * 10), judged([True] * 11))
