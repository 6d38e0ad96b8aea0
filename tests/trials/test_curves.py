"""Survival in two arms: children with leukaemia given 6-mercaptopurine or placebo, as published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import DataError
from bedside.trials.results.curves import hazard_ratio, kaplan_meier, log_rank

DRUG = (
    *((6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0)),
    *((20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)),
)
PLACEBO = tuple((time, 1) for time in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23))
"""Weeks in remission, and whether it ended (Freireich et al. 1963, Blood 21:699)."""
DRUG_T, DRUG_E = np.array(DRUG, float).T
PLACEBO_T, PLACEBO_E = np.array(PLACEBO, float).T


def test_the_curve_of_the_drug_is_the_textbooks() -> None:
    """Collett 2015, Modelling Survival Data, table of the 6-MP arm."""
    curve = kaplan_meier(DRUG_T, DRUG_E)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.chances == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.median() == (23, 13, None)
    assert kaplan_meier(PLACEBO_T, PLACEBO_E).median() == (8, 4, 11)
    assert [curve.seen(one) for one in (0, 7, 28)] == [21, 17, 4]


def test_the_arms_differ_as_published() -> None:
    statistic, df, p = log_rank([(DRUG_T, DRUG_E), (PLACEBO_T, PLACEBO_E)])
    assert (statistic, df) == (pytest.approx(16.793, abs=5e-4), 1)
    assert p == pytest.approx(4.17e-5, rel=1e-2)
    times, events = np.r_[DRUG_T, PLACEBO_T], np.r_[DRUG_E, PLACEBO_E]
    found = hazard_ratio(times, events, np.r_[np.zeros(21), np.ones(21)])
    assert (found.plain, found.se) == (pytest.approx(1.5721, abs=5e-5), pytest.approx(0.4124, abs=5e-5))


def test_no_ratio_is_made_up_where_an_arm_has_no_event_or_times_are_impossible() -> None:
    with pytest.raises(DataError):
        hazard_ratio(np.array([1.0, 2, 3, 4]), np.array([1.0, 1, 0, 0]), np.array([1.0, 1, 0, 0]))
    with pytest.raises(DataError):
        kaplan_meier(np.array([-1.0]), np.array([1.0]))


patients = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=40)


@given(patients)
def test_a_curve_only_falls_and_lies_within_its_limits(some: list[tuple[int, int]]) -> None:
    times, events = np.array(some, float).T
    curve = kaplan_meier(times, events)
    assert (np.diff(curve.chances) <= 1e-12).all()
    known = ~np.isnan(curve.high)
    assert (curve.low[known] <= curve.chances[known] + 1e-9).all()
    assert (curve.chances[known] <= curve.high[known] + 1e-9).all()
    if not curve.lost.size:
        assert [curve.at(one) for one in curve.times] == pytest.approx([(times > one).mean() for one in curve.times])


@given(patients, patients)
def test_the_order_of_the_arms_does_not_matter(one: list[tuple[int, int]], two: list[tuple[int, int]]) -> None:
    arms = [tuple(np.array(some, float).T) for some in (one, two)]
    if sum(events.sum() for _, events in arms) == 0:
        return
    assert log_rank(arms)[0] == pytest.approx(log_rank(arms[::-1])[0], abs=1e-9)  # type: ignore[arg-type]
