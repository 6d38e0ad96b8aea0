"""Numbers that are written in two ways and mean one thing, and those that do not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.grounding._figures import figures


def _agree(one: str, other: str) -> bool:
    return any(first.equals(second) for first in figures(one) for second in figures(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("metformin 1000 mg", "metformin 1 g"),
        ("39.2 C", "102.6 °F"),
        ("6 mm nodule", "a 0.6 cm nodule"),
        ("12 months", "1 year"),
        ("a week", "7 days"),
        ("半年", "6 months"),
        ("500 mg BID", "twice a day"),
        ("0.5g tid", "每日三次"),
        ("58M", "58-year-old"),
        ("62岁", "62 years old"),
        ("28w3d", "28 weeks"),
        ("十年", "10 years"),
        ("PHQ-9 18", "18"),
        ("10^9/L 38", "38"),
        ("wkly", "once a week"),
        ("for 3/52", "three weeks"),
        ("seen 3/7 ago", "three days ago"),
        ("in 5/12", "5 months"),
        ("q6h", "每六小时查一次"),
    ],
)
def test_one_value_in_two_ways_is_one(one: str, other: str) -> None:
    assert _agree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.1 mmol/L", "5.1 mg/dL"),
        ("40 mg", "40 mcg"),
        ("twice a day", "three times a day"),
        ("3 weeks", "3 months"),
        ("38 °C", "38 °F"),
        ("每日一次", "每日两次"),
        ("for 3/7", "3 weeks"),
        ("每六小时查一次", "每八小时查一次"),
    ],
)
def test_another_unit_is_another_value(one: str, other: str) -> None:
    assert not _agree(one, other)


@pytest.mark.parametrize(
    "text", ["3/12 nodes involved", "3/7 lymph nodes positive", "seen on 3/7", "admitted 3/7 with cough", "3/7 - 5/7"]
)
def test_a_share_or_a_date_is_no_span_of_days(text: str) -> None:
    assert not [one for one in figures(text)[:1] if one.kind == "time"]


@given(st.integers(1, 5000), st.sampled_from(["mg", "g", "mcg", "mm", "cm", "days", "hours", "%"]))
def test_a_number_equals_itself_and_no_other_of_its_unit(number: int, unit: str) -> None:
    assert _agree(f"took {number} {unit}", f"{number} {unit}")
    assert not _agree(f"took {number} {unit}", f"{number + 1} {unit}")


@given(st.text(max_size=80))
def test_any_text_is_read_and_places_are_in_order_and_apart(text: str) -> None:
    found = figures(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
