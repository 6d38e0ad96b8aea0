"""Times to an event agree with lifelines, on published rows and on made-up ones: its answers stand in lifelines.json.

`tools/lifelines_table.py` wrote them; lifelines itself is not needed here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from bedside.evaluate.baselines.ridge_cox import coefficients
from bedside.evaluate.measures.censored import Censored
from bedside.heads.cox import CoxHead
from bedside.model.survival.hazards import concordance, cumulative_hazard, partial_surprise, rank_targets

TABLE = json.loads((Path(__file__).parent / "lifelines.json").read_text(encoding="utf-8"))
SETS: dict[str, Any] = TABLE["sets"]
WITH_COX = [name for name in SETS if "cox" in SETS[name]]


def rows_of(name: str) -> tuple[list[tuple[float, int]], np.ndarray]:
    """Times and events, and features about their means."""
    rows = np.array(SETS[name]["rows"])
    return [(float(time), int(event)) for time, event in rows[:, :2]], rows[:, 2:] - rows[:, 2:].mean(0)


@pytest.mark.parametrize("name", SETS)
def test_the_curve_of_everyone_is_that_of_lifelines(name: str) -> None:
    labels, _ = rows_of(name)
    times, events = (np.array(column) for column in zip(*labels, strict=True))
    rows = Censored(times, events, np.ones((len(times), 1)))
    for at, chance in SETS[name]["kaplan_meier"]:
        assert rows.kaplan_meier(at)[0] == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize("name", WITH_COX)
def test_cox_coefficients_their_likelihood_and_baseline_hazard_are_those_of_lifelines(name: str) -> None:
    theirs = SETS[name]["cox"]
    labels, features = rows_of(name)
    found = coefficients(features / features.std(0), labels, 0.0) / features.std(0)
    assert found == pytest.approx(theirs["coefficients"], rel=2e-3, abs=1e-5)
    relative = features @ theirs["coefficients"]
    assert -partial_surprise(relative, labels) == pytest.approx(theirs["log_likelihood"], rel=1e-8)
    at, hazard = cumulative_hazard(relative, labels)
    told = dict(map(tuple, theirs["hazard"]))
    assert hazard == pytest.approx([told[time] for time in at], rel=1e-8)


@pytest.mark.parametrize("name", WITH_COX)
def test_a_ridge_penalty_shrinks_as_that_of_lifelines_does(name: str) -> None:
    labels, _ = rows_of(name)
    features = np.array(SETS[name]["standardised"])
    found = coefficients(features, labels, TABLE["penalty"] * len(labels))
    assert found == pytest.approx(SETS[name]["ridge"]["coefficients"], rel=2e-3, abs=1e-5)
    assert np.linalg.norm(found) < np.linalg.norm(coefficients(features, labels, 0.0))


@pytest.mark.parametrize("name", WITH_COX)
def test_both_ways_of_counting_the_c_index_give_that_of_lifelines(name: str) -> None:
    theirs = SETS[name]["cox"]
    labels, features = rows_of(name)
    risk = features @ theirs["coefficients"]
    times, events = (np.array(column) for column in zip(*labels, strict=True))
    drawn = Censored(times, events, np.ones((len(times), 1))).concordance(risk, upto=times.max())[0][0]
    assert concordance(risk, labels) == pytest.approx(theirs["c_index"])
    assert drawn == pytest.approx(theirs["c_index"], rel=1e-6)


@pytest.mark.parametrize("name", WITH_COX)
def test_the_loss_of_the_head_is_least_at_the_coefficients_of_lifelines(name: str) -> None:
    theirs = SETS[name]["cox"]
    labels, features = rows_of(name)
    x = torch.tensor(features / features.std(0))
    weights = torch.tensor(np.array(theirs["coefficients"]) * features.std(0), requires_grad=True)
    loss = CoxHead(4, []).loss((x @ weights)[:, None], torch.tensor(rank_targets(labels)))
    events = sum(event for _, event in labels)
    assert loss.item() == pytest.approx(-theirs["log_likelihood"] / events, rel=1e-6)
    torch.autograd.backward(loss)
    assert weights.grad is not None
    assert weights.grad.abs().max() < 1e-4
