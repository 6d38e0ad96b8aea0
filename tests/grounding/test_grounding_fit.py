"""How the reader is fitted: twins together, their order counted, what a sentence tells by itself taken out."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from _grounding_alone import alone
from _grounding_changes import Changes, written
from _grounding_fitting import BATCH, Item, batches, loss
from bedside.grounding._align import Aligner
from bedside.grounding._reading import read

CASES = [
    (
        "en",
        "Left knee pain for 3 weeks. Denies fever. Started naproxen 500 mg BD.",
        "The left knee hurts.",
        "His temperature was high.",
    ),
    ("zh", "左膝疼痛3周，否认发热，予萘普生0.5g bid。", "左边膝盖疼。", "患者发过烧。"),
]


def _item(alone_: float, *, wrong: bool, twin: int | None = None, tokens: int = 3) -> Item:
    return Item(torch.ones(tokens, 8), torch.ones(4, 8), wrong, "written", alone_, twin)


def test_every_sentence_is_in_one_batch_and_a_twin_is_beside_its_true_one() -> None:
    given = [
        _item(0.0, wrong=at % 2 == 1, twin=at - 1 if at % 2 else None, tokens=1 + at % 7) for at in range(20 * BATCH)
    ]
    found = batches(given, random.Random(0))
    assert sorted(at for batch in found for at in batch) == list(range(len(given)))
    assert all((given[at].twin is None) or given[at].twin in batch for batch in found for at in batch)


def test_what_a_sentence_tells_alone_leaves_less_to_be_learnt() -> None:
    network = Aligner(8, 4).eval()
    told, silent = ([_item(-sure, wrong=False), _item(sure, wrong=True, twin=0)] for sure in (3.0, 0.0))
    assert loss(network, told, [0, 1]) < loss(network, silent, [0, 1])


def test_a_twin_ranked_above_its_true_one_costs() -> None:
    network = Aligner(8, 4).eval()
    alike = [_item(2.0, wrong=False), _item(-2.0, wrong=True)]
    twins = [alike[0], alike[1]._replace(twin=0)]
    assert loss(network, twins, [0, 1]) > loss(network, alike, [0, 1])


def test_a_way_of_speaking_is_told_without_a_chart_and_on_charts_left_out() -> None:
    plain, chart = "she is fine and well number", "NAD obs stable pt"
    said = [f"{way} {number}" for number in range(30) for way in (plain, chart)]
    sums = alone(said, [False, True] * 30, [str(number // 2) for number in range(60)])
    assert min(sums[1::2]) > max(sums[::2])
    assert not alone(said[:4], [False, True] * 2, list("abcd")).any()


@pytest.mark.parametrize(("lang", "chart", "holds", "does_not"), CASES)
def test_each_change_is_the_twin_of_a_true_sentence_and_another_sentence(
    lang: str, chart: str, holds: str, does_not: str
) -> None:
    case = {
        "lang": lang,
        "chart_text": chart,
        "generated": [does_not, holds],
        "expected": [False, True],
        "twins": [7, 7],
    }
    assert [one.twin for one in written(case)] == [1, None]
    said = Changes([case], 0).of(case, read(chart, lang))  # type: ignore[arg-type]
    changed = [one for one in said if one.kind == "made" and one.wrong]
    assert changed
    for one in changed:
        assert one.twin is not None
        assert not said[one.twin].wrong
        assert said[one.twin].text != one.text
