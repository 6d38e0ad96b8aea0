"""Figures of times to an event agree with their definitions and the textbooks, with and without censoring."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from bedside.evaluate._words import metric_name
from bedside.evaluate.answers import kind_of
from bedside.evaluate.baselines import baselines
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.measures.censored import Censored
from bedside.evaluate.measures.survival import Curves, evaluate_survival
from bedside.evaluate.metrics import Evaluation
from bedside.lang import speaking
from bedside.types import Estimate, Figure, Survival, Undefined

WITH_6MP = [(6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0)]
WITH_6MP += [(19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]


def counted(labels: Sequence[tuple[float, int]]) -> Censored:
    times, events = (np.array(column) for column in zip(*labels, strict=True))
    return Censored(times.astype(float), events.astype(np.int64), np.ones((len(labels), 1)))


def value(found: Figure) -> float:
    assert isinstance(found, Estimate)
    return found.value


def made_up(n: int, seed: int) -> tuple[np.ndarray, list[tuple[float, int]]]:
    dice = np.random.default_rng(seed)
    risk = dice.normal(size=n)
    event, seen = np.ceil(dice.exponential(8 * np.exp(-risk))), np.ceil(dice.uniform(1, 20, n))
    return risk, [(float(min(e, s)), int(e <= s)) for e, s in zip(event, seen, strict=True)]


@pytest.mark.parametrize(
    ("week", "chance"),
    [(5, 1.0), (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (35, 0.448)],
)
def test_the_curve_of_remission_is_that_of_the_textbooks(week: int, chance: float) -> None:
    assert counted(WITH_6MP).kaplan_meier(week)[0] == pytest.approx(chance, abs=6e-4)


def test_nothing_is_said_beyond_the_last_patient_seen() -> None:
    assert np.isnan(counted(WITH_6MP).kaplan_meier(36)[0])
    assert counted([(1, 1), (2, 1)]).kaplan_meier(36)[0] == 0


def test_both_c_indices_are_counted_as_defined() -> None:
    risk, labels = made_up(60, 0)
    risk = np.round(risk, 1)
    right = pairs = weighted = weights = 0.0
    for (i, (ti, ei)), (j, (tj, ej)) in itertools.permutations(enumerate(labels), 2):
        if ei and (ti < tj or (ti == tj and not ej)):
            hit = float(risk[i] > risk[j]) + 0.5 * float(risk[i] == risk[j])
            weight = seen_before(labels, ti) ** -2 if ti <= 15 else 0.0
            right, pairs, weighted, weights = right + hit, pairs + 1, weighted + weight * hit, weights + weight
    harrell, uno = counted(labels).concordance(risk, upto=15.0)
    assert harrell[0] == pytest.approx(right / pairs, rel=1e-5)
    assert uno[0] == pytest.approx(weighted / weights, rel=1e-5)


def seen_before(labels: Sequence[tuple[float, int]], time: float) -> float:
    """The chance of being seen just before a time, by the product over those last seen earlier."""
    chance = 1.0
    for at in sorted({t for t, e in labels if not e and t < time}):
        left = sum(t == at and not e for t, e in labels)
        at_risk = sum(t > at or (t == at and not e) for t, e in labels)
        chance *= 1 - left / at_risk
    return chance


def test_the_brier_score_weights_for_those_last_seen_early_as_graf_defines_it() -> None:
    _, labels = made_up(50, 1)
    said = np.random.default_rng(2).uniform(size=(50, 2))
    at = np.array([4.0, 9.0])
    for column, time in enumerate(at):
        total = 0.0
        for (ti, ei), chance in zip(labels, said[:, column], strict=True):
            if ti <= time and ei:
                total += chance**2 / seen_before(labels, ti)
            elif ti > time:
                total += (1 - chance) ** 2 / seen_before(labels, time + 1e-9)
        assert counted(labels).brier(said, at)[column, 0] == pytest.approx(total / 50)


def test_without_censoring_the_brier_score_is_the_plain_one() -> None:
    dice = np.random.default_rng(3)
    labels, said = [(float(t), 1) for t in dice.integers(1, 9, 40)], dice.uniform(size=(40, 1))
    plain = np.mean([((t > 4) - chance) ** 2 for (t, _), chance in zip(labels, said[:, 0], strict=True)])
    assert counted(labels).brier(said, np.array([4.0]))[0, 0] == pytest.approx(plain)


def test_a_draw_counts_a_patient_as_often_as_he_was_drawn() -> None:
    risk, labels = made_up(30, 4)
    often = np.random.default_rng(5).integers(0, 3, 30)
    times, events = (np.array(column) for column in zip(*labels, strict=True))
    rows = Censored(times, events, often[:, None].astype(float))
    twice = [number for number, times_ in enumerate(often) for _ in range(times_)]
    repeated = counted([labels[number] for number in twice])
    said = np.random.default_rng(6).uniform(size=(30, 1))
    assert rows.kaplan_meier(6.0) == pytest.approx(repeated.kaplan_meier(6.0))
    assert rows.concordance(risk, upto=9.0)[1] == pytest.approx(
        repeated.concordance(risk[twice], upto=9.0)[1], rel=1e-5
    )
    asked = np.array([6.0])
    assert rows.brier(said, asked) == pytest.approx(repeated.brier(said[twice], asked))


def test_the_truth_is_calibrated_and_its_opposite_is_not() -> None:
    dice = np.random.default_rng(7)
    rate = np.exp(dice.normal(size=400))
    labels = [(float(t), 1) for t in dice.exponential(1 / rate)]
    true = Curves(rate, lambda at: np.exp(-np.outer(rate, at)))
    wrong = Curves(-rate, lambda at: 1 - np.exp(-np.outer(rate, at)))
    good, bad = (evaluate_survival(one, labels, horizons=[0.5]).metrics for one in (true, wrong))
    assert value(good["calibration@0.5"]) < 0.06 < 0.2 < value(bad["calibration@0.5"])
    assert value(good["c_index"]) > 0.6 > 0.4 > value(bad["c_index"])
    assert value(good["ibs"]) < value(bad["ibs"])


def test_groups_bear_what_was_predicted_beside_what_was_seen() -> None:
    risk, labels = made_up(90, 8)
    done = evaluate_survival(Curves(risk, lambda at: np.exp(-np.outer(np.exp(risk), at / 8))), labels, horizons=[5.0])
    assert list(done.per_class) == ["5: 1/3", "5: 2/3", "5: 3/3"]
    assert all(group["support"] == 30 for group in done.per_class.values())
    worst, best = (done.per_class[name]["observed"] for name in ("5: 1/3", "5: 3/3"))
    assert isinstance(worst, Estimate)
    assert isinstance(best, Estimate)
    assert worst.high < best.low


def test_rows_of_one_patient_widen_the_interval() -> None:
    risk, labels = made_up(60, 9)
    curves = Curves(np.repeat(risk, 2), lambda at: np.full((120, len(at)), 0.5))
    twice = [label for label in labels for _ in range(2)]
    alone = evaluate_survival(curves, twice, horizons=[5.0]).metrics["c_index"]
    owned = evaluate_survival(curves, twice, [row // 2 for row in range(120)], horizons=[5.0]).metrics["c_index"]
    assert isinstance(alone, Estimate)
    assert isinstance(owned, Estimate)
    assert owned.high - owned.low > alone.high - alone.low


def test_a_horizon_beyond_what_the_model_knows_is_undefined_and_not_zero() -> None:
    risk, labels = made_up(40, 10)
    short = Curves(risk, lambda at: np.where(at <= 3, 0.5, np.nan)[None].repeat(40, 0))
    found = evaluate_survival(short, labels, horizons=[2.0, 8.0]).metrics
    assert isinstance(found["brier@2"], Estimate)
    assert isinstance(found["brier@8"], Undefined)


@pytest.mark.parametrize(
    ("early", "late"), [("liver metastases", "complete resection"), ("肝转移", "完整切除")], ids=["en", "zh"]
)
def test_ridge_cox_reads_what_the_curve_of_everyone_cannot(early: str, late: str) -> None:
    dice = np.random.default_rng(11)
    texts = [early if dice.random() < 0.5 else late for _ in range(120)]
    labels = [(float(dice.exponential(2 if text == early else 12)), 1) for text in texts]
    rows = Rows(texts, labels, range(120))
    found = baselines(rows, rows, labels=["2", "@4", "9"], head="survive")
    everyone, reader = found["kaplan_meier"], found["ridge_cox"]
    assert isinstance(everyone, Evaluation)
    assert isinstance(reader, Evaluation)
    assert value(everyone.metrics["c_index"]) == 0.5
    assert value(reader.metrics["c_index"]) > 0.6
    assert value(reader.metrics["brier@4"]) < value(everyone.metrics["brier@4"])


def test_without_an_event_in_training_there_is_no_baseline_and_the_reason_is_told() -> None:
    rows = Rows(["a"] * 6, [(1.0, 0)] * 6)
    assert isinstance(baselines(rows, rows, labels=["@4"], head="cox")["ridge_cox"], Undefined)


def test_an_event_that_came_while_held_unlikely_is_shown_as_misread() -> None:
    calm = Survival(0.1, (10.0,), (0.9,), (10.0,))
    answers = kind_of("survive").gather("survive", ("@10",), [calm, calm])
    assert [row for row, *_ in answers.misread([(2.0, 1), (9.0, 0)], None)] == [0]


def test_figures_at_a_time_have_names_in_both_languages() -> None:
    assert metric_name("brier@12") == "Brier score, lower is better, at 12"
    with speaking("zh"):
        assert metric_name("brier@12") == "Brier 评分（越低越好），时间 12"
