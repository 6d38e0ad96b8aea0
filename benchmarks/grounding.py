"""Grounding: unsupported sentences found, supported ones kept, beside trivial rules; and the fit of its weights.

    python benchmarks/grounding.py measure CASES.jsonl ...     figures, with the reader and without
    python benchmarks/grounding.py errors CASES.jsonl ...      the sentences told wrongly, and why
    python benchmarks/grounding.py fit CASES.jsonl ...         fits src/bedside/grounding/data/weights.toml
    python benchmarks/grounding.py speed CASES.jsonl           milliseconds a sentence on a chart of three pages

A case is `{"id", "lang", "chart_text", "generated": [...], "expected": [true for supported], "kinds": [...]}`. Those
in benchmarks/data/grounding were written by hand for this benchmark: each unsupported sentence differs from the chart
in one thing, its kind. What each file was used for is in docs/design/017-grounding.md.

Intervals: bootstrap over cases, seed 0. Baselines: `all supported`; `word overlap`: the share of a sentence's words and
numbers that the chart has, and `length`: the number of its characters, each from the threshold that is best on the very
cases. Length tells nothing of truth, yet in written cases what is false is short: what it reaches is a fault of the
cases (017-grounding.md). How the weights are fitted is told in _grounding_weights.py; the learnt reader beside the
rules is fitted by grounding_reader.py, after them.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from _grounding_rows import Row, cases_of, compared, measure, told
from _grounding_weights import fit
from bedside.grounding import Ground
from bedside.grounding.reader import SentenceReader, default_reader
from bedside.grounding.weigh import weights

PAGES = 3
LETTERS_A_PAGE = 3000


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


def speed(path: Path, reader: SentenceReader | None = None) -> None:
    """Milliseconds a sentence of an answer, the chart read once, on charts of three pages made of the cases' own."""
    cases = cases_of(path)
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


if __name__ == "__main__":
    main()
