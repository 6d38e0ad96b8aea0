"""Opens what `bedside ask` needs: the library with who answers from it, and the person of a chart."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.errors import DataError, FormatError, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.consult._base import Audience
    from bedside.consult.consultant import Consultant
    from bedside.facts.person import Person
    from bedside.types import Chart


@contextmanager
def open_consultant(folder: Path, audience: Audience, encoder: str | None, *, words_only: bool) -> Iterator[Consultant]:
    """Who answers from a library, which is closed behind them."""
    from bedside.commands._knowledge.open import open_library
    from bedside.consult.consultant import Consultant
    from bedside.consult.explain import Explainer

    with open_library(folder, "lexical" if words_only else None, encoder, None) as library:
        if not library.sources():
            what = tr("the library is empty", "知识库为空")
            raise UsageError(what, value=folder, next="bedside knowledge add --help")
        explainer = Explainer(library) if audience == "patient" else None
        yield Consultant(library, audience, explainer=explainer)


def person_at(path: Path) -> Person:
    """The person of the one chart in a file."""
    from bedside.facts.of_chart import person_of

    return person_of(chart_at(path))


def chart_at(path: Path) -> Chart:
    """The one chart in a file, without identity; FormatError where there is none, UsageError for several."""
    from bedside.commands._diagnose.charts import SHAPES, Unread, chart_rows
    from bedside.deid import Policy, scrub
    from bedside.types import Chart

    if not path.is_file():
        raise UsageError(tr("no such chart", "没有该病历文件"), value=path.name, allowed=SHAPES)
    charts = []
    for _, chart, _ in chart_rows(path):
        if isinstance(chart, Unread):
            raise FormatError(chart.what, where=chart.where or path.name, allowed=SHAPES)
        charts.append(chart)
        if len(charts) > 1:
            raise UsageError(tr("more than one chart in this file", "文件中不止一份病历"), value=path.name)
    if not charts:
        raise FormatError(tr("no chart in this file", "文件中没有病历"), where=path.name, allowed=SHAPES)
    (chart,) = charts
    return chart if isinstance(chart, Chart) else scrub(chart, policy=Policy())


def person_in(value: Any, beside: Path) -> Person | None:
    """The person of a row's `chart`: a file's name, from the table's folder, or the chart itself as JSON."""
    if value in (None, "", {}):
        return None
    if isinstance(value, str):
        path = Path(value)
        return person_at(path if path.is_absolute() else beside / path)
    if not isinstance(value, dict):
        raise DataError(tr("this chart cannot be read", "病历无法读取"), where="chart", allowed="FILE | {...}")
    from bedside.home import place

    with tempfile.TemporaryDirectory(dir=place("work")) as scratch:
        file = Path(scratch) / "chart.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")
        return person_at(file)
