"""Where a measured value stands: low, normal or high, by age and sex, in contrasting pairs."""

from __future__ import annotations

import pytest

from bedside.phenotypes._numbers import levels
from bedside.phenotypes._patient import Patient

MAN, WOMAN, UNKNOWN = Patient(40, "male"), Patient(40, "female"), Patient(40, None)


@pytest.mark.parametrize(
    ("said", "patient", "may_be"),
    [
        ("Hb 125 g/L", WOMAN, {"normal"}),
        ("Hb 125 g/L", MAN, {"low"}),
        ("Hb 125 g/L", UNKNOWN, {"low", "normal"}),
        ("白细胞 6.2×10^9/L", MAN, {"normal"}),
        ("白细胞 15.2×10^9/L", MAN, {"high"}),
        ("creatinine 60 umol/L", WOMAN, {"low", "normal"}),
        ("BP 120/95", WOMAN, {"normal", "high"}),
    ],
)
def test_a_value_is_held_to_the_bounds_that_are_known(said: str, patient: Patient, may_be: set[str]) -> None:
    assert [set(one.may_be) for one in levels(said, patient)] == [may_be]


def test_a_number_of_nothing_that_is_known_stands_nowhere() -> None:
    assert levels("room 138, 6.2 mg", MAN) == []
