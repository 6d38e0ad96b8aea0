"""Writes an analysis of results as one HTML page: the answer, the plot, each study or outcome, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bedside.evaluate.pages import fill
from bedside.files import whole_file
from bedside.lang import tr
from bedside.trials.results.analysis import Analysis
from bedside.trials.results.drawings import forest, model_name, survival
from bedside.trials.results.effects import Effect
from bedside.trials.results.registered import Outcome


def save(path: Path, title: str, found: Analysis | None, outcomes: Sequence[Outcome] = ()) -> None:
    """Write the page of an analysed table, or of registered outcomes."""
    with whole_file(path) as file:
        file.write(render(title, found, outcomes))


def render(title: str, found: Analysis | None, outcomes: Sequence[Outcome] = ()) -> str:
    """The page as text, in the language in force."""
    from markupsafe import Markup

    values: dict[str, Any] = {"found": found, "outcomes": outcomes, "plot": None, "curves": None}
    values |= {"said": said, "chance": chance, "model_name": model_name, "of_outcome": of_outcome}
    if found and found.effects:
        values["plot"] = Markup(forest(found.effects, found.pooled))
    if found and found.curves:
        values["curves"] = Markup(survival(found.curves))
    return fill("results.html", folder_of_template=Path(__file__).parent, title=title, **values)


def said(one: Effect | None) -> str:
    """An effect in words; where there is none, that."""
    if one is None:
        return tr("cannot be estimated", "无法估计")
    return f"{one.measure} {one.value:.2f} [{one.low:.2f}, {one.high:.2f}], p {chance(one.p)}"


def chance(p: float) -> str:
    """A p value to three places."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def of_outcome(one: Outcome) -> str:
    """What the registry states of an outcome."""
    parts = []
    for stated in one.stated:
        limits = f" [{stated.low:g}, {stated.high:g}]" if stated.low is not None and stated.high is not None else ""
        value = f"{stated.measure} {stated.value:g}{limits}" if stated.value is not None else stated.method
        parts.append(f"{value}{f', p {stated.p}' if stated.p else ''}")
    return "; ".join(parts)
