"""What doubt comes to: coverage counts patients and not rows, risk falls as fewer are answered, the page shows both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.evaluate.conformal import Judged, measure_doubt, risk_curve
from bedside.types import Estimate, Figure


def value(figure: Figure) -> float:
    assert isinstance(figure, Estimate)
    return figure.value


def judged(covered: list[bool], patients: list[str], sure: list[float] | None = None) -> Judged:
    """Rows whose sets hold the truth or not; an answer is right where its set is."""
    right = np.array(covered)
    return Judged(
        truths=[("malignant",)] * len(covered),
        held=[("malignant", "benign") if one else ("benign",) for one in covered],
        right=right,
        sure=np.array(sure or [0.5] * len(covered)),
        doubted=~right,
        patients=patients,
    )


def test_a_patient_with_nine_missed_rows_counts_as_one_patient() -> None:
    rows = judged([False] * 9 + [True] * 9, ["a"] * 9 + list("bcdefghij"))
    found = measure_doubt(rows, promised=0.9).metrics
    assert value(found["set_coverage"]) == pytest.approx(0.9)
    assert value(found["risk_all"]) == pytest.approx(0.5)


def test_who_is_doubted_is_not_counted_among_the_answers() -> None:
    found = measure_doubt(judged([True] * 8 + [False] * 4, list("abcdefghijkl")), promised=0.9).metrics
    assert value(found["risk_answered"]) == 0.0
    assert value(found["doubted"]) == pytest.approx(1 / 3)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=2, max_size=60))
@settings(max_examples=25)
def test_the_curve_ends_at_the_risk_of_answering_all_and_the_area_is_its_mean(rows: list[tuple[bool, int]]) -> None:
    wrong = np.array([one for one, _ in rows])
    sure = np.array([one / 100 for _, one in rows])
    points = risk_curve(wrong, sure)
    assert points[-1] == (1.0, pytest.approx(wrong.mean()))
    order = sorted(range(len(rows)), key=lambda row: -sure[row])
    by_hand = np.mean([wrong[order[: k + 1]].mean() for k in range(len(rows))])
    patients = [str(row) for row in range(len(rows))]
    whole = Judged(truths=[()] * len(rows), held=None, right=~wrong, sure=sure, doubted=wrong, patients=patients)
    area = measure_doubt(whole, promised=0.9).metrics["aurc"]
    assert not isinstance(area, Estimate) or area.value == pytest.approx(by_hand)


def test_knowing_what_one_does_not_know_makes_the_area_small() -> None:
    covered, patients = [True] * 15 + [False] * 5, [str(n) for n in range(20)]
    knows = measure_doubt(judged(covered, patients, [0.9] * 15 + [0.5] * 5), promised=0.9).metrics["aurc"]
    boasts = measure_doubt(judged(covered, patients, [0.5] * 15 + [0.9] * 5), promised=0.9).metrics["aurc"]
    assert value(knows) < value(boasts)
    assert 0 <= knows.low <= value(knows) <= knows.high  # type: ignore[union-attr]


def test_a_label_that_is_always_missed_shows_in_its_own_line() -> None:
    rows = Judged(
        truths=[("benign",)] * 10 + [("malignant",)] * 10,
        held=[("benign",)] * 20,
        right=np.array([True] * 10 + [False] * 10),
        sure=np.ones(20),
        doubted=np.zeros(20, bool),
        patients=None,
    )
    found = measure_doubt(rows, promised=0.9).per_class
    assert (value(found["benign"]), value(found["malignant"])) == (1.0, 0.0)
