"""A writer's list gets the weight that it has earned on known cases, and none by chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bedside.tasks._rank_fusion import WEIGHTS, Lists, cross_fitted, fit_weight, places, rank_of, ranks


def lists(truth: int, at: int, *, known: bool, seed: int, count: int = 200) -> Lists:
    """The truth is at place `at` of the knowledge's ranking, and first on the list where it is known."""
    rng = np.random.default_rng(seed)
    scores = rng.permutation(np.array([n for n in range(count) if n != count - at], float))
    scores = np.insert(scores, truth, count - at)
    drawn = tuple((int(one),) for one in rng.choice([n for n in range(count) if n != truth], 9, replace=False))
    return Lists(places(scores), ((truth,), *drawn) if known else drawn)


def some(known: Callable[[int], bool]) -> tuple[list[Lists], list[int]]:
    cases = [lists(n, 1 + n % 30, known=known(n), seed=n) for n in range(60)]
    return cases, list(range(60))


def test_a_list_by_chance_gets_no_weight_and_moves_no_case() -> None:
    cases, truth = some(lambda n: False)
    found = ranks(cases, truth)
    assert fit_weight(found, truth) == 0
    assert (cross_fitted(found, truth, 0) == found[0]).all()


def test_a_list_that_often_knows_gets_a_weight_and_lifts_cases_that_did_not_fit_it() -> None:
    cases, truth = some(lambda n: n % 2 == 0)
    found = ranks(cases, truth)
    assert fit_weight(found, truth) > 0
    assert (1 / cross_fitted(found, truth, 0)).mean() > (1 / found[0]).mean() + 0.1


def test_one_lucky_disease_is_not_enough_and_most_of_them_are() -> None:
    found = np.full((len(WEIGHTS), 40), 2.0)
    found[1:, 0], found[1:, 1] = 1.0, 2.5
    assert (1 / found[1]).mean() > (1 / found[0]).mean()
    assert fit_weight(found, range(40)) == 0
    found[1:, 2:30] = 1.0
    assert fit_weight(found, range(40)) > 0


def test_the_weight_of_nothing_leaves_the_order_of_the_knowledge() -> None:
    one = lists(3, 12, known=True, seed=1)
    assert (np.argsort(-one.scores(0.0), kind="stable") == np.argsort(one.knowledge, kind="stable")).all()
    assert rank_of(one.scores(4.0), 3) < rank_of(one.scores(0.0), 3) == 12
    assert WEIGHTS[0] == 0


def test_places_that_tie_share_their_mean_as_counted_one_by_one() -> None:
    scores = np.random.default_rng(0).integers(0, 5, 40).astype(float)
    slow = [(scores > one).sum() + ((scores == one).sum() + 1) / 2 for one in scores]
    assert places(scores).tolist() == slow
