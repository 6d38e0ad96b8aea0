"""What became of the answers: the figures of both parts where the truth is known, and whether they differ.

The parts hold different patients, so each is resampled by itself, with seeds of their own; the difference's interval
comes from the differences of the resamples (the unpaired bootstrap).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bedside.drift.rows import Part
from bedside.evaluate.compare import p_value
from bedside.evaluate.estimate import figure
from bedside.evaluate.metrics import Evaluation, evaluate
from bedside.types import Figure, Undefined

FIGURES = ("accuracy", "macro_f1", "auroc", "brier", "ece")
WITHOUT_PROBABILITIES = ("accuracy", "macro_f1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One figure before and now, the difference (now less before), and p of no difference; None where undefined."""

    name: str
    reference: Figure
    current: Figure
    difference: Figure | None
    p: float | None


def outcomes(reference: Part, current: Part, *, seed: int) -> list[Outcome]:
    """The figures of both parts over the rows whose truth is known; [] where either has none."""
    parts = [(part, _known(part)) for part in (reference, current)]
    if not all(rows for _, rows in parts):
        return []
    labels = sorted({label for part, rows in parts for label in _labels(part, rows)})
    stated = all(part.probabilities[row] for part, rows in parts for row in rows)
    before, now = (_measured(part, rows, labels, seed + at) for at, (part, rows) in enumerate(parts))
    names = FIGURES if stated else WITHOUT_PROBABILITIES
    return [_outcome(name, before, now, seed) for name in names if name in before.metrics and name in now.metrics]


def _known(part: Part) -> list[int]:
    """The rows with a truth and an answer."""
    return [row for row in range(part.n) if part.truths[row] and (part.probabilities[row] or part.labels[row])]


def _labels(part: Part, rows: list[int]) -> set[str]:
    return {label for row in rows for label in part.probabilities[row] or (part.labels[row],)}


def _measured(part: Part, rows: list[int], labels: list[str], seed: int) -> Evaluation:
    stated = [part.probabilities[row] or {part.labels[row]: 1.0} for row in rows]
    probabilities = np.array([[one.get(label, 0.0) for label in labels] for one in stated])
    truths, patients = [part.truths[row] for row in rows], [part.patients[row] for row in rows]
    return evaluate(labels, truths, probabilities, patients, seed=seed)


def _outcome(name: str, before: Evaluation, now: Evaluation, seed: int) -> Outcome:
    figures = before.metrics[name], now.metrics[name]
    if any(isinstance(one, Undefined) for one in figures):
        return Outcome(name, *figures, None, None)
    gaps = now.resampled[name] - before.resampled[name]
    patients = before.n_patients + now.n_patients
    difference = figure(gaps, n=before.n + now.n, n_patients=patients, seed=seed, bounded=False)
    return Outcome(name, *figures, difference, p_value(gaps))
