"""Whether one backbone serves a task better than another: figures of both over the same rows, and the paired test.

With several seeds a figure is the mean over the fits in every draw of patients: the interval is that of the patients,
and the fits' own figures stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bedside.evaluate.compare import compare
from bedside.evaluate.estimate import figure
from bedside.evaluate.metrics import Evaluation
from bedside.types import Undefined


def downstream(metric: str, before: Sequence[Evaluation], after: Sequence[Evaluation]) -> dict[str, Any]:
    """`before` and `after` hold an evaluation a seed, all of the same rows.

    The result: `before`, `after` and `difference` (after minus before) as figures, `p`, `test`, and `seeds`: the plain
    figures of each fit.
    """
    one, two = _mean(metric, before), _mean(metric, after)
    tested = compare(two, one).get(metric)
    nothing = {"difference": Undefined(reason="-", n=one.n, n_patients=one.n_patients), "p": None, "test": ""}
    told = {name: (tested or nothing)[name] for name in ("difference", "p", "test")}
    fits = {
        name: [float(done.resampled[metric][0]) for done in several]
        for name, several in (("before", before), ("after", after))
    }
    return {"metric": metric, "before": one.metrics[metric], "after": two.metrics[metric], **told, "seeds": fits}


def _mean(metric: str, several: Sequence[Evaluation]) -> Evaluation:
    """One evaluation of that figure alone, its draws averaged over the fits."""
    first = several[0]
    draws = np.mean([done.resampled[metric] for done in several], axis=0)
    own = figure(draws, n=first.n, n_patients=first.n_patients, seed=first.seed)
    return replace(
        first,
        metrics={metric: first.metrics[metric] if len(several) == 1 else own},
        resampled={metric: draws},
    )
