"""Writes the model card: what the model is for and not for, data, figures with intervals, limits, licence, how to load.

Source: Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bedside.lang import Lang, disclaimer, speaking, tr
from bedside.types import Figure, Undefined


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """What a card is written from; `data`, `training` and `limits` hold (English, Chinese) sentences, `named` says what
    `labels` are.
    """

    name: str
    head: str
    labels: tuple[str, ...]
    backbone: str
    backbone_licence: str
    data: tuple[tuple[str, str], ...]
    training: tuple[tuple[str, str], ...] = ()
    limits: tuple[tuple[str, str], ...] = ()
    intended_use: tuple[str, str] = ("", "")
    not_for: tuple[str, str] = ("", "")
    figures: Mapping[str, Figure] = field(default_factory=dict)
    figures_on: tuple[str, str] = ("", "")
    subgroups: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    named: tuple[str, str] = ("Labels", "标签")


USE = (
    "Labelling texts of the kind it was fitted on, on the same site's data, as one input among others to a clinician "
    "or a data manager.",
    "对与训练数据同类、同来源的文本打标签，作为临床医生或数据管理人员的参考之一。",
)
NOT_FOR = (
    "Not for deciding about a patient without a clinician; not for texts of another kind, language or site before it "
    "has been measured there.",
    "不得在没有临床医生的情况下用于患者决策；未经当地评估，不得用于其他类型、语言或机构的文本。",
)
LABELS_SHOWN = 60


def model_card(facts: CardFacts, lang: Lang = "en") -> str:
    """The card as Markdown, in one language."""
    with speaking(lang):
        parts = [f"# {facts.name}", disclaimer(), *_use(facts), *_data(facts), *_figures(facts), *_limits(facts)]
        return "\n\n".join(parts) + "\n"


def _use(facts: CardFacts) -> list[str]:
    use = facts.intended_use if facts.intended_use[0] else USE
    against = facts.not_for if facts.not_for[0] else NOT_FOR
    return [
        tr("## Intended use", "## 预期用途"),
        tr(*use),
        tr("## Not for", "## 不适用于"),
        tr(*against),
    ]


def _data(facts: CardFacts) -> list[str]:
    count = len(facts.labels)
    shown = ", ".join(facts.labels[:LABELS_SHOWN]) + (" …" if len(facts.labels) > LABELS_SHOWN else "")
    return [
        tr("## Data", "## 数据"),
        _bullets(facts.data),
        *([tr(f"{facts.named[0]} ({count}): {shown}", f"{facts.named[1]}（{count} 个）：{shown}")] if shown else []),
        tr("## How it was fitted", "## 训练方式"),
        _bullets((*facts.training, (f"Output layer: {facts.head}", f"输出层：{facts.head}"))),
    ]


def _figures(facts: CardFacts) -> list[str]:
    title = tr("## Figures", "## 指标")
    if not facts.figures:
        return [
            title,
            tr(
                "Not measured on held-back patients yet. Run `bedside evaluate MODEL DATA`.",
                "尚未在留出患者上评估。请运行 `bedside evaluate MODEL DATA`。",
            ),
        ]
    parts = [title, *([tr(*facts.figures_on)] if facts.figures_on[0] else []), _table(facts.figures)]
    for group, figures in facts.subgroups.items():
        parts += [f"### {group}", _table(figures)]
    return parts


def _limits(facts: CardFacts) -> list[str]:
    return [
        tr("## Limits", "## 局限"),
        _bullets(facts.limits) if facts.limits else tr("None recorded.", "暂无记录。"),
        tr("## Licence", "## 许可"),
        tr(
            f"Backbone {facts.backbone}: {facts.backbone_licence}. The fitted weights belong to whoever owns the data.",
            f"骨干网络 {facts.backbone}：{facts.backbone_licence}。训练所得权重归数据所有者。",
        ),
        tr("## How to load", "## 如何加载"),
        '```python\nfrom bedside import open_model\n\nmodel = open_model("MODEL")\nmodel.predict(["..."])\n```',
    ]


def _bullets(sentences: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"- {tr(*pair)}" for pair in sentences)


def _table(figures: Mapping[str, Figure]) -> str:
    head = tr("| metric | value [95 % interval] | rows | patients |", "| 指标 | 数值 [95% 区间] | 行数 | 患者数 |")
    lines = [head, "|---|---|---|---|"]
    for name, figure in figures.items():
        shown = (
            str(figure)
            if not isinstance(figure, Undefined)
            else tr(f"undefined: {figure.reason}", f"无法计算：{figure.reason}")
        )
        lines.append(f"| {name} | {shown} | {figure.n} | {figure.n_patients} |")
    return "\n".join(lines)
