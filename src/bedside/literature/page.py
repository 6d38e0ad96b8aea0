"""The page of an analysis: years, designs, topics, terms, figures and what is wrong with them; no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bedside.evaluate.pages import fill
from bedside.files import whole_file
from bedside.lang import tr
from bedside.literature import _bars
from bedside.literature.checks import told
from bedside.literature.design import design_name

MOST = 20
"""Bars of a figure."""


def write_page(path: Path, report: Mapping[str, Any]) -> None:
    """Write the page in the language in force, whole or not at all."""
    with whole_file(path) as file:
        file.write(render(report))


def render(report: Mapping[str, Any]) -> str:
    """The page of what `Tally.told` gives."""
    from markupsafe import Markup

    designs = [(design_name(name), number) for name, number in report["designs"].items()]
    roles = [(role_name(name), number) for name, number in report["roles"].items()]
    drawn = {
        "years": _bars.years(report["years"], label=tr("papers a year", "每年文献数")),
        "designs": _bars.bars(designs, label=tr("designs", "研究设计")),
        "topics": _bars.bars(list(report["topics"].items())[:MOST], label=tr("topics", "主题")),
        "terms": _bars.bars(list(report["terms"].items())[:MOST], label=tr("key terms", "关键术语")),
        "figures": _bars.bars(
            [(kind_name(one), n) for one, n in report["figures"].items()][:MOST], label=tr("figures", "数字")
        ),
        "roles": _bars.bars(roles, label=tr("sentences by role", "句子作用")),
        "journals": _bars.bars(list(report["journals"].items())[:MOST], label=tr("journals", "期刊")),
    }
    by = {
        "model": tr("a fitted model", "训练的模型"),
        "keywords": tr("keywords", "关键词"),
        "terms": tr("key terms", "关键术语"),
    }
    return fill(
        "literature.html",
        folder_of_template=Path(__file__).parent,
        report=report,
        drawn={name: Markup(svg) if svg else "" for name, svg in drawn.items()},
        topics_by=[(by[name], number) for name, number in report["topics_by"].items()],
        flags=[(told(name), number) for name, number in report["flags"].items()],
        flagged=[{**one, "what": told(one["flag"])} for one in report["flagged"]],
    )


def role_name(role: str) -> str:
    """A role in the user's language."""
    zh = {"background": "背景", "objective": "目的", "methods": "方法", "results": "结果", "conclusions": "结论"}
    return tr(role, zh[role])


def kind_name(kind: str) -> str:
    """A kind of figure in the user's language; abbreviations are the same in both."""
    named = {
        "n": ("number of persons or studies", "例数或研究数"),
        "proportion": ("proportion", "比例"),
        "mean": ("mean", "均数"),
        "median": ("median", "中位数"),
        "change": ("change", "变化量"),
        "p": ("p value alone", "单独的 P 值"),
        "sensitivity": ("sensitivity", "灵敏度"),
        "specificity": ("specificity", "特异度"),
        "accuracy": ("accuracy", "准确率"),
        "efficacy": ("efficacy", "保护效力"),
        "r": ("correlation", "相关系数"),
        "beta": ("regression coefficient", "回归系数"),
    }
    return tr(*named[kind]) if kind in named else kind
