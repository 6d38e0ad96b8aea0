"""What a finished fit says of itself: the facts its model card is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bedside.config import UNTRAINED, Recipe
from bedside.lang import counted, tr
from bedside.model.card import CardFacts, model_card
from bedside.model.forms import Timed
from bedside.model.survival.intervals import horizons_of
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.made import Made, unread_texts
from bedside.train.ways import Pair, Way
from bedside.types import Figure

RARE = 20
CHOSEN_ON = (
    "On the tuning part, which also chose the epoch and the calibration: expect a little less on new patients.",
    "在调优部分上计算；该部分也用于选择轮次与校准，因此在新患者上会略低。",
)
CALIBRATED_ON = (
    "On the tuning part, from whose labels one number was taken, the temperature; it changes no label given. "
    "Baselines, fitted on the training part and measured on the same rows, stand below.",
    "在调优部分上计算；其标签仅用于确定一个温度参数，不影响所给标签。下方为在训练部分拟合、在相同行上评估的基线。",
)


def cards(
    way: Way,
    made: Made,
    parts: Parts,
    figures: Mapping[str, Figure],
    beside: Mapping[str, Mapping[str, Figure]] | None = None,
) -> dict[str, str]:
    """The model card in both languages; `beside` are baselines' figures on the same rows."""
    named, labels = _named(parts)
    facts = CardFacts(
        name=made.recipe.data.train.stem,
        head=parts.head,
        labels=labels,
        named=named,
        backbone=made.backbone.name,
        backbone_licence=made.backbone.licence,
        data=(*_rows(made, parts), _identity(made.recipe)),
        training=_training(made.resolved),
        limits=_limits(way, made, parts),
        intended_use=way.intended_use,
        figures=figures,
        figures_on=CALIBRATED_ON if made.resolved.fit.adapt in UNTRAINED else CHOSEN_ON,
        subgroups=beside or {},
    )
    return {"en": model_card(facts, "en"), "zh": model_card(facts, "zh")}


def _named(parts: Parts) -> tuple[Pair, tuple[str, ...]]:
    """What the outputs stand for, and their names; of times to an event those that are told, and not every interval."""
    if not isinstance(parts.form, Timed):
        return ("Labels", "标签"), parts.labels
    times, ends = horizons_of(parts.labels), len(parts.labels)
    en, zh = "Horizons, in the unit of the time column", "时间点（单位同时间列）"
    if ends > len(times):
        en, zh = f"{en}, of {ends} intervals", f"{zh}，共 {ends} 个区间"
    return (en, zh), tuple(f"{time:g}" for time in times)


def trained(network: Any, head: Any) -> Choice:
    """How many weights learn, told beside the choices it follows from."""
    values = {id(one): one for one in (*network.parameters(), *head.parameters())}.values()  # a decoder shares its head
    learn, everything = sum(one.numel() for one in values if one.requires_grad), sum(one.numel() for one in values)
    own = sum(one.numel() for one in head.parameters())
    return Choice(
        "trained_parameters",
        learn,
        tr(
            f"{learn / everything:.2%} of {everything} weights; {own} are the head's",
            f"占全部 {everything} 个参数的 {learn / everything:.2%}；其中输出层 {own} 个",
        ),
    )


def facts_of(made: Made, parts: Parts) -> dict[str, Any]:
    """What fitting.json holds about data and choices."""
    return {
        "choices": [asdict(choice) for choice in made.choices],
        "trained_parameters": next(c.value for c in made.choices if c.name == "trained_parameters"),
        "rows": {"train": len(parts.train), "dev": len(parts.dev)},
        "shared_texts": parts.shared_texts(),
        "label_counts": parts.rows_with,
        "cut": {part: len(found.cut) for part, found in made.encoded.items()},
        "unread": unread_texts(made.encoded),
        "refused": refused_rows(parts),
    }


def refused_rows(parts: Parts) -> list[dict[str, str]]:
    """Every row left out: file, place and reason."""
    return [{"file": file, "place": problem.place, "what": problem.what} for file, problem in parts.refused]


def _rows(made: Made, parts: Parts) -> list[Pair]:
    train, dev, patients = len(parts.train), len(parts.dev), len(set(parts.train.patients))
    said = [(f"{counted(train, 'row')} to learn from, {dev} to tune on", f"训练 {train} 行，调优 {dev} 行")]
    if made.recipe.data.patient:
        said.append(
            (
                f"{counted(patients, 'patient')} in training; none is in both parts",
                f"训练含 {patients} 名患者；两部分无重叠",
            )
        )
    else:
        said.append(
            ("No patient column was named: each row counted as its own patient", "未指定患者列：每行按一名患者计")
        )
    if shared := parts.shared_texts():
        said.append(
            (
                f"Tuning texts that are in the training part too: {shared}; the figures are too good by them",
                f"同时出现在训练部分中的调优文本：{shared} 条；指标因此偏高",
            )
        )
    if parts.refused:
        count = len(parts.refused)
        said.append(
            (
                f"Left out, or read with a doubt: {count} (fitting.json says which rows and why)",
                f"未使用或存疑：{count} 处（详见 fitting.json）",
            )
        )
    return said


