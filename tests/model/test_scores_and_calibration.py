"""Dev scores agree with the reference; calibration tells the truth about its own doubt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.model.calibration import Calibration, calibrate, fit_temperature, sigmoid, softmax
from bedside.model.scores import SCORES, accuracy, macro_f1, micro_f1, one_hot


@given(st.integers(1, 40), st.integers(2, 6), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_scores_agree_with_scikit_learn(rows: int, labels: int, seed: int) -> None:
    from sklearn.metrics import accuracy_score, f1_score

    dice = np.random.default_rng(seed)
    truth, guess = dice.integers(0, labels, rows), dice.integers(0, labels, rows)
    a, b = one_hot(truth, labels), one_hot(guess, labels)
    assert macro_f1(a, b) == pytest.approx(f1_score(truth, guess, average="macro"))
    assert micro_f1(a, b) == pytest.approx(f1_score(truth, guess, average="micro"))
    assert accuracy(a, b) == pytest.approx(accuracy_score(truth, guess))


def test_without_rows_nothing_is_scored_as_perfect() -> None:
    nothing = np.zeros((0, 3), bool)
    assert [score(nothing, nothing) for score in SCORES.values()] == [0, 0, 0]


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 4.0])
def test_an_overconfident_model_is_cooled_to_its_true_temperature(true_temperature: float) -> None:
    dice = np.random.default_rng(0)
    honest = dice.normal(0, 2, (20_000, 3))
    answers = np.array([dice.choice(3, p=row) for row in softmax(honest)])
    found = fit_temperature(honest * true_temperature, one_hot(answers, 3), "classify")
    assert found == pytest.approx(true_temperature, rel=0.05)


def test_a_model_without_an_error_on_a_few_rows_is_not_made_nearly_certain() -> None:
    logits = np.array([[4.0, -4.0], [-4.0, 4.0]] * 12)
    few = calibrate(logits, logits > 0, "classify").probabilities(logits, "classify").max()
    many = calibrate(np.tile(logits, (100, 1)), np.tile(logits, (100, 1)) > 0, "classify")
    assert few == pytest.approx(25 / 26, abs=0.002)
    assert many.probabilities(logits, "classify").max() == pytest.approx(2401 / 2402, abs=0.0003)


def test_temperature_works_label_by_label_for_multilabel() -> None:
    dice = np.random.default_rng(0)
    honest = dice.normal(0, 2, (20_000, 2))
    truth = dice.random(honest.shape) < sigmoid(honest)
    assert fit_temperature(honest * 3, truth, "multilabel") == pytest.approx(3, rel=0.05)


def test_temperature_never_changes_which_label_is_given() -> None:
    logits = np.random.default_rng(1).normal(0, 3, (50, 4))
    plain, hot = Calibration(), Calibration(temperature=7.0)
    given_plain = plain.decide(plain.probabilities(logits, "classify"), "classify")
    assert (given_plain == hot.decide(hot.probabilities(logits, "classify"), "classify")).all()


def test_a_rare_finding_gets_a_lower_threshold_and_a_hardly_seen_one_keeps_a_half() -> None:
    chances = np.concatenate([np.full(20, 0.3), np.full(180, 0.05)])
    logits = np.log(chances / (1 - chances))
    truth = np.concatenate([np.ones(20, bool), np.zeros(180, bool)])
    seldom = np.zeros(200, bool)
    seldom[:2] = True
    both = calibrate(np.stack([logits, logits], 1), np.stack([truth, seldom], 1), "multilabel")
    assert both.thresholds is not None
    probabilities = both.probabilities(np.stack([logits, logits], 1), "multilabel")
    assert (both.decide(probabilities, "multilabel")[:, 0] == truth).all()
    assert both.thresholds[1] == 0.5


def test_calibration_survives_its_file() -> None:
    for one in (Calibration(1.7), Calibration(0.4, (0.2, 0.5))):
        assert Calibration.from_dict(one.to_dict()) == one


def test_without_tuning_rows_nothing_is_changed() -> None:
    assert calibrate(np.zeros((0, 3)), np.zeros((0, 3), bool), "classify") == Calibration()


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=6))
def test_extreme_logits_still_give_probabilities(row: list[float]) -> None:
    for made in (softmax(np.array([row])), sigmoid(np.array([row]))):
        assert np.isfinite(made).all()
        assert ((made >= 0) & (made <= 1)).all()
