"""Studies pooled: the BCG vaccine trials as published, and what must hold of any studies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import DataError
from bedside.trials.results.effects import Effect, effect, means, stated, two_by_two
from bedside.trials.results.pooling import Pooled, egger, fixed, leave_one_out, mantel_haenszel, random

BCG = (
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761)),
    *((180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232)),
    *((17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
)
"""Tuberculosis and none, vaccinated and not, of 13 trials (Colditz et al. 1994, JAMA 271:698)."""
TABLES = [((a, a + b), (c, c + d)) for a, b, c, d in BCG]
EFFECTS = [two_by_two(one, two) for one, two in TABLES]


@pytest.mark.parametrize(
    ("pooled", "value", "se", "tau2"),
    [
        (fixed(EFFECTS), -0.4303, 0.0405, 0.0),
        (random(EFFECTS, "DL"), -0.7141, 0.1787, 0.3088),
        (random(EFFECTS, "REML"), -0.7145, 0.1798, 0.3132),
        (random(EFFECTS, "PM"), -0.7150, 0.1809, 0.3181),
        (random(EFFECTS, "REML", hartung_knapp=True), -0.7145, 0.1808, 0.3132),
    ],
)
def test_the_bcg_trials_come_to_what_is_published(pooled: Pooled, value: float, se: float, tau2: float) -> None:
    """Viechtbauer 2010 (J Stat Softw 36:3) and its worked examples: the log risk ratio by each method."""
    assert math.log(pooled.effect.value) == pytest.approx(value, abs=6e-5)
    assert pooled.effect.se == pytest.approx(se, abs=6e-5)
    assert pooled.tau2 == pytest.approx(tau2, abs=6e-5)
    assert pooled.q == pytest.approx(152.233, abs=5e-4)
    assert pooled.i2 == pytest.approx(0.9212, abs=5e-5)


def test_counts_pooled_by_mantel_and_haenszel_are_those_published() -> None:
    assert math.log(mantel_haenszel(TABLES).value) == pytest.approx(-0.4537, abs=6e-5)
    assert mantel_haenszel(TABLES).se == pytest.approx(0.0393, abs=6e-5)


def test_small_studies_are_only_judged_when_there_are_ten() -> None:
    assert egger(EFFECTS[:9]) is None
    assert egger(EFFECTS) == pytest.approx(0.189, abs=5e-4)


def test_the_madras_trial_alone_moves_the_mean() -> None:
    without = leave_one_out(EFFECTS, random)
    assert without[7].value < random(EFFECTS).effect.value < without[6].value


def test_a_trial_with_nobody_ill_says_nothing_and_one_empty_cell_is_told() -> None:
    with pytest.raises(DataError):
        two_by_two((0, 50), (0, 50))
    assert "0.5" in two_by_two((0, 50), (5, 50)).note
    assert not two_by_two((1, 50), (5, 50)).note
    with pytest.raises(DataError):
        two_by_two((51, 50), (5, 50))


def test_an_interval_that_does_not_hold_its_value_is_refused() -> None:
    assert stated("HR", 0.8, 0.7, 0.92).p < 0.05
    with pytest.raises(DataError):
        stated("HR", 0.8, 0.9, 1.1)


def test_a_difference_in_standard_deviations_is_less_than_cohens() -> None:
    one = means((103, 5.5, 50), (100, 4.5, 50), "SMD")
    assert one.value < 3 / math.sqrt((5.5**2 + 4.5**2) / 2)
    assert means((103, 5.5, 50), (100, 4.5, 50)).value == pytest.approx(3)


studies = st.lists(
    st.tuples(st.floats(-2, 2), st.floats(0.05, 1)).map(lambda one: effect("RR", one[0], one[1])),
    min_size=2,
    max_size=12,
)


@given(studies)
def test_what_is_pooled_lies_among_the_studies_and_chance_between_them_only_widens(some: list[Effect]) -> None:
    values = [one.value for one in some]
    for pooled in (fixed(some), random(some, "DL"), random(some, "PM"), random(some, "REML")):
        assert min(values) - 1e-9 <= pooled.effect.value <= max(values) + 1e-9
        assert sum(pooled.weights) == pytest.approx(1)
        assert pooled.effect.se >= fixed(some).effect.se - 1e-9
        assert 0 <= pooled.i2 <= 1


@given(st.integers(1, 40), st.integers(41, 90), st.integers(1, 40), st.integers(41, 90))
def test_arms_that_change_places_turn_a_ratio_over(a: int, n1: int, c: int, n2: int) -> None:
    for measure in ("RR", "OR"):
        one, other = two_by_two((a, n1), (c, n2), measure), two_by_two((c, n2), (a, n1), measure)  # type: ignore[arg-type]
        assert one.value == pytest.approx(1 / other.value)
        assert one.p == pytest.approx(other.p)
