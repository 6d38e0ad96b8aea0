"""Measures predicted times to an event where some patients were last seen without it: order, accuracy, calibration.

    from bedside.evaluate.measures.survival import Curves, evaluate_survival
    evaluate_survival(Curves(risk, chances), truths, patients, horizons=[12, 24], head="survive").metrics["c_index"]

Those last seen early are made up for by weighting the others by the inverse chance of still being seen, estimated by
Kaplan-Meier in the rows measured, anew in every draw. Sources: Harrell et al. 1982; Uno et al. 2011, "On the
C-statistics for evaluating overall adequacy of risk prediction procedures with censored survival data"; Graf et al.
1999, "Assessment and comparison of prognostic classification schemes for survival data"; Kaplan & Meier 1958.

Shapes: n rows, u distinct times, m times asked, r draws (the data itself first).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws
from bedside.evaluate.estimate import figure
from bedside.evaluate.measures.censored import Censored
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.subgroups import by_subgroup
from bedside.types import Figure

GRID = 25
"""Times that the integrated Brier score is computed at, from 0 to the time by which `UPTO` of the events came."""
UPTO = 0.9
GROUPS = 3
"""Rows are put in so many groups of equal size by what is predicted, to set beside what was seen."""


@dataclass(frozen=True)
class Curves:
    """Predictions of n rows: `risk` [n], higher: earlier; `chances(times)` [n, m] of no event by then, NaN: unknown."""

    risk: Array = field(repr=False)
    chances: Callable[[Array], Array] = field(repr=False)

    def take(self, rows: Ints) -> Curves:
        """Those of some of the rows."""
        return Curves(self.risk[rows], lambda times: self.chances(times)[rows])


def evaluate_survival(
    curves: Curves,
    truth: Sequence[tuple[float, int]],
    patients: Sequence[Hashable] | None = None,
    *,
    horizons: Sequence[float],
    head: str = "survive",
    labels: Sequence[str] = (),
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
) -> Evaluation:
    """C-index (Harrell, Uno), integrated Brier score, and at each horizon Brier score and calibration by thirds.

    `truth` is a time and 1, or 0 where the patient was last seen then without the event.

    >>> times = np.arange(1.0, 13.0)
    >>> flat = Curves(-times, lambda at: np.full((12, len(at)), 0.5))
    >>> evaluate_survival(flat, [(time, 1) for time in times], horizons=[6.0]).metrics["c_index"].value
    1.0
    """
    if not len(truth):
        raise DataError("no rows to evaluate")
    clusters = clusters_of(patients, len(truth))
    overall, groups = _sample(curves, truth, clusters, horizons, seed)

    def of_group(rows: Ints, own: Clusters) -> dict[str, Figure]:
        drawn, _ = _sample(curves.take(rows), [truth[row] for row in rows], own, horizons, seed)
        return _figures(drawn, len(rows), own, seed)

    return Evaluation(
        head=head,
        labels=tuple(labels),
        n=len(truth),
        n_patients=clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=_figures(overall, len(truth), clusters, seed),
        per_class={name: _group(values, clusters, seed) for name, values in groups.items()},
        subgroups=by_subgroup(subgroups or {}, clusters, of_group),
        resampled=overall,
        patient_of_row=clusters.of_row,
    )


@dataclass(frozen=True)
class _Group:
    """Rows of like prediction at a horizon: what was predicted and seen, [r] each."""

    rows: Ints
    predicted: Array
    observed: Array


def _sample(
    curves: Curves, truth: Sequence[tuple[float, int]], clusters: Clusters, horizons: Sequence[float], seed: int
) -> tuple[dict[str, Array], dict[str, _Group]]:
    """Every figure [r], and the groups at each horizon."""
    times, events = (np.array(column) for column in zip(*truth, strict=True))
    asked, upto = np.array(horizons, float), _upto(times, events)
    grid = np.linspace(0, upto, GRID)
    at_grid, at_horizons = curves.chances(grid), curves.chances(asked)
    groups = {
        f"{at:g}: {number + 1}/{GROUPS}": (column, rows)
        for column, at in enumerate(horizons)
        for number, rows in enumerate(_thirds(at_horizons[:, column]))
    }
    blocks: list[dict[str, Array]] = []
    seen: dict[str, list[tuple[Array, Array]]] = {name: [] for name in groups}
    for draw in draws(clusters.count, seed):
        rows = Censored(times, events, draw[clusters.of_row])
        harrell, uno = rows.concordance(curves.risk, upto=upto)
        found = {"c_index": harrell, "c_uno": uno}
        found["ibs"] = np.asarray(np.trapezoid(rows.brier(at_grid, grid), grid, axis=0) / (upto or np.nan))
        for at, values in zip(horizons, rows.brier(at_horizons, asked), strict=True):
            found[f"brier@{at:g}"] = values
        for name, (column, own) in groups.items():
            part = rows.take(own)
            seen[name].append((part.mean(at_horizons[own, column]), part.kaplan_meier(asked[column])))
        for at in horizons:
            pairs = [seen[f"{at:g}: {number + 1}/{GROUPS}"][-1] for number in range(GROUPS)]
            found[f"calibration@{at:g}"] = np.mean([np.abs(one - other) for one, other in pairs], axis=0)
        blocks.append(found)
    overall = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return overall, {
        name: _Group(rows, *(np.concatenate(part) for part in zip(*seen[name], strict=True)))
        for name, (_, rows) in groups.items()
    }


def _upto(times: Array, events: Ints) -> float:
    """The time by which most of the events came; beyond, too few are left to tell by."""
    return float(np.quantile(times[events > 0], UPTO)) if events.any() else 0.0


def _thirds(chances: Array) -> list[Ints]:
    """Row numbers in groups of like size, from the least chance to the greatest."""
    return [part.astype(np.int64) for part in np.array_split(np.argsort(chances, kind="stable"), GROUPS)]


def _figures(overall: Mapping[str, Array], rows: int, clusters: Clusters, seed: int) -> dict[str, Figure]:
    return {
        name: figure(
            values,
            n=rows,
            n_patients=clusters.count,
            seed=seed,
            kind="reverse" if name.startswith("calibration") else "percentile",
        )
        for name, values in overall.items()
    }


def _group(group: _Group, clusters: Clusters, seed: int) -> dict[str, Figure | int]:
    about: dict[str, Any] = {"n": len(group.rows), "n_patients": clusters.take(group.rows).count, "seed": seed}
    values = {"predicted": group.predicted, "observed": group.observed}
    return {**{name: figure(drawn, **about) for name, drawn in values.items()}, "support": len(group.rows)}
