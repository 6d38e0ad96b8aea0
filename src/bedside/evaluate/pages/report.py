"""Writes the evaluation as one HTML file that needs nothing else: no network, no script, no other file.

write_report(path, title="...", evaluation=done, baselines=rivals, comparison=tests, receipt=model.receipt)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bedside.evaluate._words import metric_name, model_name, p_shown, shown
from bedside.evaluate.conformal import Doubting
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.pages import fill, plots
from bedside.evaluate.result import RIVALS, Report, cautions, headline, sentences
from bedside.files import whole_file
from bedside.lang import Lang, current, speaking, tr
from bedside.types import Estimate, Undefined

_CONFUSIONS = 12


def write_report(
    path: Path,
    *,
    title: str,
    evaluation: Evaluation,
    baselines: Mapping[str, Evaluation | Undefined],
    comparison: Mapping[str, Mapping[str, Any]],
    explanation: str | None = None,
    receipt: Mapping[str, Any] | None = None,
    lang: Lang | None = None,
) -> Path:
    """Write a report in one language (the one in force unless said); returns its path."""
    report = Report(
        title=title,
        evaluation=evaluation,
        baselines=baselines,
        comparison=comparison,
        explanation=explanation,
        receipt=receipt or {},
    )
    with speaking(lang or current()):
        return save(report, path)


def save(report: Report, path: Path) -> Path:
    """Write the page, whole or not at all, readable by its owner alone."""
    with whole_file(path) as file:
        file.write(render(report))
    return path


def render(report: Report) -> str:
    """The page as text, in the language in force."""
    from markupsafe import Markup

    done = report.evaluation
    figures = {
        "bars": [(metric_name(name), Markup(svg)) for name, svg in _bars(report)],
        "confusion": Markup(plots.confusion(done.confusion_labels, done.confusion)) if done.confusion else None,
        "roc": Markup(_roc(done)) if done.curves.get("roc") else None,
        "pr": Markup(_pr(done)) if done.curves.get("pr") else None,
        "reliability": Markup(plots.reliability(done.reliability)) if done.reliability else None,
        "subgroups": [(column, metric_name(name), Markup(svg)) for column, name, svg in _subgroups(done)],
    }
    return fill(
        "report.html",
        report=report,
        doubt=_doubt(report.doubt) if report.doubt else None,
        done=done,
        headline=[(metric_name(name), done.metrics[name]) for name in headline(done)],
        sentences=sentences(report),
        figures=figures,
        all_figures=[(metric_name(name), shown(figure)) for name, figure in done.metrics.items()],
        differences=_differences(report),
        per_class=_per_class(done),
        by_class=[metric_name(name) for name in _by_class(done)],
        confusions=_confusions(done),
        folds=_folds(report),
        receipt=_flat(report.receipt),
        notes=[*cautions(report), *report.notes],
        explanation=Markup(report.explanation) if report.explanation else None,
        is_estimate=lambda figure: isinstance(figure, Estimate),
    )


def _bars(report: Report) -> list[tuple[str, str]]:
    drawn = []
    for name in headline(report.evaluation):
        rows = [plots.Row(model_name("model"), report.evaluation.metrics[name], ours=True)]
        for rival in RIVALS:
            measured = report.baselines.get(rival)
            if isinstance(measured, Evaluation) and name in measured.metrics:
                rows.append(plots.Row(model_name(rival), measured.metrics[name]))
        drawn.append((name, plots.intervals(rows, label=metric_name(name))))
    return drawn


def _roc(done: Evaluation) -> str:
    across, up = tr("false positive rate", "假阳性率"), tr("sensitivity", "敏感度")
    return plots.curve(done.curves["roc"], across=across, up=up, diagonal=True)


def _pr(done: Evaluation) -> str:
    across, up = tr("recall", "召回率"), tr("precision", "精确率")
    return plots.curve(done.curves["pr"], across=across, up=up, diagonal=False)


def _doubt(doubt: Doubting) -> dict[str, Any]:
    """Figures of doubt as lines, the coverage of each label, and the curve."""
    from markupsafe import Markup

    across, up = (
        tr("share of rows answered, the surest first", "作答的行所占比例（由最确信者起）"),
        tr("wrong", "错误率"),
    )
    curves = {tr("the surest first", "由最确信者起"): doubt.curve}
    return {
        "promised": f"{doubt.promised:.0%}",
        "figures": [(metric_name(name), shown(one)) for name, one in doubt.metrics.items()],
        "per_class": [(label, shown(one)) for label, one in doubt.per_class.items()],
        "curve": Markup(plots.curve(curves, across=across, up=up, diagonal=False)),
    }


def _subgroups(done: Evaluation) -> list[tuple[str, str, str]]:
    name = headline(done)[0]
    whole = done.metrics[name]
    drawn = []
    for column, groups in done.subgroups.items():
        rows = [plots.Row(tr("everyone", "全体"), whole, ours=True)]
        rows += [
            plots.Row(f"{value} ({part['n_patients']})", part["metrics"].get(name, Undefined(reason="—")))
            for value, part in groups.items()
        ]
        reference = whole.value if isinstance(whole, Estimate) else None
        drawn.append((column, name, plots.intervals(rows, label=column, reference=reference)))
    return drawn


def _differences(report: Report) -> list[tuple[str, str, str, str]]:
    """(baseline, figure, difference, p) of the headline figures."""
    return [
        (model_name(rival), metric_name(name), shown(test["difference"]), p_shown(test["p"]))
        for rival in RIVALS
        for name, test in report.comparison.get(rival, {}).items()
        if name in headline(report.evaluation)
    ]


def _per_class(done: Evaluation) -> list[tuple[str, int, list[str]]]:
    names = _by_class(done)
    rows = [
        (label, int(str(values["support"])), [shown(values[name], 2) for name in names])
        for label, values in done.per_class.items()
    ]
    return sorted(rows, key=lambda row: -row[1])


def _by_class(done: Evaluation) -> list[str]:
    """The figures a class that this evaluation has."""
    names = ("precision", "recall", "f1", "auroc", "mae", "predicted", "observed")
    return [name for name in names if all(name in values for values in done.per_class.values())]


def _confusions(done: Evaluation) -> list[tuple[str, str, int]]:
    """The pairs most often mistaken: truth, answer, rows."""
    names = done.confusion_labels
    pairs = [
        (names[i], names[j], number)
        for i, row in enumerate(done.confusion)
        for j, number in enumerate(row)
        if i != j and number
    ]
    return sorted(pairs, key=lambda pair: -pair[2])[:_CONFUSIONS]


def _folds(report: Report) -> list[tuple[str, list[str]]]:
    return [
        (metric_name(name), [shown(fold[name]) for fold in report.folds if name in fold])
        for name in (headline(report.evaluation) if report.folds else [])
    ]


def _flat(values: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    """A receipt as lines: nested names joined by a dot."""
    lines: list[tuple[str, str]] = []
    for key, value in values.items():
        name = f"{above}{key}"
        lines += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, str(value))]
    return lines
