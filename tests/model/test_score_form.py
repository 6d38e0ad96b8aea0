"""Numbers as labels: read or refused row by row, put on the scale they call for, and answered with fair intervals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.config import DataRecipe
from bedside.errors import ModelError
from bedside.lang import speaking
from bedside.model.calibration import Calibration
from bedside.model.contents import check_settings
from bedside.model.forms import form_of
from bedside.model.forms.score import MOST_LEVELS, number_of, scale_of
from bedside.model.inputs import Encoded
from bedside.model.intervals import LEVEL, conformal_scale, conformal_tail
from bedside.model.reading import read_labelled
from bedside.model.scores import concordance, rank_correlation

NOTHING = Encoded([], ())


def test_cells_that_are_no_numbers_are_refused_and_the_rest_is_kept(tmp_path: Path) -> None:
    cells: list[Any] = [3, "4", "severe", None, " 5 ", "1-2", "nan", True, [1], "3,5", "１", "1e999"]
    path = tmp_path / "n.jsonl"
    path.write_text(
        "".join(json.dumps({"text": "疼痛 pain", "label": cell}) + "\n" for cell in cells), encoding="utf-8"
    )
    rows = read_labelled(path, DataRecipe(train=path), head="score")
    assert (rows.head, rows.labels) == ("ordinal", [(3.0,), (4.0,), (5.0,), (1.0,)])
    told = {one.place: one.what for one in rows.refused}
    assert told["line 3"] == "the label is not a number; left out"
    assert told["line 4"] == "no label; left out"
    assert len(told) == 8
    with speaking("zh"):
        assert read_labelled(path, DataRecipe(train=path), head="score").refused[0].what == "标签不是数值；未使用"


def test_a_pain_scale_is_ordinal_and_a_temperature_is_not() -> None:
    assert scale_of([(float(n),) for n in range(11)]) == "ordinal"
    assert scale_of([(36.6,), (37.0,)]) == "continuous"
    assert scale_of([(float(n),) for n in range(MOST_LEVELS + 1)]) == "continuous"


def test_the_scale_may_be_named_and_then_the_rows_are_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "n.jsonl"
    path.write_text("".join(json.dumps({"text": "a", "label": n}) + "\n" for n in (1, 2)))
    assert read_labelled(path, DataRecipe(train=path), head="continuous").head == "continuous"
    assert form_of("ordinal").names([(2.5,), (10.0,), (1.0,)]) == ("1", "2.5", "10")


def test_negative_and_scientific_numbers_are_numbers() -> None:
    assert [number_of(text) for text in ("-1.5", "+.5", "2e3")] == [-1.5, 0.5, 2000.0]


def test_the_median_level_is_the_answer_and_the_interval_leaves_small_tails_out() -> None:
    logits = np.log([[0.02, 0.10, 0.50, 0.34, 0.04], [0.90, 0.04, 0.03, 0.02, 0.01]])
    names = ("0", "1", "2", "3", "4")
    (middling, low) = form_of("ordinal").answers(logits, NOTHING, names, Calibration())
    assert (middling.value, middling.low, middling.high) == (2, 1, 3)
    assert (low.value, low.low, low.high) == (0, 0, 2)
    (wide, _) = form_of("ordinal").answers(logits, NOTHING, names, Calibration(tail=0.0))
    assert (wide.low, wide.high) == (0, 4)
    (narrow, _) = form_of("ordinal").answers(logits, NOTHING, names, Calibration(tail=0.5))
    assert narrow.low == narrow.value == narrow.high == 2


def test_intervals_of_numbers_hold_nine_in_ten_however_wrong_the_spread_was() -> None:
    dice = np.random.default_rng(0)
    for factor in (0.1, 1.0, 8.0):
        spreads = dice.uniform(1, 3, 4000)
        errors = dice.normal(size=4000) * spreads
        scale = conformal_scale(errors[:2000], spreads[:2000] * factor)
        outputs = np.stack([np.zeros(2000), np.log(spreads[2000:] * factor)], 1)
        said = form_of("continuous").answers(outputs, NOTHING, ("value", "spread"), Calibration(scale))
        held = np.mean([one.low <= error <= one.high for one, error in zip(said, errors[2000:], strict=True)])
        assert held == pytest.approx(LEVEL, abs=0.02)


def test_intervals_of_levels_hold_nine_in_ten_even_of_an_overconfident_model() -> None:
    dice = np.random.default_rng(0)
    truth = dice.integers(0, 5, 4000)
    centre = np.clip(truth + dice.integers(-2, 3, 4000), 0, 4)
    sure = np.exp(-6.0 * np.abs(np.arange(5) - centre[:, None]))
    chances = sure / sure.sum(1, keepdims=True)
    names = tuple("01234")

    def held(tail: float) -> float:
        said = form_of("ordinal").answers(np.log(chances[2000:]), NOTHING, names, Calibration(tail=tail))
        return float(np.mean([one.low <= t <= one.high for one, t in zip(said, truth[2000:], strict=True)]))

    assert held(0.05) < 0.5
    assert held(conformal_tail(chances[:2000], truth[:2000])) >= LEVEL - 0.02


def test_too_few_tuning_rows_cannot_promise_less_than_the_whole_scale() -> None:
    assert conformal_tail(np.tile([0.01, 0.98, 0.01], (8, 1)), np.ones(8, np.int64)) == 0.0


def test_dev_figures_agree_with_scikit_learn_and_scipy() -> None:
    from scipy.stats import spearmanr
    from sklearn.metrics import cohen_kappa_score

    dice = np.random.default_rng(1)
    truth = dice.integers(1, 6, 200).astype(float)
    guess = np.clip(truth + dice.integers(-1, 2, 200), 1, 5)
    assert concordance(truth, guess) == pytest.approx(cohen_kappa_score(truth, guess, weights="quadratic"))
    assert rank_correlation(truth, guess) == pytest.approx(spearmanr(truth, guess).statistic)
    assert concordance(truth, np.full(200, 3.0)) == rank_correlation(truth, np.full(200, 3.0)) == 0.0


def test_numbers_in_large_units_may_be_in_a_compressed_model_and_infinity_may_not() -> None:
    """Platelets are counted by the hundred thousand million in a litre."""
    settings = {"engine": "onnx", "head": "continuous", "labels": ["value", "spread"], "hidden_size": 8, "prefix": ""}
    settings |= {"max_tokens": 64, "pad_id": 0}
    check_settings({**settings, "probe": {"ids": [[1]], "logits": [[2.5e11, 23.0]]}}, Path("model.json"))
    with pytest.raises(ModelError, match="probe"):
        check_settings({**settings, "probe": {"ids": [[1]], "logits": [[float("inf"), 23.0]]}}, Path("model.json"))
