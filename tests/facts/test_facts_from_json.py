"""A chart in plain JSON is read as people write it; what cannot be read is an error with its place, never a guess."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import DataError
from bedside.facts.of_json import facts_from_json
from bedside.types import Facts


def facts(**told: Any) -> Facts:
    return facts_from_json(told)[0]


def test_the_contracts_own_form_is_read() -> None:
    read, left = facts_from_json(
        {
            "age_years": 67,
            "sex": "female",
            "pregnant": False,
            "allergies": [{"substance": "penicillin", "reaction": "anaphylaxis"}],
            "conditions": ["chronic kidney disease stage 4"],
            "medications": ["warfarin 3 mg daily"],
            "labs": [{"name": "potassium", "value": 6.1, "unit": "mmol/L"}],
        }
    )
    assert left == ()
    assert (read.age_years, read.sex, read.pregnant) == (67, "female", False)
    assert [(one.substance, one.reaction) for one in read.allergies] == [("penicillin", "anaphylaxis")]
    assert [(one.name, one.value, one.unit) for one in read.labs] == [("potassium", 6.1, "mmol/L")]


@pytest.mark.parametrize(
    ("said", "years"),
    [
        (67, 67),
        ("67", 67),
        ("67岁", 67),
        ("六十七岁", 67),
        ("一百零二岁", 102),
        ("sixty-seven", 67),
        ("sixty seven years", 67),
        ("six months", 0.5),
        ("18 months old", 1.5),
        ("8个月", 8 / 12),
        ("新生儿", 0.01),
        (0, 0),
    ],
)
def test_an_age_is_read_in_digits_and_in_words(said: Any, years: float) -> None:
    assert facts(age_years=said).age_years == pytest.approx(years)


@pytest.mark.parametrize("said", [None, "", "unknown", "不详"])
def test_what_is_not_said_is_none_and_not_no(said: Any) -> None:
    assert facts(age_years=said, pregnant=said).age_years is None
    assert facts(pregnant=said).pregnant is None


@pytest.mark.parametrize("said", ["none", "NKDA", "No known drug allergies", "无", "否认药物过敏史", [], None, [None]])
def test_no_allergies_in_many_words_are_no_allergies(said: Any) -> None:
    assert facts(allergies=said).allergies == ()


def test_strings_stand_for_objects() -> None:
    read = facts(
        allergies=["penicillin (rash)", "对头孢过敏", "sulfa: hives"], labs="K 6.8 mmol/L; INR 4.2", medications="a；b"
    )
    told = [(one.substance, one.reaction) for one in read.allergies]
    assert told == [("penicillin", "rash"), ("头孢", ""), ("sulfa", "hives")]
    assert [(one.name, one.value, one.unit) for one in read.labs] == [("K", 6.8, "mmol/L"), ("INR", 4.2, "")]
    assert read.medications == ("a", "b")


def test_a_value_with_a_bound_or_in_words_is_kept_as_it_is() -> None:
    told = [{"name": "TSH", "value": "<0.01", "unit": "mIU/L"}, {"name": "HBsAg", "value": "positive"}]
    read = facts(labs=[*told, {"name": "x", "value": None}])
    assert [one.value for one in read.labs] == ["<0.01", "positive"]


def test_weight_and_height_are_read_in_their_units() -> None:
    assert facts(weight="154 lb").weight_kg == pytest.approx(69.85, abs=0.01)
    assert facts(weight_kg="70").weight_kg == 70
    assert facts(height="1.75 m").height_cm == 175


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"age_years": "old"}, "chart.age_years"),
        ({"age_years": 400}, "chart.age_years"),
        ({"sex": "x1"}, "chart.sex"),
        ({"pregnant": "maybe"}, "chart.pregnant"),
        ({"allergies": [{"reaction": "rash"}]}, "chart.allergies[0]"),
        ({"labs": [{"name": "K", "value": 4}, {"name": "Na", "value": "1x2"}]}, "chart.labs[1].value"),
        ({"labs": ["potassium"]}, "chart.labs[0]"),
        ({"conditions": 7}, "chart.conditions"),
        ({"weight_kg": 7000}, "chart.weight_kg"),
        ({"age": 3, "age_years": 4}, "chart.age_years"),
        ([1], "chart"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_its_place_and_not_its_words(told: Any, place: str) -> None:
    with pytest.raises(DataError) as fault:
        facts_from_json(told)
    assert fault.value.where == place
    assert "maybe" not in str(fault.value)


def test_keys_that_nothing_knows_are_given_back() -> None:
    assert facts_from_json({"age_years": 3, "favourite_colour": "red"})[1] == ("favourite_colour",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["age_years", "sex", "pregnant", "weight_kg", "allergies", "conditions", "medications", "labs"])


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_any_json_gives_facts_or_a_data_error(told: dict[str, Any]) -> None:
    try:
        read, _ = facts_from_json(told)
    except DataError:
        return
    assert isinstance(read, Facts)
