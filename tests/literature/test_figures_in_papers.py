"""Figures of papers: sentences with their answers, contrasting pairs, and what must hold of any number."""

from __future__ import annotations

import pytest
from _figure_answers import Right, sentences
from hypothesis import given
from hypothesis import strategies as st

from bedside.cleaning.numerals import value_of, worded
from bedside.literature.checks import flags_of
from bedside.literature.numbers import numbers_in

WRITTEN = [pair for name in ("numbers_en.txt", "numbers_zh.txt", "numbers_fresh.txt") for pair in sentences(name)]


@pytest.mark.parametrize(("sentence", "right"), WRITTEN, ids=[pair[0][:40] for pair in WRITTEN])
def test_a_sentence_gives_its_figures_and_no_other(sentence: str, right: list[Right]) -> None:
    found = numbers_in(sentence)
    assert len(found) == len(right), [one.shown() for one in found]
    for wanted in right:
        assert any(wanted.is_(one) for one in found), (wanted, found)


@pytest.mark.parametrize(
    ("sound", "doubtful", "flag"),
    [
        ("HR 0.8 (95% CI 0.7-0.9)", "HR 0.8 (95% CI 0.9-1.1)", "outside_interval"),
        ("风险比为0.8（95%CI 0.7～0.9）", "风险比为0.8（95%CI 0.9～1.1）", "outside_interval"),
        ("OR 1.5 (95% CI 1.1-2.0; P=0.01)", "OR 1.5 (95% CI 1.1-2.0; P=0.40)", "p_against_interval"),
        ("OR=1.5（95%CI 0.9～2.5，P>0.05）", "OR=1.5（95%CI 0.9～2.5，P<0.01）", "p_against_interval"),
        ("MD -2.1 (95% CI -3.0 to -1.2)", "MD -2.1 (95% CI -1.2 to -3.0)", "reversed_interval"),
        ("45 of 120 patients (37.5%)", "45 of 120 patients (47.5%)", "count_against_percent"),
        ("有效率为93.3%（56/60）", "有效率为83.3%（56/60）", "count_against_percent"),
        ("a sensitivity of 92%", "a sensitivity of 192%", "impossible_value"),
        ("correlated (r = 0.61)", "correlated (r = 1.61)", "impossible_value"),
        ("HR 2.0 (95% CI 1.0-4.0)", "HR 3.9 (95% CI 1.0-4.0)", "off_centre"),
    ],
)
def test_what_cannot_be_true_is_flagged_and_what_can_is_not(sound: str, doubtful: str, flag: str) -> None:
    assert [one.flags for one in numbers_in(sound)] == [()]
    assert flag in numbers_in(doubtful)[0].flags


@pytest.mark.parametrize(
    "rounded",
    [
        "HR 0.90 (95% CI 0.81-1.00; P=0.049)",  # a limit on the value of no effect says nothing of its side
        "RR 1.10 (95% CI 1.00-1.21; P=0.052)",
        "pain fell by 5.2 points (95% CI -7.1 to -3.3)",  # the word bears the sign
        "2 of 3 patients (67%)",
        "1 of 8 patients (12.5%)",
    ],
)
def test_rounding_and_wording_are_no_fault(rounded: str) -> None:
    assert [one.flags for one in numbers_in(rounded)] == [()]


@pytest.mark.parametrize(
    "sentence",
    [
        "We searched PubMed from 2010 to 2020.",
        "Patients received 5 mg twice daily for 12 weeks.",
        "Aspirin or placebo was given; OR staff were blinded.",
        "患者每日口服阿司匹林100 mg，连续12周。",
        "Phase 3 was reached at week 24.",
    ],
)
def test_doses_times_and_the_word_or_are_no_figures(sentence: str) -> None:
    assert numbers_in(sentence) == []


def test_places_are_code_points_of_the_whole_text() -> None:
    text = "𝛽-blockers 有效。 Mortality fell (HR 0.80, 95% CI 0.70 to 0.90)."
    (one,) = numbers_in(text)
    assert text[one.start : one.end] == "HR 0.80, 95% CI 0.70 to 0.90" == one.text
    assert text[slice(*one.sentence)].startswith("Mortality")


_SHARE = st.decimals(min_value="0.01", max_value="9.99", places=2).map(str)
_JOINED = st.sampled_from(["-", "–", " to ", ", ", "～", "~", "至"])
_NAMED = st.sampled_from(
    [
        ("HR", "HR"),
        ("hazard ratio,", "HR"),
        ("OR =", "OR"),
        ("aOR:", "OR"),
        ("RR", "RR"),
        ("比值比为", "OR"),
        ("风险比", "HR"),
    ]
)
_LEVEL = st.sampled_from(["95% CI", "95%CI", "95% CI:", "95% confidence interval", "95%可信区间", "95%置信区间为"])


@given(_NAMED, _SHARE, _SHARE, _SHARE, _JOINED, _LEVEL)
def test_any_ratio_with_an_interval_is_read_as_printed(
    named: tuple[str, str], value: str, low: str, high: str, joined: str, level: str
) -> None:
    found = numbers_in(f"The {named[0]} {value} ({level} {low}{joined}{high}).")
    assert [(one.kind, one.value, one.low, one.high) for one in found] == [
        (named[1], float(value), float(low), float(high))
    ]
    outside = not float(low) <= float(value) <= float(high)
    turned = float(low) > float(high)
    assert ("outside_interval" in found[0].flags) == (outside and not turned)
    assert ("reversed_interval" in found[0].flags) == turned


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 2))
def test_a_share_printed_from_its_count_is_never_flagged(count: int, more: int, places: int) -> None:
    total = count + more
    text = f"It occurred in {count} of {total} patients ({100 * count / total:.{places}f}%)."
    (one,) = (one for one in numbers_in(text) if one.kind == "proportion")
    assert (one.count, one.total, flags_of(one)) == (count, total, ())


@given(st.integers(1, 9_999_999), st.sampled_from([",", " ", "\u2009", "\u00a0"]))
def test_thousands_are_read_however_they_are_parted(number: int, mark: str) -> None:
    assert value_of(f"{number:,}".replace(",", mark)) == number


@given(st.integers(1, 999_999))
def test_numbers_in_english_words_come_back(number: int) -> None:
    assert worded(_in_words(number)) == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_and_places_hold(text: str) -> None:
    for one in numbers_in(text):
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _in_words(number: int) -> str:
    if number >= 1000:
        rest = f" {_in_words(number % 1000)}" if number % 1000 else ""
        return f"{_in_words(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {_in_words(number % 100)}" if number % 100 else ""
        return f"{_ONES[number // 100]} hundred{rest}"
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
