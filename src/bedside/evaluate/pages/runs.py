"""Writes the runs as one HTML page: each headline figure with its interval side by side, and a table of all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bedside.evaluate._words import metric_name, shown
from bedside.evaluate.pages import fill, plots
from bedside.files import whole_file
from bedside.lang import tr
from bedside.runs import Run
from bedside.types import Estimate, Figure, Undefined

MOST = 2.0
"""The end of the plot's scale."""


def save(path: Path, runs: Sequence[Run]) -> Path:
    """Write the page, whole or not at all; returns the path."""
    with whole_file(path) as file:
        file.write(render(runs))
    return path


def render(runs: Sequence[Run]) -> str:
    """The page as text, in the language in force; figures stand together only where the data are the same."""
    from markupsafe import Markup

    groups: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        if (name := headline(run)) and _drawable(_figure(run.figures[name])):
            groups.setdefault((name, *sorted(run.data), *sorted(run.data.values())), []).append(run)
    drawn = []
    for (name, *_), members in groups.items():
        rows = [plots.Row(f"{run.id} {run.command}", _figure(run.figures[name])) for run in members]
        data = ", ".join(members[0].data)
        drawn.append((metric_name(name), data, Markup(plots.intervals(rows, label=name))))
    return fill(
        "runs.html", title=tr("Runs", "运行记录"), runs=list(reversed(runs)), drawn=drawn, headline=headline, told=told
    )


def headline(run: Run) -> str:
    """The name of the figure that stands for a run: the one that decided, else its first; empty without any.

    >>> headline(Run("x", "", "fit", metric="f1", figures={"auroc": {}, "f1": {}}))
    'f1'
    """
    return run.metric if run.metric in run.figures else next(iter(run.figures), "")


def told(figure: Mapping[str, Any]) -> str:
    """A figure as it was kept, in one cell.

    >>> told({"reason": "one class only"})
    '— one class only'
    """
    return shown(_figure(figure))


def _drawable(figure: Figure) -> bool:
    """Whether it lies on the scale of the plot; a perplexity does not."""
    return isinstance(figure, Estimate) and 0 <= figure.value <= MOST


def _figure(kept: Mapping[str, Any]) -> Figure:
    try:
        return Estimate(**kept) if "value" in kept else Undefined(**kept)
    except TypeError:
        return Undefined(reason=tr("not a figure with its interval", "不是带区间的指标"))
