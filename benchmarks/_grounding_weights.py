"""The fit of the weights of grounding's features, for `grounding.py fit`.

Logistic regression at its posterior mode; each weight is at least 0 and drawn to what a clinician would expect
(`PRIOR`; Gaussian, variance 1), so that what seldom happens in the cases still counts. A fifth of the names and quiet
words are hidden at random, three times over: the lists know every word of cases they were mended on, and of a new case
they do not. Figures marked "fitted again" leave out a seventh of the cases at a time.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from scipy.optimize import minimize

from _grounding_rows import Row, compared, measure
from bedside.grounding import _names, _terms
from bedside.grounding._features import CONFLICTS, NAMES
from bedside.grounding.weigh import Weights

WEIGHTS = Path(__file__).resolve().parents[1] / "src/bedside/grounding/data/weights.toml"
PRIOR = dict.fromkeys(NAMES, 2.0) | dict.fromkeys(CONFLICTS, 3.0)
PRIOR |= {
    "missing_act": 0.3,
    "missing_plain": 1.0,
    "missing_word": 0.5,
    "partial": 1.0,
    "elsewhere": 0.5,
    "share_missing": 1.0,
}
PRIOR |= {"word_denied": 1.0, "mark_missing": 0.7, "side_missing": 1.0, "figure_swapped": 1.5, "figure_apart": 0.5}
LEAST = {"missing_finding": 0.6}
"""What is weighed whatever the fit says: writers' paraphrases are so free that a finding no chart names tells little
there, and an invented finding ("ground-glass nodules") must be doubted."""
FOLDS = 7
BAR = 0.34
"""About as many paraphrases are kept as changes are found, on the charts of two independent authors."""
HIDDEN, THINNED = 0.2, 3
"""The share of words hidden while fitting, and how often it is drawn."""


def fit(cases: Sequence[Path]) -> None:
    """Fit on all cases and write the weights; say how they do on cases they were not fitted on, the lists whole."""
    rows = [row for path in cases for row in compared(path)]
    thinned = [row for seed in range(THINNED) for path in cases for row in _with_gaps(path, seed)]
    owners = sorted({row.case for row in rows})
    doubted = [False] * len(rows)
    for fold in range(FOLDS):
        held = {case for number, case in enumerate(owners) if number % FOLDS == fold}
        fitted = _fitted([row for row in thinned if row.case not in held])
        for at, row in enumerate(rows):
            if row.case in held:
                doubted[at] = fitted.doubt(row.comparison) > fitted.bar
    measure("fitted again", rows, doubted)
    done = _fitted(thinned)
    lines = [
        "# What each feature of grounding/_features.py weighs; fitted by: python benchmarks/grounding.py fit "
        + " ".join(path.name for path in cases),
        f"# on {len(rows)} sentences of {len(owners)} cases written by hand for bedside.",
        f"bar = {done.bar}",
        f"bias = {done.bias:.4f}",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in done.of.items()),
    ]
    beside = WEIGHTS.read_text(encoding="utf-8").partition("[beside]")
    WEIGHTS.write_text("\n".join([*lines, "", "".join(beside[1:])]), encoding="utf-8")


def _with_gaps(path: Path, seed: int) -> list[Row]:
    """The cases compared while some names and quiet words are not known."""
    drawn = random.Random(seed)
    known, quiet = _names.names(), _names.quiet()

    def kept(table: Mapping[Any, Any]) -> dict[Any, Any]:
        return {key: value for key, value in table.items() if drawn.random() > HIDDEN}

    fewer = replace(known, english=kept(known.english), short=kept(known.short), chinese=kept(known.chinese))
    quieter = tuple(frozenset(word for word in sorted(words) if drawn.random() > HIDDEN) for words in quiet)
    hidden = mock.patch.multiple(_terms, names=lambda: fewer, quiet=lambda: quieter)
    with hidden:
        return compared(path)


def _fitted(rows: list[Row]) -> Weights:
    features = np.array([[getattr(row.comparison.features, name) for name in NAMES] for row in rows])
    wrong = np.array([row.wrong for row in rows], dtype=float)
    prior = np.array([PRIOR[name] for name in NAMES])

    def loss(at: Any) -> tuple[float, Any]:
        score = features @ at[:-1] + at[-1]
        off = 1 / (1 + np.exp(-score)) - wrong
        away = at[:-1] - prior
        value = float((np.logaddexp(0, score) - wrong * score).sum() + (away**2).sum() / 2)
        return value, np.append(features.T @ off + away, off.sum())

    bounds = [(0.0, None)] * len(prior) + [(None, None)]
    found = minimize(loss, np.append(prior, -1.0), jac=True, bounds=bounds).x
    of = {name: max(float(weight), LEAST.get(name, 0.0)) for name, weight in zip(NAMES, found[:-1], strict=True)}
    return Weights(of, float(found[-1]), BAR)
