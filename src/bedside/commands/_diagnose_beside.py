"""What stands beside the knowledge's ranking: the chart it came from, the local model, both fused, tests to do next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bedside.commands._io import say, table
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._diagnose_fused import Fused
    from bedside.commands._diagnose_local import Local, LocalAnswer
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge._workup import By
    from bedside.tasks._diagnosis_case import DiagnosisCase
    from bedside.tasks._diagnosis_told import Told

PANEL = tr("Beside the ranking", "排序之外")
SHOWN = 5
SEPARATED = 10
"""How many leading candidates a test should separate."""

LocalModel = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help=tr("Model fitted on your own charts, beside it", "本地病历训练的模型，并列显示"),
        rich_help_panel=PANEL,
    ),
]
Fuse = Annotated[
    Path | None,
    typer.Option(
        "--fuse",
        metavar="STACK",
        help=tr("Both as one, by `bedside stack`; with --model", "按 `bedside stack` 融合两者；需 --model"),
        rich_help_panel=PANEL,
    ),
]
WorkupBy = Annotated[
    Literal["gain", "ease"],
    typer.Option(
        "--workup-by",
        help=tr("Tests by expected gain, or gain against cost and burden", "检查建议按信息增益，或兼顾费用与负担"),
        rich_help_panel=PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class Beside:
    """What was asked for, opened once."""

    ranker: Ranker
    local: Local | None = None
    fused: Fused | None = None
    by: By = "gain"

    def line(self, case: DiagnosisCase, *, denied: float = 0.0) -> dict[str, Any]:
        """What a row of a table tells more."""
        line: dict[str, Any] = {}
        if case.chart is not None:
            from bedside.tasks._diagnosis_chart import told_chart

            line["chart"] = told_chart(case.chart)
        if self.local is not None:
            (answer,) = self.local.answers([case], self.ranker.hpo)
            line |= answer.told()
            if self.fused is not None:
                line |= self.fused.told(case, answer, denied=denied)
        return line

    def told(self, told: Told) -> dict[str, Any]:
        """What one case tells more, the tests to do next included."""
        from bedside.knowledge._workup import told as test_told

        line = self.line(told.case, denied=told.denied_weight)
        return {**line, "workup": [test_told(one, self.ranker.hpo) for one in workup_of(self.ranker, told, self.by)]}

    def say_first(self, told: Told) -> None:
        """In the terminal, before the ranking: where in the chart each finding stands."""
        if told.case.chart is not None:
            from bedside.phenotypes.called import Called
            from bedside.tasks._diagnosis_chart import chart_lines

            for line in chart_lines(told.case.chart, Called(self.ranker.hpo)):
                say(line)
            say()

    def say_also(self, told: Told) -> None:
        """In the terminal, after it: the local model, both fused, and the tests."""
        if self.local is not None:
            (answer,) = self.local.answers([told.case], self.ranker.hpo)
            _say_local(self.local.name, answer)
            if self.fused is not None:
                _say_fused(self.fused, self.fused.told(told.case, answer, denied=told.denied_weight))
        _say_workup(self.ranker, told, self.by)


def open_beside(ranker: Ranker, model: Path | None, fuse: Path | None, *, by: By = "gain") -> Beside:
    """Open the model and the fusion that were named; raises UsageError for a fusion without its model."""
    if model is None:
        if fuse is not None:
            what = tr("a fusion needs the model it was fitted with", "融合需要与其一同拟合的模型")
            raise UsageError(what, where="--fuse", next="--model MODEL")
        return Beside(ranker, by=by)
    from bedside.commands._diagnose_fused import open_fused
    from bedside.commands._diagnose_local import open_local

    local = open_local(model)
    return Beside(ranker, local, open_fused(fuse, model, ranker) if fuse else None, by)


def workup_of(ranker: Ranker, told: Told, by: By = "gain") -> list[Any]:
    """The tests to do next for a case that was told: what every view shows."""
    import numpy as np

    from bedside.knowledge._workup import workup

    leading = told.answer.ranking[:SEPARATED]
    numbers = [ranker.hpo.disease_number[one.id] for one in leading]
    weights = np.array([one.probability for one in leading]) + 1e-12
    asked = [ranker.hpo.number[one.id] for one in told.asked if one.id in ranker.hpo.number]
    return workup(ranker, told.case.findings, numbers, weights, most=SHOWN, by=by, skip=asked)


def _say_local(name: str, answer: LocalAnswer) -> None:
    say()
    if answer.failed:
        say(
            tr(
                f"Local model {name}: failed; see the log under {answer.failed}",
                f"本地模型 {name}：失败，日志编号 {answer.failed}",
            )
        )
    elif answer.abstained:
        say(tr(f"Local model {name}: no answer: {answer.abstained}", f"本地模型 {name}：无结果：{answer.abstained}"))
    else:
        rows = [(n, label, f"{100 * chance:.1f} %") for n, (label, chance) in enumerate(answer.chances[:SHOWN], 1)]
        head = ("#", tr("label", "标签"), tr("chance", "概率"))
        table(tr(f"Local model {name} (its own labels)", f"本地模型 {name}（其自身标签）"), head, rows)
        for limit in answer.limits:
            say(limit)


def _say_fused(fused: Fused, told: dict[str, Any]) -> None:
    if not told["fused"]:
        say(tr("Fused: ", "融合：") + told["fused_abstained"])
        return
    rows = [
        (n, one["label"], f"{100 * one['probability']:.1f} %", "; ".join(part["id"] for part in one["diseases"]))
        for n, one in enumerate(told["fused"][:SHOWN], 1)
    ]
    head = ("#", tr("label", "标签"), tr("chance", "概率"), tr("diseases behind it", "对应疾病"))
    stack = fused.stack
    share = f"{100 * stack.weights.share:.0f} %"
    en = f"Both fused (weight of the local model {share}, fitted on {stack.cases} labelled cases)"
    table(tr(en, f"两者融合（本地模型权重 {share}，由 {stack.cases} 个标注病例拟合）"), head, rows)


def _say_workup(ranker: Ranker, told: Told, by: By) -> None:
    from bedside.phenotypes.called import Called

    tests, called = workup_of(ranker, told, by), Called(ranker.hpo)
    if not tests:
        return
    say(tr("Tests that would separate them (expected gain in bits):", "有助于鉴别的检查（预期信息增益，比特）："))
    classes = {
        "low": tr("low cost", "费用低"),
        "moderate": tr("moderate cost", "费用中"),
        "high": tr("high cost", "费用高"),
        "none": tr("no burden", "无创"),
        "sample": tr("blood or needle", "采血或针刺"),
        "sedation": tr("may need sedation", "可能需镇静"),
        "lumbar": tr("lumbar puncture", "腰椎穿刺"),
        "scope": tr("endoscopy", "内镜"),
        "biopsy": tr("biopsy or cells", "活检或细胞"),
    }
    for one in tests:
        least = "≤" if one.at_most else " "
        what = called.names(ranker.hpo.ids[term] for term, _ in one.findings[:3]) or ", ".join(one.genes[:5])
        facts = tr(", ", "，").join((classes[one.test.cost], classes[one.test.burden]))
        say(f"  {least}{one.gain_bits:.2f} {tr(*one.test.name)} [{facts}]{tr(': ', '：')}{what}")
