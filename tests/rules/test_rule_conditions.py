"""Conditions of rules: what is unknown never fires, what is written wrongly is refused, what is needed is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import BedsideError
from bedside.lang import speaking
from bedside.rules._expression import compile_expression
from bedside.rules._syntax import Call, Listed, Literal, Not, Operation, parse
from bedside.rules._vocabulary import checked
from bedside.rules.words import in_words

NUMBERS = ("egfr", "labs.potassium", "age")
WORDS = ("warfarin", "ibuprofen", "lithium")

comparisons = st.builds(
    "{} {} {}".format, st.sampled_from(NUMBERS), st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 9)
)
memberships = st.builds(
    "'{}' {} {}".format,
    st.sampled_from(WORDS),
    st.sampled_from(("in", "not in")),
    st.sampled_from(("takes", "proposed")),
)
lists = st.builds(
    "{}([{}], # in {})".format,
    st.sampled_from(("some", "none")),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda words: ", ".join(f"'{one}'" for one in words)),
    st.sampled_from(("takes", "proposed")),
)
conditions = st.recursive(
    st.one_of(comparisons, memberships, lists, st.just("pregnant")),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=6,
)
numbers = st.one_of(st.none(), st.integers(0, 9))
patients = st.fixed_dictionaries(
    {
        "egfr": numbers,
        "potassium": numbers,
        "age": numbers,
        "pregnant": st.sampled_from((None, True, False)),
        "takes": st.lists(st.sampled_from(WORDS), unique=True),
        "proposed": st.lists(st.sampled_from(WORDS), unique=True),
    }
)


def context(patient: dict[str, Any]) -> dict[str, Any]:
    labs = {} if patient["potassium"] is None else {"potassium": patient["potassium"]}
    return {**{name: value for name, value in patient.items() if name != "potassium"}, "labs": labs}


class Unknown:
    """Kleene's third value, by an evaluation that shares nothing with the one tested."""

    def __init__(self, value: bool | None) -> None:
        self.value = value

    def __and__(self, other: Unknown) -> Unknown:
        values = (self.value, other.value)
        return Unknown(False if False in values else None if None in values else True)

    def __or__(self, other: Unknown) -> Unknown:
        return ~(~self & ~other)

    def __invert__(self) -> Unknown:
        return Unknown(None if self.value is None else not self.value)


def by_kleene(condition: str, patient: dict[str, Any]) -> bool | None:
    """The condition over three values, worked out anew from its tree."""
    return truth(parse(condition), patient).value


def truth(node: Any, patient: dict[str, Any]) -> Unknown:
    match node:
        case Not(of):
            return ~truth(of, patient)
        case Operation("and", left, right):
            return truth(left, patient) & truth(right, patient)
        case Operation("or", left, right):
            return truth(left, patient) | truth(right, patient)
        case Call(function, Listed(items), Operation("in", _, where)):
            held = any(value(one, patient) in value(where, patient) for one in items)
            return Unknown(held is (function == "some"))
        case Operation(sign, left, right):
            return Unknown(COMPARED[sign](value(left, patient), value(right, patient)))
    return Unknown(value(node, patient))


COMPARED: dict[str, Callable[[Any, Any], bool | None]] = {
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
    "<": lambda left, right: None if left is None else left < right,
    "<=": lambda left, right: None if left is None else left <= right,
    ">": lambda left, right: None if left is None else left > right,
    ">=": lambda left, right: None if left is None else left >= right,
}


def value(node: Any, patient: dict[str, Any]) -> Any:
    if isinstance(node, Literal):
        return node.text if node.text is not None else float(node.written)
    return patient[node.path.split(".")[-1]]


@given(conditions, patients)
def test_a_condition_holds_only_where_what_is_known_makes_it_true(condition: str, patient: dict[str, Any]) -> None:
    assert compile_expression(condition).holds(context(patient)) is (by_kleene(condition, patient) is True)


@given(conditions, patients)
def test_a_condition_that_holds_has_something_of_all_that_it_needs(condition: str, patient: dict[str, Any]) -> None:
    one = compile_expression(condition)
    there = {(name, word) for name in ("takes", "proposed") for word in patient[name]}
    there |= {(name, "") for name in ("egfr", "age") if patient[name] is not None}
    there |= {("labs", "potassium")} if patient["potassium"] is not None else set()
    there |= {("pregnant", str(patient["pregnant"]).lower())}
    if one.holds(context(patient)):
        assert all(needed & there for needed in one.needs)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("'nsiad' in proposed", "nsaid"),
        ("labs.potasium > 6", "potassium"),
        ("'pacemaker' in procedures", "unknown id in procedures"),
        ("agee < 3", "age"),
        ("dose.metformin.mg_a_day > 3", "unknown part of a dose"),
        ("egfr <", "cannot read"),
        ("egfr < 30 egfr", "cannot read"),
        ("import os", "cannot read"),
        ("__import__('os')", "cannot read"),
        ("none(takes, age < 3)", "may ask only of its item"),
        ("not 'x'", "neither true nor false"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(condition: str, said: str) -> None:
    with pytest.raises(BedsideError, match=said):
        checked(condition)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "the patient takes anticoagulant; and not: age in years below 65"),
        ("zh", "患者正在服用抗凝药；且并非：年龄（岁）低于65"),
    ],
)
def test_a_condition_is_told_in_words_of_both_languages(lang: Any, said: str) -> None:
    with speaking(lang):
        words = in_words("'anticoagulant' in takes and not (age < 65)")
    assert words == said
