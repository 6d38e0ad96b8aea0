"""What a user asks of an analysis of results, what comes out of it, and how cells are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from bedside.errors import DataError
from bedside.lang import tr
from bedside.trials.results.curves import Curve
from bedside.trials.results.effects import Effect, Measure
from bedside.trials.results.pooling import Pooled, Tau
from bedside.trials.results.subgroups import Subgroups

Model = Literal["fixed", "random", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a user may say: the measure, how to pool, which arm is the control, the columns of subgroups."""

    measure: Measure | None = None
    model: Model = "both"
    tau: Tau = "REML"
    hartung_knapp: bool = False
    control: str = ""
    subgroups: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What came out; `left_out` are rows, by their place, that could not be used, and why."""

    kind: str
    effects: tuple[Effect, ...] = ()
    pooled: tuple[Pooled, ...] = ()
    without_each: tuple[Effect, ...] = ()
    asymmetry_p: float | None = None
    exact: Effect | None = None
    """Counts pooled by Mantel and Haenszel."""
    curves: tuple[Curve, ...] = ()
    log_rank: tuple[float, int, float] | None = None
    subgroups: tuple[Subgroups, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    treated: str = ""
    control: str = ""


Row = tuple[str, Mapping[str, Any]]
"""Where a row stands, and what is in it."""


def labels_of(labels: Iterable[str]) -> list[str]:
    """The values of a column of subgroups, each once, without empty ones."""
    return [label for label in dict.fromkeys(labels) if label]


def number(row: Mapping[str, Any], columns: dict[str, str], name: str) -> float:
    """The number in our column of a row; DataError, without what stands there, where none does."""
    said = str(row.get(columns[name], "")).strip().replace(",", "").replace("−", "-")
    try:
        value = float(said)
    except ValueError:
        raise DataError(tr(f"no number in {columns[name]}", f"{columns[name]} 不是数字")) from None
    if not np.isfinite(value):
        raise DataError(tr(f"no number in {columns[name]}", f"{columns[name]} 不是数字"))
    return value
