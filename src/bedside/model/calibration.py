"""Turns logits into probabilities that mean what they say: one temperature, and for multilabel one threshold a label.

Both are fitted on the tuning part. Source: Guo et al. 2017, "On Calibration of Modern Neural Networks".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.model.scores import Matrix

Floats = NDArray[np.float64]
COLDEST, HOTTEST = 0.05, 20.0
GOLDEN = (5**0.5 - 1) / 2
MIN_POSITIVE = 5
"""A label seen less often than this in the tuning part keeps the threshold of one half: fewer rows cannot place one."""


@dataclass(frozen=True)
class Calibration:
    """Logits are divided by `temperature`; a multilabel label is given from its threshold upwards (None: one half).

    `baseline` is there for times to an event: (time, the mean logit of the interval up to it) for hazards by interval,
    (time, cumulative hazard) for relative ones. Of a score, `temperature` is a factor on spreads, and `tail` what may
    lie beyond each end of an interval of levels.
    """

    temperature: float = 1.0
    thresholds: tuple[float, ...] | None = None
    baseline: tuple[tuple[float, float], ...] | None = None
    tail: float = 0.05

    def probabilities(self, logits: Floats, head: str) -> Floats:
        """[n, labels] logits -> calibrated probabilities."""
        scaled = logits.astype(np.float64) / self.temperature
        return sigmoid(scaled) if head == "multilabel" else softmax(scaled)

    def decide(self, probabilities: Floats, head: str) -> Matrix:
        """[n, labels] probabilities -> which labels are given: one a row for classify, any number for multilabel."""
        if head == "multilabel":
            return probabilities >= np.array(self.thresholds or [0.5] * probabilities.shape[1])
        marks = np.zeros(probabilities.shape, bool)
        marks[np.arange(len(probabilities)), probabilities.argmax(1)] = True
        return marks

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        told = {"temperature": self.temperature, "thresholds": list(self.thresholds) if self.thresholds else None}
        points = {"baseline": [list(point) for point in self.baseline]} if self.baseline else {}
        return {**told, **points, "tail": self.tail}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Calibration:
        """Read back what `to_dict` gave."""
        cuts, points = values.get("thresholds"), values.get("baseline")
        return cls(
            float(values["temperature"]),
            tuple(map(float, cuts)) if cuts else None,
            tuple((float(time), float(value)) for time, value in points) if points else None,
            float(values.get("tail", cls.tail)),
        )


def calibrate(logits: Floats, truth: Matrix, head: str) -> Calibration:
    """Fit on tuning logits and marks [n, labels]; without rows nothing is changed."""
    if not len(logits):
        return Calibration()
    temperature = fit_temperature(logits, truth, head)
    if head != "multilabel":
        return Calibration(temperature)
    chances = sigmoid(logits.astype(np.float64) / temperature)
    return Calibration(temperature, tuple(best_cut(chances[:, k], truth[:, k]) for k in range(truth.shape[1])))


def fit_temperature(logits: Floats, truth: Matrix, head: str) -> float:
    """The temperature of least negative log-likelihood.

    The rows are not taken for certain (Platt 1999: n of n right says (n + 1) in (n + 2)), so that a model without an
    error on a few rows is not made surer than those rows can show.
    """
    wanted = _doubted(truth, head)
    return best_temperature(lambda temperature: _surprise(logits, wanted, head, temperature))


def best_temperature(surprise: Callable[[float], float]) -> float:
    """The temperature of least `surprise`, by golden section on its logarithm (the curve has one dip)."""
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(40):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if surprise(float(np.exp(left))) < surprise(float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def softmax(logits: Floats) -> Floats:
    """Rows that sum to 1."""
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def sigmoid(logits: Floats) -> Floats:
    """Each logit by itself, without overflow."""
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1 / (1 + small), small / (1 + small)))


def _doubted(truth: Matrix, head: str) -> Floats:
    """Marks [n, labels] as probabilities, one in n + 2 of which says otherwise."""
    doubt = 1 / (len(truth) + 2)
    others = 1 if head == "multilabel" else max(1, truth.shape[1] - 1)
    return np.where(truth, 1 - doubt, doubt / others)


def _surprise(logits: Floats, wanted: Floats, head: str, temperature: float) -> float:
    scaled = logits.astype(np.float64) / temperature
    if head == "multilabel":
        return float(np.mean(np.logaddexp(0, scaled) - wanted * scaled))
    top = scaled.max(1, keepdims=True)
    total = (top + np.log(np.exp(scaled - top).sum(1, keepdims=True)))[:, 0]
    return float(np.mean(total - (wanted * scaled).sum(1)))


def best_cut(chances: Floats, truth: NDArray[np.bool_]) -> float:
    """The cut of best F1 over chances [n]; halfway between neighbours, so that it does not sit on a tuning row."""
    if truth.sum() < MIN_POSITIVE or truth.all():
        return 0.5
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    ranked = chances[order]
    cuttable = np.append(ranked[:-1] > ranked[1:], True)  # equal chances cannot be told apart
    best = int(np.argmax(np.where(cuttable, f1, -1)))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + below) / 2)
