"""Two engines' chances as one: a conditional logit over a site's labels, its weights fitted on labelled cases.

    logit(label) = (w * log local(label) + (1 - w) * log knowledge(label) + u * [no disease stands for it]) / T

`knowledge(label)` is the calibrated chance of the diseases that a label stands for, shared where several labels name
one; what is left over is shared by the labels without diseases. Source: Wolpert 1992, "Stacked generalization"; Guo et
al. 2017 for the temperature T. Shapes: n cases, c labels, d ranked diseases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FLOOR = 1e-4
"""No engine rules a label out."""
PENALTY = 1.0
"""Pull of the weights towards one half each, of the offset towards 0: as much as about one case."""
FOLDS = 5
PER_PARAMETER = 10
"""Cases a fitted number: Peduzzi et al. 1996, J Clin Epidemiol 49:1373-9."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each engine's logarithm, and the offset of labels without diseases; all already over T."""

    local: float = 0.5
    knowledge: float = 0.5
    unmapped: float = 0.0

    @property
    def temperature(self) -> float:
        """T; above 1 the sum of both engines was too sure."""
        total = self.local + self.knowledge
        return 1 / total if total > 0 else float("inf")

    @property
    def share(self) -> float:
        """w, the local engine's share; one half where neither says anything."""
        total = self.local + self.knowledge
        return self.local / total if total > 0 else 0.5


def projected(chances: Floats, diseases: Sequence[Sequence[int]]) -> Floats:
    """[c] the knowledge's chances [d] over labels, which sum to 1.

    >>> projected(np.array([0.6, 0.2]), [[0], [1], []]).round(2).tolist()
    [0.6, 0.2, 0.2]
    """
    count = np.zeros(len(chances))
    for numbers in diseases:
        count[list(numbers)] += 1
    share = chances / np.maximum(count, 1)
    mass = np.array([share[list(numbers)].sum() for numbers in diseases])
    bare = np.array([not numbers for numbers in diseases])
    if bare.any():
        mass[bare] = max(0.0, 1 - mass.sum()) / bare.sum()
    mass = mass + FLOOR
    return np.asarray(mass / mass.sum())


def local_chances(told: Mapping[str, float], labels: Sequence[str]) -> Floats:
    """[c] the local model's probabilities, made to sum to 1 over the labels."""
    values = np.array([told.get(label, 0.0) for label in labels]) + FLOOR
    return np.asarray(values / values.sum())


def fuse(weights: Weights, local: Floats, knowledge: Floats, unmapped: NDArray[np.bool_]) -> Floats:
    """[n, c] or [c] the fused chances."""
    logits = weights.local * np.log(local) + weights.knowledge * np.log(knowledge) + weights.unmapped * unmapped
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def fit(local: Floats, knowledge: Floats, unmapped: NDArray[np.bool_], truth: Ints) -> Weights:
    """The weights of least penalised log loss over cases whose label is known (`truth` [n], column numbers)."""
    from scipy.optimize import minimize

    parts = np.stack([np.log(local), np.log(knowledge), np.broadcast_to(unmapped.astype(float), local.shape)])
    start = np.array([0.5, 0.5, 0.0])
    rows = np.arange(len(truth))

    def loss(theta: Floats) -> tuple[float, Floats]:
        logits = np.tensordot(theta, parts, 1)
        top = logits.max(1, keepdims=True)
        chances = np.exp(logits - top)
        total = chances.sum(1, keepdims=True)
        chances /= total
        surprise = (np.log(total[:, 0]) + top[:, 0] - logits[rows, truth]).sum()
        slope = (parts * chances).sum((1, 2)) - parts[:, rows, truth].sum(1)
        gap = theta - start
        return float(surprise + PENALTY / 2 * gap @ gap), slope + PENALTY * gap

    free = bool(unmapped.any() and not unmapped.all())
    bounds = [(0, None), (0, None), (None, None) if free else (0, 0)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Weights(*(float(value) for value in found))


def folds_of(patients: Sequence[str], seed: int) -> Ints:
    """[n] the fold of each case; a patient's cases share one."""
    names = sorted(set(patients))
    order = np.random.default_rng(seed).permutation(len(names))
    number = {name: int(place) % FOLDS for name, place in zip(names, order, strict=True)}
    return np.array([number[name] for name in patients], dtype=np.int64)


def cross_fitted(
    local: Floats, knowledge: Floats, unmapped: NDArray[np.bool_], truth: Ints, patients: Sequence[str], seed: int
) -> Floats:
    """[n, c] fused chances of each case by weights fitted on other patients; a truth of -1 is never learned from."""
    fold = folds_of(patients, seed)
    told = np.zeros_like(local)
    for part in range(FOLDS):
        here, others = fold == part, (fold != part) & (truth >= 0)
        weights = fit(local[others], knowledge[others], unmapped, truth[others])
        told[here] = fuse(weights, local[here], knowledge[here], unmapped)
    return told


def needed(unmapped: NDArray[np.bool_]) -> int:
    """How many patients the fit takes, so that each fold's training part has enough for every fitted number."""
    numbers = 3 if unmapped.any() and not unmapped.all() else 2
    return -(-PER_PARAMETER * numbers * FOLDS // (FOLDS - 1))
