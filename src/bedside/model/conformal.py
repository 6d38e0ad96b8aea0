"""Sets of labels that hold the right one as often as promised: split conformal prediction, by patient.

Each tuning row gets a score: how badly its true label fits. The cut for a level is the score that this share of
patients does not exceed; a new text's set holds every label that fits no worse. Rows of one patient are not
exchangeable with those of another, so every patient counts once, shared out evenly over his rows, and one more patient
is reckoned to be worse than all. Then, for a row of a new patient like them, the set holds the true label with at
least the promised probability, whatever the network got wrong.

Sources: Vovk, Gammerman & Shafer 2005 (split conformal, Mondrian); Sadinle, Lei & Wasserman 2019 (LAC); Romano, Sesia &
Candès 2020 (APS); Lee, Barber & Willett 2023, "Distribution-free inference with hierarchical data" (rows in groups).
Shapes: n rows, k labels, l levels.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bedside.config.abstain import LEVELS
from bedside.model.calibration import Floats
from bedside.model.scores import Matrix

Method = Literal["lac", "aps", "all_of"]
"""lac and aps: one label a row; all_of: any number, and the set is to hold all of them."""

Cuts = list[float | None]
"""A cut for each of `LEVELS`; None: there were too few patients to promise so much, and every label is possible."""


def misfit(probabilities: Floats, method: Method) -> Floats:
    """How badly each label fits, [n, k]; the larger the worse.

    >>> misfit(np.array([[0.7, 0.2, 0.1]]), "aps").round(2).tolist()
    [[0.0, 0.7, 0.9]]
    """
    if method != "aps":
        return 1 - probabilities
    order = np.argsort(-probabilities, axis=1, kind="stable")
    ranked = np.take_along_axis(probabilities, order, 1)
    above = np.cumsum(ranked, 1) - ranked
    found = np.empty_like(probabilities)
    np.put_along_axis(found, order, above, 1)
    return found


def row_scores(fits: Floats, truth: Matrix) -> Floats:
    """The misfit of each row's true label, of several the worst [n]; of a row without any label the least there is.

    >>> row_scores(np.array([[0.1, 0.8], [0.3, 0.4]]), np.array([[True, True], [False, False]])).tolist()
    [0.8, 0.0]
    """
    return np.where(truth, fits, 0.0).max(1)


def cuts_of(scores: Floats, patients: Sequence[Hashable]) -> Cuts:
    """The cut for each level: the least score that so large a share of patients, and one more, do not exceed.

    >>> cuts_of(np.arange(99.0), range(99))[LEVELS.index(90)], cuts_of(np.arange(9.0), range(9))[LEVELS.index(95)]
    (89.0, None)
    """
    if not len(scores):
        return [None] * len(LEVELS)
    _, owner, rows = np.unique(np.asarray([str(one) for one in patients]), return_inverse=True, return_counts=True)
    weight = 1 / (rows[owner] * (len(rows) + 1))
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weight[order])
    wanted = np.array(LEVELS) / 100 - 1e-9  # a sum of shares may fall short of the level by rounding alone
    places = np.searchsorted(reached, wanted)
    ranked = scores[order]
    return [float(ranked[place]) if place < len(ranked) else None for place in places]


def cut_at(cuts: Cuts, level: float) -> float:
    """The cut for a level; infinite where nothing can be promised."""
    found = cuts[LEVELS.index(round(100 * level))]
    return np.inf if found is None else found


def possible(fits: Floats, cuts: Sequence[Cuts], level: float) -> Matrix:
    """Which labels each row's set holds [n, k]; `cuts` are those of all labels alike (one), or of each label.

    >>> possible(np.array([[0.1, 0.9]]), [[0.5] * len(LEVELS)], 0.9).tolist()
    [[True, False]]
    """
    held: NDArray[np.bool_] = fits <= np.array([cut_at(one, level) for one in cuts])
    return held
