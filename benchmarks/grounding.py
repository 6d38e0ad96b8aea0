"""Grounding: unsupported sentences found, supported ones kept, beside trivial rules; and the fit of its weights.

    python benchmarks/grounding.py measure CASES.jsonl ...     figures, with the reader and without
    python benchmarks/grounding.py errors CASES.jsonl ...      the sentences told wrongly, and why
    python benchmarks/grounding.py fit CASES.jsonl ...         fits src/bedside/grounding/data/weights.toml
    python benchmarks/grounding.py speed CASES.jsonl           milliseconds a sentence on a chart of three pages

A case is `{"id", "lang", "chart_text", "generated": [...], "expected": [true for supported], "kinds": [...]}`. Those
in benchmarks/data/grounding were written by hand for this benchmark: each unsupported sentence differs from the chart
in one thing, its kind. What each file was used for is in docs/design/017-grounding.md.

Weights: logistic regression at its posterior mode; each weight is at least 0 and drawn to what a clinician would expect
(`PRIOR`; Gaussian, variance 1), so that what seldom happens in the cases still counts. A fifth of the names and quiet
words are hidden at random, three times over: the lists know every word of cases they were mended on, and of a new case
they do not. Figures marked "fitted again" leave out a seventh of the cases at a time. Intervals: bootstrap over cases,
seed 0. Baselines: `all supported`; `word overlap`: the share of a sentence's words and numbers that the chart has, and
`length`: the number of its characters, each from the threshold that is best on the very cases. Length tells nothing of
truth, yet in written cases what is false is short: what it reaches is a fault of the cases (017-grounding.md).
The learnt reader beside the rules is fitted by grounding_reader.py, after these weights.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from scipy.optimize import minimize

from bedside.evaluate.bootstrap import bootstrap
from bedside.grounding import Ground, _names, _terms
from bedside.grounding._compare import Comparison
from bedside.grounding._features import CONFLICTS, NAMES
from bedside.grounding.reader import SentenceReader, default_reader
from bedside.grounding.weigh import Weights, weights
from bedside.types import Undefined

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
PAGES = 3
LETTERS_A_PAGE = 3000


class Row(NamedTuple):
    """A sentence of a case, what it should be, and how it compares."""

    case: str
    lang: str
    chart: str
    said: str
    kind: str
    wrong: bool
    comparison: Comparison
    doubted: float | None = None


def main() -> None:
    """Measure, list errors, fit or time."""
    asked = argparse.ArgumentParser()
    asked.add_argument("what", choices=("measure", "errors", "fit", "speed"))
    asked.add_argument("cases", type=Path, nargs="+")
    said = asked.parse_args()
    if said.what == "speed":
        for name, reader in (("rules alone", None), ("with the reader", default_reader())):
            print(name)
            speed(said.cases[0], reader)
        return
    if said.what == "fit":
        fit(said.cases)
        return
    rows = [row for path in said.cases for row in compared(path, default_reader())]
    if said.what == "errors":
        errors(rows)
        return
    if default_reader():
        measure("with the reader", rows, [told(row) for row in rows])
    measure("rules alone", rows, [told(row._replace(doubted=None)) for row in rows])
    measure("all supported", rows, [False] * len(rows))
    measure("word overlap", rows, cut([_share(row.said, row.chart) for row in rows], rows))
    measure("length", rows, cut([len(row.said) for row in rows], rows))
    kinds(rows)


def compared(path: Path, reader: SentenceReader | None = None) -> list[Row]:
    """Every sentence of a file of cases, compared with its chart."""
    found = []
    for case in _cases(path):
        chart = Ground(case["chart_text"], case["lang"], reader)
        told = chart.compared(case["generated"])
        for said, expected, kind, one in zip(case["generated"], case["expected"], case["kinds"], told, strict=True):
            found.append(Row(case["id"], case["lang"], case["chart_text"], said, kind, not expected, *one))
    return found


def told(row: Row) -> bool:
    """Whether a sentence is doubted enough not to be served."""
    return weights().doubt(row.comparison, row.doubted) > weights().bar


def measure(name: str, rows: list[Row], told: Sequence[bool]) -> None:
    """Unsupported found and supported kept, of all and by language."""
    for lang in ("all", "en", "zh"):
        chosen = [(row, one) for row, one in zip(rows, told, strict=True) if lang in ("all", row.lang)]
        wrong = [(row, one) for row, one in chosen if row.wrong]
        right = [(row, not one) for row, one in chosen if not row.wrong]
        print(f"{name:16s} {lang:3s}  unsupported found {_figure(wrong)}   supported kept {_figure(right)}")


def _figure(hits: list[tuple[Row, bool]]) -> str:
    if not hits:
        return "-"
    values = np.array([hit for _, hit in hits], dtype=float)
    figure = bootstrap(lambda drawn: float(values[drawn].mean()), [row.case for row, _ in hits])
    told = f"{int(values.sum())}/{len(hits)}"
    return told if isinstance(figure, Undefined) else f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f}) {told}"


def kinds(rows: list[Row]) -> None:
    """How many of each kind of change are found."""
    found: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row.wrong:
            found[row.kind].append(told(row))
    print("found by kind: " + ", ".join(f"{kind} {sum(hits)}/{len(hits)}" for kind, hits in sorted(found.items())))


def cut(values: Sequence[float], rows: list[Row]) -> list[bool]:
    """What is below the threshold that is best on these cases."""
    wrong = np.array([row.wrong for row in rows])
    best = max(sorted(set(values)), key=lambda bar: _balanced(np.array(values) < bar, wrong))
    return [value < best for value in values]


def _balanced(told: Any, wrong: Any) -> float:
    return float(told[wrong].mean() + (~told[~wrong]).mean())


def _share(said: str, chart: str) -> float:
    words = re.findall(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]", said.lower())
    held = set(re.findall(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]", chart.lower()))
    return sum(word in held for word in words) / max(1, len(words))


def errors(rows: list[Row]) -> None:
    """Each sentence that is told wrongly."""
    for row in rows:
        doubt = weights().doubt(row.comparison, row.doubted)
        if told(row) != row.wrong:
            print(
                "MISSED" if row.wrong else "FALSE ",
                f"{doubt:.2f}",
                row.case,
                row.kind,
                "|",
                row.said,
                *row.comparison.notes,
            )


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


def speed(path: Path, reader: SentenceReader | None = None) -> None:
    """Milliseconds a sentence of an answer, the chart read once, on charts of three pages made of the cases' own."""
    cases = _cases(path)
    took, opening = [], []
    for lang in ("en", "zh"):
        own = [case for case in cases if case["lang"] == lang]
        long = "\n".join(case["chart_text"] for case in own)[: PAGES * LETTERS_A_PAGE // (3 if lang == "zh" else 1)]
        begun = time.perf_counter()
        chart = Ground(long, lang, reader)
        chart.ground(own[0]["generated"][0])
        opening.append(time.perf_counter() - begun)
        for case in own:
            begun = time.perf_counter()
            chart.ground_all(case["generated"])
            took += [1000 * (time.perf_counter() - begun) / len(case["generated"])] * len(case["generated"])
    ranked = sorted(took)
    print(f"{len(took)} sentences: p50 {statistics.median(took):.1f} ms, p95 {ranked[int(0.95 * len(took))]:.1f} ms")
    print(
        "a chart of three pages is read in "
        + ", ".join(f"{1000 * one:.0f} ms" for one in opening)
        + " (the first time with all lists)"
    )


def _cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
