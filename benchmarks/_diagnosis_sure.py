"""How far the chance that benchmarks/diagnosis.py's ranker gives its first can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from _diagnosis_cases import Case
from bedside.knowledge._lr_weights import ABSTAIN_BELOW


@dataclass
class Result:
    """Ranks of one method over cases; `sure` are calibrated chances of the first, `raw` what the softmax gave it."""

    rank: np.ndarray
    sure: np.ndarray
    raw: np.ndarray
    hit: np.ndarray
    ms: np.ndarray
    series: np.ndarray
    gene: np.ndarray


def calibration_error(sure: np.ndarray, hit: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error of the first of the list, bins of equal width."""
    where = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[where == b].sum() - hit[where == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(sure))


def fit_calibration(result: Result, cases: list[Case], use: np.ndarray) -> tuple[float, ...]:
    """Logistic regression of "the first is right" on the softmax's log odds and the log number of findings."""
    from sklearn.linear_model import LogisticRegression

    raw = np.clip(result.raw[use], 1e-9, 1 - 1e-9)
    counts = np.array([len(case.findings.present) for case in cases])[use]
    model = LogisticRegression(C=1e6).fit(np.stack([np.log(raw / (1 - raw)), np.log(counts)], axis=1), result.hit[use])
    return (float(model.intercept_[0]), *map(float, model.coef_[0]))


def cross_fitted(result: Result, cases: list[Case], use: np.ndarray, seed: int, folds: int = 5) -> np.ndarray:
    """The chance of the first where each disease's calibration was fitted on other diseases' cases."""
    names = sorted({case.disease for case in cases})
    fold_of = dict(zip(names, np.random.default_rng(seed).permutation(len(names)) % folds, strict=True))
    fold = np.array([fold_of[case.disease] for case in cases])
    counts = np.log([len(case.findings.present) for case in cases])
    raw = np.clip(result.raw, 1e-9, 1 - 1e-9)
    sure = np.zeros(len(cases))
    for one in range(folds):
        offset, slope, by_count = fit_calibration(result, cases, use & (fold != one))
        odds = offset + slope * np.log(raw / (1 - raw)) + by_count * counts
        sure[fold == one] = 1 / (1 + np.exp(-odds[fold == one]))
    return sure


def sureness(name: str, result: Result, cases: list[Case], use: np.ndarray, seed: int) -> None:
    """How far the chance of the first can be believed."""
    told = use & (result.sure >= ABSTAIN_BELOW)
    right = 100 * result.hit[told].mean() if told.any() else float("nan")
    values = (result.sure, cross_fitted(result, cases, use, seed), result.raw)
    error, across, raw = (f"{calibration_error(one[use], result.hit[use]):.3f}" for one in values)
    print(f"{name}: ECE of the first {error}, cross-fitted over diseases {across}, raw {raw}; ", end="")
    print(f"{told.sum()} of {use.sum()} not abstained, {right:.1f} % of them right at the first")
