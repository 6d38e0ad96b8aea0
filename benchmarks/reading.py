"""How well findings, and what is said of them, are read: accuracy of the context and F1, on sentences of our own.

    python benchmarks/reading.py

The marked sentences of `tests/phenotypes/data`. All have been mended by since they were first read; first readings are
told in docs/phenotypes.md. A context is right when all five of its parts are; beside it the share of single parts that
are, and what is right when nothing is ever said. Of findings, a parent or child of the right term counts half.
Intervals: 95 %, bootstrap over lines. The findings need the files of the ontology (`bedside[diagnosis]`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from bedside.evaluate.estimate import figure
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.phenotypes import contexts
from bedside.phenotypes.reader import Reader

TESTS = Path(__file__).resolve().parents[1] / "tests" / "phenotypes"
sys.path.insert(0, str(TESTS))
from _marked_mentions import marked  # noqa: E402

CONTEXTS = ("context", "hard", "third", "fourth", "fifth", "hands")
STORIES = ("stories", "more", "vignettes")
RESAMPLES, SEED, FLAGS = 1000, 0, 5


def main() -> None:
    """Print a line a set and language."""
    hpo = open_hpo()
    reader = Reader(hpo)
    for lang in ("en", "zh"):
        for name in CONTEXTS:
            print(f"{lang} {name}: {context_line(lines_of(name, lang))}")
    for lang in ("en", "zh"):
        for name in STORIES:
            rows = np.array([finding_counts(line, reader, hpo) for line in lines_of(name, lang)])
            counts = rows.sum(axis=0).astype(int)
            print(f"{lang} {name}: F1 {told(rows, f1)}; {counts[1]} marked, {counts[2]} found, {len(rows)} stories")


def lines_of(name: str, lang: str) -> list[str]:
    """The marked lines of a set."""
    text = (TESTS / "data" / f"{name}_{lang}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def context_line(lines: list[str]) -> str:
    """Accuracy, share of single parts, and the accuracy of saying nothing."""
    rows = []
    for line in lines:
        text, spans, said = marked(line)
        found = [set(one.names()) for one in contexts(text, spans)]
        pairs = list(zip(found, said, strict=True))
        parts = sum(FLAGS - len(one ^ other) for one, other in pairs)
        rows.append([sum(a == b for a, b in pairs), parts / FLAGS, sum(not b for _, b in pairs), len(pairs)])
    counts = np.array(rows, dtype=np.float64)
    shares = [told(counts[:, [column, 3]], share) for column in range(3)]
    n = int(counts[:, 3].sum())
    return f"all five {shares[0]}; each {shares[1]}; saying nothing {shares[2]}; n {n} in {len(lines)} lines"


def finding_counts(line: str, reader: Reader, hpo: Hpo) -> tuple[float, int, int]:
    """Credit, findings marked and findings found of one story."""
    gold = {numbers_of(hpo)[label] for label in re.findall(r"=([^!\]][^\]]*)\]", line)}
    text = re.sub(r"\[([^=\]]*)(?:=[^\]]*)?\]", r"\1", line)
    found = {hpo.number[one.id] for one in reader.read(text) if one.present}
    credit = float(len(gold & found))
    extra = found - gold
    for term in sorted(gold - found):
        near = next((one for one in sorted(extra) if term in hpo.parents(one) or one in hpo.parents(term)), None)
        if near is not None:
            credit += 0.5
            extra.discard(near)
    return credit, len(gold), len(found)


@cache
def numbers_of(hpo: Hpo) -> dict[str, int]:
    """The terms by name, then by exact synonym."""
    names = {name: term for term, name in enumerate(hpo.names)}
    for term in range(len(hpo.names)):
        for text, scope, _ in hpo.synonyms(term):
            if scope == "EXACT":
                names.setdefault(text, term)
    return names


def share(rows: np.ndarray) -> float:
    """Right of all."""
    return float(rows[:, 0].sum() / rows[:, 1].sum())


def f1(rows: np.ndarray) -> float:
    """Twice the credit by what is marked and what is found."""
    return float(2 * rows[:, 0].sum() / (rows[:, 1].sum() + rows[:, 2].sum()))


def told(rows: np.ndarray, statistic: Callable[[np.ndarray], float]) -> str:
    """A figure with its interval."""
    rng = np.random.default_rng(SEED)
    draws = [rows, *(rows[rng.integers(len(rows), size=len(rows))] for _ in range(RESAMPLES))]
    found = figure(np.array([statistic(one) for one in draws]), n=len(rows), n_patients=len(rows), seed=SEED)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


if __name__ == "__main__":
    main()
