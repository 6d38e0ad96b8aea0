"""Makes intervals hold what they promise: fitted on tuning rows so that nine in ten of them hold the truth.

Split conformal prediction: of n tuning rows the interval is as wide as the one ranked ceil(0.9 (n + 1)) needs. On new
rows like them (whose patients are like theirs) it holds the truth at least nine times in ten, whatever the network
got wrong. Source: Vovk, Gammerman & Shafer 2005; Lei et al. 2018, "Distribution-Free Predictive Inference For
Regression" (spreads); Romano, Sesia & Candès 2020 (levels).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bedside.model.calibration import Floats

LEVEL = 0.9
Z = 1.6448536269514722
"""Standard deviations of a normal distribution on either side of its mean that hold `LEVEL` of it."""

TAIL = (1 - LEVEL) / 2
"""What lies beyond each end of an interval that nothing has calibrated."""

LEAST, MOST = 1e-3, 1e3
"""Factors on a spread beyond which a model folder is not believed (`model/contents.py`)."""


def conformal_scale(errors: Floats, spreads: Floats) -> float:
    """The factor on all spreads [n] with which `Z` of them reach as far as nine of ten errors [n].

    >>> round(conformal_scale(np.arange(-50.0, 51.0), np.ones(101)), 2)
    27.97
    """
    needed = np.sort(np.abs(errors) / spreads)
    place = min(math.ceil(LEVEL * (len(needed) + 1)), len(needed)) - 1
    return float(np.clip(needed[place] / Z, LEAST, MOST))


def conformal_tail(chances: Floats, truth: NDArray[np.int64]) -> float:
    """How improbable an end of the interval may be: the levels that are reached, from below and from above, with this
    probability hold nine of ten true levels. `chances` are [n, levels], `truth` [n] numbers of levels.

    >>> conformal_tail(np.tile([0.25, 0.5, 0.25], (20, 1)), np.array([1] * 10 + [0] * 10))
    0.25
    """
    rows = np.arange(len(truth))
    upwards, downwards = np.cumsum(chances, 1), np.cumsum(chances[:, ::-1], 1)[:, ::-1]
    depth = np.sort(np.minimum(upwards[rows, truth], downwards[rows, truth]))
    place = math.floor((1 - LEVEL) * (len(depth) + 1)) - 1
    return float(np.clip(depth[place], 0.0, 0.5)) if place >= 0 else 0.0
