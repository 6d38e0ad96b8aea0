"""Times to an event are read row by row, and told as curves; proportional hazards agree with the textbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.config import DataRecipe
from bedside.errors import DataError, ModelError, UsageError
from bedside.evaluate.baselines.ridge_cox import coefficients
from bedside.lang import speaking
from bedside.model.calibration import Calibration
from bedside.model.contents import check_calibration
from bedside.model.forms import form_of
from bedside.model.reading import read_labelled
from bedside.model.survival.curves import lost_share, median_of
from bedside.model.survival.hazards import concordance, cumulative_hazard, partial_surprise
from bedside.model.survival.intervals import ends_of, horizons_of, interval_names, interval_targets
from bedside.types import Survival

WITH_6MP = [(6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0)]
WITH_6MP += [(19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
PLACEBO = [(t, 1) for t in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]
FREIREICH = [(float(time), event) for time, event in WITH_6MP + PLACEBO]
"""Weeks of remission in acute leukaemia, 6-mercaptopurine against placebo: Freireich et al. 1963, as in Cox 1972."""


def rows_in(tmp_path: Path, lines: str, label: str = "months+died") -> Any:
    path = tmp_path / "t.csv"
    path.write_text(f"note,months,died\n{lines}", encoding="utf-8")
    return read_labelled(path, DataRecipe(train=path, text="note", label=label), head="survive")


def test_events_are_told_by_either_language_and_a_good_row_is_kept_beside_bad_ones(tmp_path: Path) -> None:
    rows = rows_in(
        tmp_path,
        "alive,3,0\n去世,4.5,是\ndead,6,yes\n健在,7,否\n"
        "back in time,-1,1\nno time,,1\nword,soon,1\nno event,5,\n?,5,9\n",
    )
    assert rows.labels == [(3.0, 0), (4.5, 1), (6.0, 1), (7.0, 0)]
    assert [problem.place for problem in rows.refused] == [f"line {number}" for number in range(6, 11)]
    assert "must be 0 or more" in rows.refused[0].what
    assert "no time" in rows.refused[1].what
    assert "no number" in rows.refused[2].what
    assert "no event" in rows.refused[3].what
    with speaking("zh"):
        assert "时间必须为 0 或以上" in rows_in(tmp_path, "a,1,1\nb,-1,1\n").refused[0].what


def test_one_column_alone_is_no_time_and_event(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"TIME\+EVENT"):
        rows_in(tmp_path, "a,1,1\n", label="weeks")


def test_intervals_hold_as_many_events_each_and_need_some() -> None:
    names = interval_names([(float(time), 1) for time in range(1, 161)])
    inside = np.histogram(np.arange(1, 161), np.concatenate([[0], ends_of(names) + 0.5]))[0]
    assert len(names) == 16
    assert set(inside.tolist()) == {10}
    with pytest.raises(DataError, match="no event"):
        interval_names([(3.0, 0)] * 50)


def test_stated_horizons_are_ends_of_intervals() -> None:
    names = form_of("survive").at(interval_names(FREIREICH), [12.0, 24.0])  # type: ignore[attr-defined]
    assert horizons_of(names) == (12.0, 24.0)
    assert (np.diff(ends_of(names)) > 0).all()


def test_one_last_seen_late_in_an_interval_got_through_it_and_one_seen_early_did_not() -> None:
    ends = np.array([10.0, 20.0])
    assert interval_targets([(14.9, 0), (15.0, 0)], ends).tolist() == [[1, 0], [2, 0]]
    assert interval_targets([(10.0, 1), (10.1, 1)], ends).tolist() == [[0, 1], [1, 1]]


def test_the_coefficient_of_placebo_is_that_of_the_textbooks_with_ties_as_breslow() -> None:
    group = np.array([[0.0]] * 21 + [[1.0]] * 21)
    (found,) = coefficients(group, FREIREICH, 1e-9)
    assert found == pytest.approx(1.5092, abs=2e-4)  # R: coxph(ties = "breslow")
    assert coefficients(group, FREIREICH, 50.0)[0] < found / 2


def test_the_partial_likelihood_and_its_baseline_are_those_of_the_definition() -> None:
    dice = np.random.default_rng(0)
    labels = [
        (float(time), int(event)) for time, event in zip(dice.integers(1, 6, 40), dice.integers(0, 2, 40), strict=True)
    ]
    risk = dice.normal(size=40)
    at_risk = {time: sum(np.exp(r) for r, (t, _) in zip(risk, labels, strict=True) if t >= time) for time, _ in labels}
    by_hand = -sum(r - np.log(at_risk[t]) for r, (t, e) in zip(risk, labels, strict=True) if e)
    assert partial_surprise(risk, labels) == pytest.approx(by_hand)
    times, hazard = cumulative_hazard(risk, labels)
    for time, value in zip(times, hazard, strict=True):
        assert value == pytest.approx(sum(1 / at_risk[t] for t, e in labels if e and t <= time))


def test_a_curve_that_stays_above_one_half_has_no_median() -> None:
    assert median_of(Survival(0.1, (10.0, 20.0), (0.9, 0.6))) is None
    assert median_of(Survival(0.6, (10.0, 20.0), (0.6, 0.4))) == pytest.approx(15.0)


def test_the_share_of_time_lost_is_higher_for_the_earlier_event() -> None:
    early, late = lost_share((1.0, 2.0), np.array([[0.2, 0.1], [0.9, 0.1]]))
    assert early > late


@pytest.mark.parametrize("head", ["survive", "cox"])
def test_calibration_pulls_in_risks_that_lie_too_far_apart(head: str) -> None:
    dice, form = np.random.default_rng(1), form_of(head)
    risk = dice.normal(size=400)
    labels = [(float(time), 1) for time in dice.exponential(np.exp(-risk))]
    names = form.names(labels)
    fair = np.log(-np.log(np.clip(1 - np.arange(1, len(names) + 1) / (len(names) + 1), 1e-6, 1)))
    outputs = (4 * risk[:, None] + (0 if head == "cox" else fair[None, :])).astype(np.float32)
    calibration = form.calibrate(outputs, labels, None, names)  # type: ignore[arg-type]
    assert calibration.temperature > 2
    assert Calibration.from_dict(calibration.to_dict()) == calibration


def test_a_baseline_that_no_fit_writes_is_refused(tmp_path: Path) -> None:
    good = Calibration(1.0, baseline=((1.0, 0.1), (2.0, 0.3))).to_dict()
    check_calibration(good, 2, tmp_path / "calibration.json")
    for bad in ([[2.0, 0.1], [1.0, 0.3]], [[1.0]], [], "x", [[1.0, float("nan")]]):
        with pytest.raises(ModelError, match="baseline"):
            check_calibration({**good, "baseline": bad}, 2, tmp_path / "calibration.json")


def test_an_older_calibration_without_a_baseline_reads_as_before() -> None:
    assert "baseline" not in Calibration(2.0).to_dict()
    assert Calibration.from_dict({"temperature": 2.0, "thresholds": None}) == Calibration(2.0)


def test_two_deaths_on_one_day_are_no_pair_and_one_last_seen_that_day_outlived_the_dead() -> None:
    risk = np.array([2.0, 1.0])
    assert np.isnan(concordance(risk, [(5.0, 1), (5.0, 1)]))
    assert concordance(risk, [(5.0, 1), (5.0, 0)]) == 1.0
    assert concordance(risk[::-1], [(5.0, 1), (5.0, 0)]) == 0.0
