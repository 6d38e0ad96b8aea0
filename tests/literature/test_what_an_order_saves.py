"""WSS, recall and time to a discovery against their definitions; the order that learns against chance."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.literature.screening.measures import recall_curve, saved, to_recall, wss
from bedside.literature.screening.ranker import Ranker
from bedside.literature.screening.simulate import ByChance, simulate

ORDERS = st.lists(st.booleans(), min_size=1, max_size=60).filter(any)


@given(found=ORDERS, percent=st.sampled_from([80, 90, 95, 100]))
def test_wss_is_what_is_left_unread_at_the_recall_less_what_leaving_off_at_random_saves(
    found: list[bool], percent: int
) -> None:
    needed = ceil(percent * sum(found) / 100)
    read = next(at for at in range(1, len(found) + 1) if sum(found[:at]) >= needed)
    true_negatives = sum(not one for one in found[read:])
    false_negatives = sum(found[read:])
    n = len(found)
    assert wss(found, percent / 100) == pytest.approx((true_negatives + false_negatives) / n - (1 - percent / 100))
    assert to_recall(found, percent / 100) == read


@given(found=ORDERS)
def test_time_to_a_discovery_and_the_curve_are_counted_paper_by_paper(found: list[bool]) -> None:
    places = [at for at, one in enumerate(found, 1) if one]
    assert saved(found).atd == pytest.approx(np.mean(places) / len(found))
    curve = recall_curve(found, points=len(found) + 1)
    assert curve.tolist() == pytest.approx([sum(found[:at]) / sum(found) for at in range(len(found) + 1)])


def test_the_best_order_saves_most_and_the_worst_less_than_nothing() -> None:
    assert wss([1] * 5 + [0] * 95, 0.95) == pytest.approx(0.90)
    assert wss([0] * 95 + [1] * 5, 0.95) == pytest.approx(-0.05)
    with pytest.raises(ValueError, match="relevant"):
        saved([0, 0])


GOUT = ["Colchicine prevents gout flares", "Allopurinol lowers uric acid in gout", "Gout and febuxostat: a trial"]
OTHER = ["Knee surgery after a fall", "Asthma inhalers in school", "Sleep and shift work", "Hip fracture in the old"]


def test_the_question_alone_puts_its_papers_first_and_a_decision_moves_its_like_up() -> None:
    asked = Ranker([*OTHER, *GOUT], "treatment of gout")
    assert set(np.argsort(-asked.scores({}))[:3]) == {4, 5, 6}
    blank = Ranker([*OTHER, *GOUT])
    assert set(np.argsort(-blank.scores({4: True, 0: False}), kind="stable")[:3]) == {4, 5, 6}


def test_a_chinese_question_finds_chinese_titles() -> None:
    texts = ["哮喘患儿的护理", "秋水仙碱预防痛风急性发作", "髋部骨折术后康复", "别嘌醇治疗痛风"]
    assert set(np.argsort(-Ranker(texts, "痛风的治疗").scores({}))[:2]) == {1, 3}


def test_papers_without_a_word_are_read_by_chance_rather_than_refused() -> None:
    scores = Ranker(["", "  ", "..."], "gout").scores({0: True, 1: False})
    assert scores.shape == (3,)


def test_a_simulated_review_reads_each_paper_once_and_learns_faster_than_chance() -> None:
    texts = [f"{GOUT[at % 3]} number {at}" for at in range(15)] + [f"{OTHER[at % 4]} number {at}" for at in range(185)]
    relevant = [at < 15 for at in range(200)]
    run = simulate(relevant, Ranker(texts), seed=3)
    assert sorted([*run.priors, *run.order]) == list(range(200))
    assert run.saved.wss_95 > simulate(relevant, ByChance(200, 3), seed=3).saved.wss_95 + 0.3
    assert run.stopped is not None
    assert run.recall == 1.0


def test_the_same_seed_gives_the_same_reading() -> None:
    texts, relevant = [*GOUT, *OTHER], [True] * 3 + [False] * 4
    assert simulate(relevant, Ranker(texts), seed=1) == simulate(relevant, Ranker(texts), seed=1)
