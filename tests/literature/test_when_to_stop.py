"""The rule that says a review may stop, against its definition by counting, and the random draw that needs no trust."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.lang import speaking
from bedside.literature.screening.certify import drawn_order, evidence_against, most_in_urn
from bedside.literature.screening.simulate import first_stop
from bedside.literature.screening.stopping import chance_of_miss, chance_of_order, first_miss, stop_rule
from bedside.literature.screening.words import share, stop_lines

DECISIONS = st.lists(st.booleans(), min_size=1, max_size=14)


def counted_chance(seen: int, drawn: int, size: int, relevant: int) -> float:
    """The chance of at most `seen` relevant among `drawn` of `size`, by listing every draw."""
    draws = list(combinations(range(size), drawn))
    return sum(sum(one < relevant for one in draw) <= seen for draw in draws) / len(draws)


@given(read=st.lists(st.booleans(), min_size=1, max_size=7), unread=st.integers(0, 5))
def test_the_chance_of_a_miss_is_the_least_over_every_number_of_papers_read_last(read: list[bool], unread: int) -> None:
    total, found = len(read) + unread, sum(read)
    least = first_miss(found, 0.95)
    if least > unread:
        assert chance_of_miss(read, total) == 0
        return
    by_counting = []
    for drawn in range(1, len(read) + 1):
        seen = sum(read[-drawn:])
        by_counting.append(counted_chance(seen, drawn, drawn + unread, seen + least))
    assert chance_of_miss(read, total) == pytest.approx(min(by_counting))


@given(found=st.integers(0, 500), percent=st.integers(50, 100))
def test_the_first_miss_is_the_fewest_unread_with_which_recall_falls_short(found: int, percent: int) -> None:
    least = first_miss(found, percent / 100)
    assert 100 * found < percent * (found + least)
    assert least == 1 or 100 * found >= percent * (found + least - 1)


@given(read=DECISIONS, unread=st.integers(0, 60))
def test_stopping_and_the_bound_on_recall_say_the_same(read: list[bool], unread: int) -> None:
    stop = stop_rule(read, len(read) + unread, target=0.9, confidence=0.9)
    assert 0 <= stop.missed <= unread
    if stop.low is not None and unread:
        assert (stop.p < 1 - 0.9) == (stop.low >= 0.9 - 1e-12)
        assert stop.may_stop == (stop.low >= 0.9 - 1e-12 and (stop.p == 0 or stop.order_p < 1 - 0.9))


def test_a_review_with_nothing_found_yet_may_not_stop_however_much_was_read() -> None:
    assert not stop_rule([0] * 99, 100).may_stop
    assert stop_rule([0] * 100, 100).may_stop


def test_forty_found_and_a_long_run_without_any_may_stop_a_short_run_may_not() -> None:
    found = [1, 0] * 40
    assert not stop_rule(found + [0] * 100, 1000).may_stop
    assert stop_rule(found + [0] * 700, 1000).may_stop


@given(read=st.lists(st.booleans(), min_size=2, max_size=9))
def test_the_chance_of_the_order_is_the_share_of_orders_with_as_many_finds_in_the_first_half(read: list[bool]) -> None:
    half, places = len(read) // 2, list(combinations(range(len(read)), sum(read)))
    as_many = sum(sum(one < half for one in those) >= sum(read[:half]) for those in places)
    assert chance_of_order(read) == pytest.approx(as_many / len(places))


def test_finds_spread_evenly_over_the_reading_do_not_allow_to_stop_finds_at_its_beginning_do() -> None:
    evenly, early = [1, 0, 0, 0] * 20, [1] * 20 + [0] * 60
    spread = stop_rule(evenly + [0] * 12, 97)
    assert 0 < spread.p < 0.2
    assert stop_rule(early + [0] * 12, 97).may_stop
    assert spread.order_p > 0.05
    assert not stop_rule(evenly + [0] * 14, 97, confidence=0.85).may_stop


def test_where_too_few_are_unread_to_miss_the_target_the_order_does_not_matter() -> None:
    assert stop_rule([1, 0, 0, 0] * 20 + [0] * 19, 100).may_stop


@given(read=st.lists(st.booleans(), min_size=2, max_size=40), known=st.integers(0, 2))
def test_where_a_simulation_stops_is_where_asking_after_each_paper_would_have(read: list[bool], known: int) -> None:
    each = [at for at in range(max(1, known), len(read)) if stop_rule(read[:at], len(read)).may_stop]
    told = first_stop(read, len(read), known, 0.95, 0.95)
    assert (told.read if told else None) == (each[0] if each else None)


@given(size=st.integers(1, 12), relevant=st.integers(0, 12), confidence=st.sampled_from([0.8, 0.9, 0.95]))
def test_a_random_draw_refutes_the_truth_at_any_look_no_oftener_than_promised(
    size: int, relevant: int, confidence: float
) -> None:
    relevant = min(relevant, size)
    refuted = 0
    for places in combinations(range(size), relevant):
        found, ever = 0, False
        for drawn in range(1, size + 1):
            found += drawn - 1 in places
            ever = ever or evidence_against(size, drawn, found)[relevant] >= 1 / (1 - confidence)
        refuted += ever
    assert refuted / comb(size, relevant) <= 1 - confidence


def test_the_evidence_of_a_draw_is_the_mixture_over_the_likelihood_written_out() -> None:
    size, drawn, found = 9, 4, 1
    likely = [comb(k, found) * comb(size - k, drawn - found) / comb(size, drawn) for k in range(size + 1)]
    weight = np.array([1 / ((k + 1) * (k + 2)) for k in range(size + 1)])
    mixed = float(np.dot(likely, weight / weight.sum()))
    expected = [mixed / one if one else np.inf for one in likely]
    assert evidence_against(size, drawn, found).tolist() == pytest.approx(expected)


def test_more_drawn_without_a_find_leaves_less_room_and_all_drawn_leaves_none() -> None:
    bounds = [most_in_urn(200, drawn, 0) for drawn in (0, 50, 100, 150, 200)]
    assert bounds == sorted(bounds, reverse=True)
    assert (bounds[0], bounds[-1]) == (200, 0)
    assert most_in_urn(200, 200, 7) == 7


def test_the_random_order_can_be_made_again_from_its_seed_and_another_seed_gives_another() -> None:
    ids = [str(one) for one in range(50)]
    assert drawn_order(ids, 1) == drawn_order(list(reversed(ids)), 1)
    assert drawn_order(ids, 1) != drawn_order(ids, 2)


@pytest.mark.parametrize(("lang", "stop", "on"), [("en", "you may stop", "read on"), ("zh", "可以停止", "请继续")])
def test_what_the_rule_says_is_said_in_both_languages_and_never_rounded_up(lang: str, stop: str, on: str) -> None:
    found = [1, 0] * 40
    with speaking(lang):  # type: ignore[arg-type]
        assert stop in stop_lines(stop_rule(found + [0] * 700, 1000))[-1]
        assert on in stop_lines(stop_rule(found + [0] * 300, 1000))[-1]
    assert share(0.9499) == "94 %"
