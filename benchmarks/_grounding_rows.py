"""Sentences of grounding cases beside their charts, and the figures of what is said of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bedside.evaluate.bootstrap import bootstrap
from bedside.grounding import Ground
from bedside.grounding._compare import Comparison
from bedside.grounding.reader import SentenceReader
from bedside.grounding.weigh import weights
from bedside.types import Undefined


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


def cases_of(path: Path) -> list[dict[str, Any]]:
    """The cases of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def compared(path: Path, reader: SentenceReader | None = None) -> list[Row]:
    """Every sentence of a file of cases, compared with its chart."""
    found = []
    for case in cases_of(path):
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
