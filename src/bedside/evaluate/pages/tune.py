"""Writes a search as one HTML page: what was found, how far to believe it, what mattered, every trial."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bedside.evaluate._words import metric_name, model_name, shown
from bedside.evaluate.pages import fill, plots, plots_tune
from bedside.files import whole_file
from bedside.lang import tr
from bedside.types import Estimate, Figure, Undefined

SLICES = 6


def save(path: Path, told: Mapping[str, Any], *, space: Mapping[str, Any]) -> Path:
    """Write the page of `told`, what `bedside tune --json` prints; `space` as TOML has it. Returns the path."""
    with whole_file(path) as file:
        file.write(render(told, space))
    return path


def render(told: Mapping[str, Any], space: Mapping[str, Any]) -> str:
    """The page as text, in the language in force."""
    from markupsafe import Markup

    trials, shares, metric = told["trials"], told["importances"], metric_name(told["metric"])
    axes = {name: value for name, value in space.items() if not _own(value)}
    first = [name.rpartition(".")[2] for name in shares] or list(axes)
    names = [name for name in dict.fromkeys(first) if name in axes][:SLICES]
    drawn = [plots_tune.slices(trials, name, axes[name]) for name in names]
    return fill(
        "tune.html",
        title=tr("Search of settings", "训练设置搜索"),
        told=told,
        metric=metric,
        cards=[(name, shown(_figure(told[key]))) for key, name in _cards(metric)],
        bars=Markup(plots.intervals(_rows(told), label=metric)),
        importances=Markup(plots_tune.importances(shares)) if shares else None,
        history=Markup(plots_tune.history(trials, metric)),
        slices=[Markup(svg) for svg in drawn if svg],
        trials=sorted(trials, key=lambda one: (one["value"] is None, -(one["value"] or 0), one["number"])),
        settings=list(dict.fromkeys(name for one in trials for name in one["settings"])),
        cell=_cell,
    )


def _own(value: Any) -> bool:
    """Whether a part of the space is of one way of adapting."""
    return isinstance(value, Mapping) and "low" not in value


def _cards(metric: str) -> list[tuple[str, str]]:
    return [
        ("honest", tr(f"{metric}, patients set apart", f"{metric}（另留患者）")),
        ("selected", tr(f"{metric}, where it was selected", f"{metric}（选择部分）")),
        ("optimism", tr("Optimism", "乐观偏差")),
        ("gain", tr("Gain over the recipe as it was", "相对原配方的提升")),
    ]


def _rows(told: Mapping[str, Any]) -> list[plots.Row]:
    """What stands beside the best recipe on the honest part."""
    rows = [
        plots.Row(tr("best recipe", "最佳配方"), _figure(told["honest"]), ours=True),
        plots.Row(tr("recipe as it was", "原配方"), _figure(told["defaults"])),
    ]
    return rows + [plots.Row(model_name(name), _figure(figure)) for name, figure in told["rivals"].items()]


def _figure(told: Mapping[str, Any]) -> Figure:
    return Estimate(**told) if "value" in told else Undefined(**told)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
