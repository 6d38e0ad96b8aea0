"""An evaluation with all that is to be told of it, and what it comes to in plain words and cautions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedside.evaluate._words import metric_name, model_name, p_shown, shown
from bedside.evaluate.answers import kind_of
from bedside.evaluate.conformal import Doubting
from bedside.evaluate.estimate import FEW_PATIENTS
from bedside.evaluate.metrics import LOWER_IS_BETTER, Evaluation
from bedside.lang import counted, tr
from bedside.types import Estimate, Figure, Undefined

RIVALS = (
    "against",
    "columns",
    "tfidf",
    "ridge",
    "pair_words",
    "columns_cox",
    "ridge_cox",
    "sentence",
    "dictionary",
    "cooccurrence",
    "untuned",
    "bm25",
    "longest",
    "lead",
    "whole",
    "kaplan_meier",
    "no_answer",
    "majority",
    "mean",
    "median",
    "chance",
)


@dataclass(frozen=True, slots=True)
class Misread:
    """A row the model got wrong while sure of itself; `text` is scrubbed, or empty when texts are not to be shown."""

    id: str
    truth: str
    answer: str
    confidence: float
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a report shows. `baselines` and `comparison` are by baseline; `explanation` is HTML made by `explain`.

    `facts` are the lines about data and model; `notes` are what a reader must know before he trusts a figure;
    `folds` are each fold's figures of a cross-validation; `doubt` is what the model's own doubt came to.
    """

    title: str
    evaluation: Evaluation
    baselines: Mapping[str, Evaluation | Undefined] = field(default_factory=dict)
    comparison: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    explanation: str | None = None
    receipt: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[Misread] = ()
    notes: Sequence[str] = ()
    folds: Sequence[Mapping[str, Figure]] = ()
    doubt: Doubting | None = None


def headline(done: Evaluation) -> list[str]:
    """The names of the figures shown first."""
    return [name for name in kind_of(done.head).headline(done.head, len(done.labels)) if name in done.metrics]


def sentences(report: Report) -> list[str]:
    """The result in plain words: the first figure, and against each baseline whether the difference is real."""
    done = report.evaluation
    name = headline(done)[0]
    said = [f"{metric_name(name)} {shown(done.metrics[name])}"]
    for rival in RIVALS[:-1]:
        test = report.comparison.get(rival, {}).get(name)
        if test is None or isinstance(test["difference"], Undefined):
            continue
        gap: Estimate = test["difference"]
        said.append(_verdict(model_name(rival), gap, test["p"], lower=name in LOWER_IS_BETTER))
    return said


def _verdict(rival: str, gap: Estimate, p: float, *, lower: bool) -> str:
    size = f"{gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}], {p_shown(p)}"
    if p >= 0.05:
        return tr(f"Not shown to differ from {rival}: {size}", f"与{rival}未见显著差异：{size}")
    if (gap.value > 0) != lower:
        return tr(f"Better than {rival}: {size}", f"优于{rival}：{size}")
    return tr(f"Worse than {rival}: {size}", f"劣于{rival}：{size}")


def cautions(report: Report) -> list[str]:
    """What the figures themselves warn of."""
    done, said = report.evaluation, []
    if not done.clustered:
        said.append(
            tr(
                "No patient column was named: each row counts as a patient. If patients have several rows, the "
                "intervals are too narrow.",
                "未指定患者列：每行视为一名患者。若同一患者有多行，区间会偏窄。",
            )
        )
    if done.n_patients < FEW_PATIENTS:
        said.append(
            tr(
                f"Only {counted(done.n_patients, 'patient')}: intervals this small a sample gives come out too narrow.",
                f"仅有 {done.n_patients} 名患者：样本过小，区间偏窄。",
            )
        )
    if done.unknown_labels:
        rows = sum(done.unknown_labels.values())
        said.append(
            tr(
                f"{counted(rows, 'row')} of labels that the model does not know, counted as wrong: ",
                f"{rows} 行的标签不在模型标签之内，按错误计：",
            )
            + ", ".join(f"{label} ({count})" for label, count in done.unknown_labels.items())
        )
    for name, rival in report.baselines.items():
        if isinstance(rival, Undefined):
            said.append(f"{model_name(name)}: {rival.reason}")
    return said
