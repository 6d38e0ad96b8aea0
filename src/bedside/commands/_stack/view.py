"""A fitted fusion in the terminal: the engines side by side, what fusing changed, and the weights."""

from __future__ import annotations

from bedside.commands._io import say, table
from bedside.commands._stack.cases import Labelled
from bedside.commands._stack.fit import ENGINES, Fitted
from bedside.evaluate.fused import FIGURES
from bedside.lang import counted, tr
from bedside.types import Estimate


def show(fitted: Fitted, cases: Labelled) -> None:
    """Print it in the language in force."""
    _show_engines(fitted, cases)
    weights = fitted.stack.weights
    say(
        tr(
            f"weight of the local model {weights.share:.2f}, temperature {weights.temperature:.2f}",
            f"本地模型权重 {weights.share:.2f}，温度 {weights.temperature:.2f}",
        )
    )
    if not _helps(fitted):
        say(
            tr(
                "Fusing is not shown to help here: prefer the two side by side.",
                "此处未显示融合有益：建议并列查看两者。",
            )
        )
    _say_left_out(cases)


def _show_engines(fitted: Fitted, cases: Labelled) -> None:
    """The figures of each engine and of both, and by how much both differ from each."""
    names = {
        "local": tr("local model alone", "仅本地模型"),
        "knowledge": tr("knowledge alone", "仅知识"),
        "fused": tr("both, cross-fitted", "两者融合（交叉拟合）"),
    }
    heads = {
        "top1": tr("label first", "首位命中"),
        "top3": tr("among three", "前三命中"),
        "log_loss": tr("log loss", "对数损失"),
        "ece": tr("calibration error", "校准误差"),
    }
    stack = fitted.stack
    of = counted(stack.patients, "patient")
    title = tr(
        f"{counted(len(cases.truth), 'case')} of {of}, {len(stack.labels)} labels",
        f"{stack.patients} 名患者的 {len(cases.truth)} 例，{len(stack.labels)} 个标签",
    )
    rows = [(names[engine], *(str(fitted.figures[engine][what]) for what in FIGURES)) for engine in ENGINES]
    table(title, (tr("engine", "引擎"), *heads.values()), rows)
    for other in ("local", "knowledge"):
        parts = [
            f"{heads[what]} {gap['difference'].value:+.3f} "
            f"[{gap['difference'].low:+.3f}, {gap['difference'].high:+.3f}]"
            f" p={gap['p']:.3f}"
            for what, gap in fitted.against[other].items()
            if isinstance(gap["difference"], Estimate)
        ]
        say(tr(f"both minus {names[other]}: ", f"融合减去{names[other]}：") + "; ".join(parts))


def _say_left_out(cases: Labelled) -> None:
    """What of the cases and their labels could not count, or counts as wrong."""
    if cases.outside:
        say(
            tr(
                f"labels that neither engine knows, counted as wrong: {cases.outside}",
                f"两个引擎都不认识的标签（计为错误）：{cases.outside}",
            )
        )
    if cases.unknown:
        say(
            tr("ids of the map that this release does not rank: ", "对照表中该版本未收录的编号：")
            + ", ".join(cases.unknown[:5])
        )
    if cases.failed:
        say(tr(f"rows that could not be used: {cases.failed}", f"无法使用的行：{cases.failed}"))


def _helps(fitted: Fitted) -> bool:
    """Whether the log loss is lower than that of each engine alone, beyond chance."""
    gaps = [fitted.against[other]["log_loss"]["difference"] for other in ("local", "knowledge")]
    return all(isinstance(gap, Estimate) and gap.high < 0 for gap in gaps)
