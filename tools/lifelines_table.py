"""Writes tests/evaluate/lifelines.json: what lifelines says of times to an event, for the tests to compare with.

lifelines is no dependency, not even of the tests: it needs pandas, 79 MB. Run by hand, in an environment that has it:
`python tools/lifelines_table.py`. Ties of events are kept out of the regressions: lifelines takes Efron's way there.

Sources of the published rows: Freireich et al. 1963 (6-MP against placebo, weeks of remission); Edmonson et al. 1979
(ovarian cancer: days, died, age, treatment), as in R's `survival::ovarian`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import lifelines
import numpy as np
import pandas as pd
from lifelines.utils import concordance_index

OUT = Path(__file__).resolve().parent.parent / "tests" / "evaluate" / "lifelines.json"
PENALTY = 0.1
"""In lifelines' measure: of the mean log likelihood, half of it times the squares of standardised coefficients."""

OVARIAN = """59 1 72.3315 1, 115 1 74.4932 1, 156 1 66.4658 1, 421 0 53.3644 2, 431 1 50.3397 1, 448 0 56.4301 1,
464 1 56.9370 2, 475 1 59.8548 2, 477 0 64.1753 1, 563 1 55.1781 2, 638 1 56.7562 1, 744 0 50.1096 2, 769 0 59.6301 2,
770 0 57.0521 2, 803 0 39.2712 1, 855 0 43.1233 1, 1040 0 38.8932 1, 1106 0 44.6000 1, 1129 0 53.9068 2,
1206 0 44.2055 2, 1227 0 59.5890 2, 268 1 74.5041 1, 329 1 43.1370 1, 353 1 63.2192 2, 365 1 64.4247 2,
377 0 58.3096 2"""
MP6 = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def ovarian() -> np.ndarray:
    """[26, 4]: days, died, age in years, treatment."""
    return np.array([[float(cell) for cell in row.split()] for row in OVARIAN.replace("\n", " ").split(",")])


def remission() -> np.ndarray:
    """[42, 3]: weeks, relapse, placebo."""
    both = [(word, group) for group, words in ((0, MP6), (1, PLACEBO)) for word in words.split()]
    return np.array([[float(word.rstrip("+")), float(not word.endswith("+")), group] for word, group in both])


def made_up(seed: int, n: int = 60) -> np.ndarray:
    """[n, 5]: times without ties, events, three features of which the last says nothing."""
    dice = np.random.default_rng(seed)
    features = dice.normal(size=(n, 3)).round(3)
    event, seen = dice.exponential(8 * np.exp(-features @ [0.8, -0.5, 0.0])), dice.uniform(1, 20, n)
    times = np.minimum(event, seen).round(5)
    assert len(np.unique(times)) == n
    return np.column_stack([times, (event <= seen).astype(float), features])


def regression(rows: np.ndarray, penalizer: float) -> dict[str, Any]:
    """Coefficients, log partial likelihood (without penalty), and the cumulative hazard at the means."""
    names = ["time", "event", *(f"x{number}" for number in range(rows.shape[1] - 2))]
    model = lifelines.CoxPHFitter(penalizer=penalizer)
    model.fit(pd.DataFrame(rows, columns=names), "time", "event", fit_options={"precision": 1e-10})
    hazard = model.baseline_cumulative_hazard_.iloc[:, 0]
    return {
        "coefficients": model.params_.tolist(),
        "log_likelihood": model.log_likelihood_ if not penalizer else None,
        "hazard": [[float(at), float(value)] for at, value in hazard.items()],
        "c_index": concordance_index(rows[:, 0], -model.predict_partial_hazard(model_rows(rows, names)), rows[:, 1]),
    }


def model_rows(rows: np.ndarray, names: list[str]) -> pd.DataFrame:
    """The features alone."""
    return pd.DataFrame(rows, columns=names).iloc[:, 2:]


def curve(rows: np.ndarray) -> list[list[float]]:
    """Kaplan-Meier: times and the chance of no event by each."""
    found = lifelines.KaplanMeierFitter().fit(rows[:, 0], rows[:, 1]).survival_function_.iloc[:, 0]
    return [[float(at), float(value)] for at, value in found.items()]


def main() -> None:
    """Write the table."""
    sets: dict[str, Any] = {"remission": {"rows": remission().tolist(), "kaplan_meier": curve(remission())}}
    known = {"ovarian": ovarian(), **{f"made up {seed}": made_up(seed) for seed in range(3)}}
    for name, rows in known.items():
        scaled = rows.copy()
        scaled[:, 2:] = (rows[:, 2:] - rows[:, 2:].mean(0)) / rows[:, 2:].std(0, ddof=1)
        sets[name] = {
            "rows": rows.tolist(),
            "kaplan_meier": curve(rows),
            "cox": regression(rows, 0.0),
            "standardised": scaled[:, 2:].tolist(),
            "ridge": regression(scaled, PENALTY),
        }
    table = {"lifelines": lifelines.__version__, "penalty": PENALTY, "sets": sets}
    OUT.write_text(json.dumps(table, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n", "utf-8")


if __name__ == "__main__":
    main()
