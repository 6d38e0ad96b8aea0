"""What the fitting loop computes after each epoch to choose the best: F1 and accuracy, without intervals, in numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def one_hot(numbers: NDArray[np.int64], labels: int) -> Matrix:
    """Label numbers [n] -> marks [n, labels]."""
    marks = np.zeros((len(numbers), labels), bool)
    marks[np.arange(len(numbers)), numbers] = True
    return marks


def macro_f1(truth: Matrix, guess: Matrix) -> float:
    """Mean F1 over the labels that occur in truth or guess, both [n, labels]: as scikit-learn counts it.

    >>> bool(abs(macro_f1(one_hot(np.array([0, 1]), 2), one_hot(np.array([0, 0]), 2)) - 1 / 3) < 1e-12)
    True
    """
    hits, asked, said = (truth & guess).sum(0), truth.sum(0), guess.sum(0)
    there = (asked + said) > 0
    return float((2 * hits[there] / (asked + said)[there]).mean()) if there.any() else 0.0


def micro_f1(truth: Matrix, guess: Matrix) -> float:
    """F1 over all decisions together."""
    total = truth.sum() + guess.sum()
    return float(2 * (truth & guess).sum() / total) if total else 0.0


def accuracy(truth: Matrix, guess: Matrix) -> float:
    """Share of rows answered exactly."""
    return float((truth == guess).all(1).mean()) if len(truth) else 0.0


def concordance(truth: Numbers, guess: Numbers) -> float:
    """Lin's concordance, which of levels is Cohen's kappa with quadratic weights; 0 where all numbers are one.

    >>> concordance(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    1.0
    """
    apart = truth.var() + guess.var() + (truth.mean() - guess.mean()) ** 2
    return float(1 - ((truth - guess) ** 2).mean() / apart) if apart else 0.0


def rank_correlation(truth: Numbers, guess: Numbers) -> float:
    """Spearman's rho, ties at their mean rank; 0 where one side does not vary.

    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0])), 6)
    0.5
    """
    one, two = _ranks(truth), _ranks(guess)
    apart = one.std() * two.std()
    return float(((one - one.mean()) * (two - two.mean())).mean() / apart) if apart else 0.0


def _ranks(values: Numbers) -> Numbers:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Numbers = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks


SCORES = {"macro_f1": macro_f1, "micro_f1": micro_f1, "accuracy": accuracy}
"""The dev metrics that may decide which epoch is kept."""