def _identity(recipe: Recipe) -> Pair:
    reason = recipe.data.identity_reason
    return {
        "scrub": ("Identity was removed from every text before fitting", "训练前已去除每条文本中的身份信息"),
        "absent": (f"Stated to hold no identity: {reason}", f"声明不含身份信息：{reason}"),
        "removed": (f"Identity stated to be removed beforehand: {reason}", f"声明事先已去除身份信息：{reason}"),
    }[recipe.data.identity]


def _training(recipe: Recipe) -> tuple[Pair, ...]:
    fit = recipe.fit
    if fit.adapt in UNTRAINED:
        return (
            (
                f"Nothing was trained: {fit.backbone} was asked, by {fit.adapt}; calibrated on the tuning part",
                f"未经训练：以 {fit.adapt} 方式向 {fit.backbone} 提问；在调优部分上校准概率",
            ),
            (
                f"Each label's own likelihood was divided out ({fit.prior}); seed {fit.seed}",
                f"已消除各标签自身的似然（{fit.prior}）；随机种子 {fit.seed}",
            ),
        )
    if fit.cues:
        return (
            (
                f"No network: logistic regression on the words (pieces of {fit.backbone}) and cues of both texts; "
                "calibrated on the tuning part",
                f"无网络：以两段文本的词（{fit.backbone} 的词元）与线索作逻辑回归；在调优部分上校准概率",
            ),
        )
    share, late = round(100 * fit.token_dropout), round(100 * (fit.average or 0))
    hidden = (f"{share} % of each text's tokens hidden at each step", f"每步隐去每条文本中 {share}% 的词元")
    worse = f"{100 * (fit.adversarial or 0):g}"
    again = (
        f"Each batch learnt again, its vectors moved by {worse} % of their length the way that raises the loss most",
        f"每批再学一次，向量朝损失上升最快的方向移动其长度的 {worse}%",
    )
    averaged = (f"Weights averaged over the last {late} % or so of the steps", f"权重取最后约 {late}% 步的平均")
    return (
        (f"Backbone {fit.backbone}, adapted: {fit.adapt}", f"骨干网络 {fit.backbone}，适配方式 {fit.adapt}"),
        (
            f"At most {fit.epochs} epochs, learning rate {fit.learning_rate:g}, {fit.optimizer}, seed {fit.seed}",
            f"最多 {fit.epochs} 轮，学习率 {fit.learning_rate:g}，{fit.optimizer}，随机种子 {fit.seed}",
        ),
        *([hidden] if share else []),
        *([again] if fit.adversarial else []),
        *([averaged] if late else []),
        (
            f"The last epoch within a standard error of the best {fit.metric} on the tuning part; calibrated there",
            f"保留调优部分 {fit.metric} 与最佳值相差不超过一个标准误的最后一轮，并在其上校准概率",
        ),
    )


def _limits(way: Way, made: Made, parts: Parts) -> tuple[Pair, ...]:
    said = way.limits(made)
    if made.resolved.fit.adapt == "few_shot":
        said.append(
            (
                "The folder holds the texts of its examples (rows of the training part, without identity): keep it as "
                "the data are kept",
                "目录中保存了示例文本（训练部分的若干行，已去除身份信息）：须按数据同等保管",
            )
        )
    if not made.backbone.pretrained:
        said.append(
            (
                "Nothing in it is pretrained: it knows no word and no language but that of these texts",
                "未经预训练：除本数据中的词语外，模型不具备任何语言知识",
            )
        )
    if any(choice.name == "vocabulary" for choice in made.choices):
        said.append(
            (
                "Letters of scripts that no training text has (Cyrillic, Arabic, ...) are unknown to it",
                "训练文本中未出现的文字（如西里尔、阿拉伯字母）模型无法识别",
            )
        )
    rare = [label for label, count in parts.rows_with.items() if count < RARE]
    if rare and made.resolved.fit.adapt not in UNTRAINED:
        names = ", ".join(rare)
        said.append((f"Labels with fewer than {RARE} training rows: {names}", f"训练样本少于 {RARE} 行的标签：{names}"))
    if not len(parts.dev):
        said.append(("No tuning rows: not calibrated, last epoch kept", "无调优数据：未校准，保留最后一轮"))
    return tuple(said)
