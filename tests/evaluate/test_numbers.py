"""Figures of scores agree with independent definitions, draw patients and not rows, and stand beside simple rivals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score

from bedside.evaluate._words import metric_name, model_name
from bedside.evaluate.baselines import baselines
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.compare import compare
from bedside.evaluate.measures.numbers import evaluate_numbers
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.result import Report, sentences
from bedside.lang import speaking
from bedside.types import Estimate, Score, Undefined

LEVELS = ("1", "2", "3", "4", "5")


def scores(values: object) -> list[Score]:
    return [Score(value=v, low=v - 1, high=v + 1) for v in np.asarray(values, float).tolist()]


def value(done: Evaluation, name: str) -> float:
    figure = done.metrics[name]
    assert isinstance(figure, Estimate)
    return figure.value


@pytest.fixture(scope="module")
def answered() -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(0)
    truth = dice.integers(1, 6, 150).astype(float)
    return truth, np.clip(truth + dice.integers(-2, 3, 150), 1, 5)


def test_figures_are_those_of_scikit_learn_and_scipy(answered: tuple[np.ndarray, np.ndarray]) -> None:
    truth, guess = answered
    done = evaluate_numbers("ordinal", LEVELS, truth, scores(guess))
    assert value(done, "qwk") == pytest.approx(cohen_kappa_score(truth, guess, weights="quadratic"))
    assert value(done, "spearman") == pytest.approx(spearmanr(truth, guess).statistic)
    assert value(done, "mae") == pytest.approx(np.abs(truth - guess).mean())
    assert value(done, "rmse") == pytest.approx(np.sqrt(((truth - guess) ** 2).mean()))
    assert value(done, "accuracy") == pytest.approx((truth == guess).mean())
    assert value(done, "coverage") == pytest.approx((np.abs(truth - guess) <= 1).mean())
    assert value(done, "width") == 2.0


def test_a_draw_of_patients_is_measured_as_if_its_rows_stood_there(answered: tuple[np.ndarray, np.ndarray]) -> None:
    truth, guess = answered
    patients = [f"p{n // 3}" for n in range(150)]
    done = evaluate_numbers("ordinal", LEVELS, truth, scores(guess), patients, seed=7)
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, 50, 50)  # the first draw after the data itself
    rows = np.concatenate([np.flatnonzero([p == f"p{d}" for p in patients]) for d in drawn])
    assert done.n_patients == 50
    assert done.resampled["qwk"][1] == pytest.approx(
        cohen_kappa_score(truth[rows], guess[rows], weights="quadratic", labels=[1, 2, 3, 4, 5])
    )
    assert done.resampled["spearman"][1] == pytest.approx(spearmanr(truth[rows], guess[rows]).statistic)


def test_several_rows_a_patient_widen_the_interval(answered: tuple[np.ndarray, np.ndarray]) -> None:
    truth, guess = (np.repeat(part[:40], 5) for part in answered)
    alone = evaluate_numbers("ordinal", LEVELS, truth, scores(guess)).metrics["mae"]
    grouped = evaluate_numbers("ordinal", LEVELS, truth, scores(guess), [n // 5 for n in range(200)]).metrics["mae"]
    assert isinstance(alone, Estimate)
    assert isinstance(grouped, Estimate)
    assert grouped.high - grouped.low > 1.5 * (alone.high - alone.low)


def test_one_answer_for_all_has_no_order_to_judge_and_no_agreement(answered: tuple[np.ndarray, np.ndarray]) -> None:
    done = evaluate_numbers("ordinal", LEVELS, answered[0], scores([3.0] * 150))
    assert isinstance(done.metrics["spearman"], Undefined)
    assert value(done, "qwk") == pytest.approx(0, abs=1e-9)


def test_large_numbers_of_little_spread_lose_nothing_to_rounding() -> None:
    dice = np.random.default_rng(0)
    truth = dice.normal(size=80)
    guess = truth + dice.normal(size=80)
    near, far = (evaluate_numbers("continuous", (), truth + shift, scores(guess + shift), seed=1) for shift in (0, 1e6))
    assert value(near, "ccc") == pytest.approx(value(far, "ccc"), rel=1e-5)


def test_levels_never_learnt_are_counted_as_far_off_as_they_are_and_told() -> None:
    done = evaluate_numbers("ordinal", ("1", "2"), [1, 2, 9] * 10, scores([1, 2, 2] * 10))
    assert done.unknown_labels == {"9": 10}
    assert value(done, "mae") == pytest.approx(7 / 3)


def test_each_level_and_group_has_its_own_figures(answered: tuple[np.ndarray, np.ndarray]) -> None:
    truth, guess = answered
    groups = {"sex": ["F" if n % 2 else "M" for n in range(150)]}
    done = evaluate_numbers("ordinal", LEVELS, truth, scores(guess), subgroups=groups)
    assert sum(int(str(level["support"])) for level in done.per_class.values()) == 150
    assert sum(map(sum, done.confusion)) == 150
    assert set(done.subgroups["sex"]) == {"F", "M"}


ENGLISH = Rows(
    ["no pain today", "slight pain on walking", "marked pain at rest"] * 20,
    [(0.0,), (1.0,), (2.0,)] * 20,
    given=(),
    columns={"dose": [0, 10, 20] * 20},
)
CHINESE = Rows(["无疼痛", "行走时轻度疼痛", "静息时剧痛"] * 20, [(0.0,), (1.0,), (2.0,)] * 20)


@pytest.mark.parametrize("rows", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_ridge_beats_the_median_where_words_tell(rows: Rows) -> None:
    found = baselines(rows, rows, labels=["0", "1", "2"], head="ordinal")
    errors = {name: value(one, "mae") for name, one in found.items() if isinstance(one, Evaluation)}
    assert errors["ridge"] == 0
    assert errors["median"] == errors["mean"] == pytest.approx(2 / 3)
    assert errors.get("columns", 0) == 0


def test_less_error_is_called_better_in_the_readers_language() -> None:
    truth = [0.0, 1.0, 2.0] * 20
    good = evaluate_numbers("continuous", (), truth, scores(truth))
    poor = evaluate_numbers("continuous", (), truth, scores([2.0, 2.0, 0.0] * 20))
    report = Report(title="t", evaluation=good, comparison={"median": compare(good, poor)})
    assert sentences(report)[1].startswith("Better than Median of the training part")
    swapped = Report(title="t", evaluation=poor, comparison={"median": compare(poor, good)})
    with speaking("zh"):
        assert sentences(swapped)[1].startswith("劣于训练数据中位数")
        assert "平均绝对误差" in sentences(swapped)[0]


def test_every_figure_and_rival_has_a_name() -> None:
    for name in ("qwk", "ccc", "mae", "rmse", "spearman", "coverage", "width"):
        assert metric_name(name) != name
    for name in ("median", "mean", "ridge"):
        assert model_name(name) != name
