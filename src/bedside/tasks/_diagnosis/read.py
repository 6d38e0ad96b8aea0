"""Reads the findings of a story and of a chart for a diagnosis; names and rules are opened at the first of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bedside.deid import Policy, scrub
from bedside.phenotypes.chart import READ, ChartFindings, read_chart
from bedside.tasks._diagnosis.case import TextReader
from bedside.types import Chart, RawChart

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.phenotypes.reader import Finding, Reader


def reads_texts(hpo: Hpo) -> TextReader:
    """What reads the findings of a story: the ids of those present, and of those denied."""
    findings = reads_findings(hpo)

    def read(text: str, lang: str) -> tuple[list[str], list[str]]:
        found = findings(text, lang)
        return [one.id for one in found if one.present], [one.id for one in found if one.excluded]

    return read


def reads_findings(hpo: Hpo) -> Callable[[str, str], list[Finding]]:
    """The same with the places of the findings, for a view that marks them."""

    def read(text: str, lang: str) -> list[Finding]:
        said: Any = lang if lang in ("en", "zh") else None
        return _reader(hpo).read(text, lang=said)

    return read


def reads_charts(hpo: Hpo) -> Callable[[RawChart | Chart], ChartFindings]:
    """What reads the findings of a chart; identity is removed first."""

    def read(chart: RawChart | Chart) -> ChartFindings:
        return read_chart(chart if isinstance(chart, Chart) else without_identity(chart), _reader(hpo))

    return read


def without_identity(raw: RawChart) -> Chart:
    """The scrubbed chart, of those entries that say how the patient is."""
    return scrub(replace(raw, entries=tuple(one for one in raw.entries if one.kind in READ)), policy=Policy())


@lru_cache(maxsize=1)  # one release at a time is held open
def _reader(hpo: Hpo) -> Reader:
    from bedside.phenotypes.reader import Reader

    return Reader(hpo)
