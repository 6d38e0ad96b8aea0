"""What a finished fit says of itself: the facts its model card is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bedside.backbones._base import Backbone
from bedside.config import Recipe
from bedside.model.card import CardFacts, model_card
from bedside.model.forms import writes
from bedside.model.inputs import TAIL_SHARE, Encoded
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.types import Figure

RARE = 20
DRAFTS = (
    "Drafts of texts of the kind it was fitted on, on the same site's data; a clinician checks every statement of a "
    "draft against the record, and signs or discards it.",
    "为与训练数据同类、同来源的文本撰写草稿；临床医生须逐条与病历核对，再签署或弃用。",
)
Pair = tuple[str, str]


@dataclass(frozen=True)
class Made:
    """A recipe as given and as resolved, with the backbone loaded, and texts and labels' names as tokens.

    `learnt` is what the head's form has to know of the training rows to encode others. Of a head that writes, `names`
    holds what is wanted after each piece, and `base` tells its decoder apart.
    """

    recipe: Recipe
    resolved: Recipe
    backbone: Backbone
    encoded: dict[str, Encoded]
    names: list[list[int]]
    choices: list[Choice]
    learnt: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)


def cards(made: Made, parts: Parts, figures: Mapping[str, Figure]) -> dict[str, str]:
    """The model card in both languages."""
    facts = CardFacts(
        name=made.recipe.data.train.stem,
        head=parts.head,
        labels=parts.labels,
        backbone=made.backbone.name,
        backbone_licence=made.backbone.licence,
        data=(*_rows(made, parts), _identity(made.recipe)),
        training=_training(made.resolved),
        limits=_limits(made, parts),
        intended_use=DRAFTS if writes(parts.head) else ("", ""),
        figures=figures,
        figures_on=(
            "On the tuning part, which also chose the epoch and the calibration: expect a little less on new patients.",
            "在调优部分上计算；该部分也用于选择轮次与校准，因此在新患者上会略低。",
        ),
    )
    return {"en": model_card(facts, "en"), "zh": model_card(facts, "zh")}


def trained(network: Any, head: Any) -> Choice:
    """How many weights learn, told beside the choices it follows from."""
    values = {id(one): one for one in (*network.parameters(), *head.parameters())}.values()  # a decoder shares its head
    learn, everything = sum(one.numel() for one in values if one.requires_grad), sum(one.numel() for one in values)
    own = sum(one.numel() for one in head.parameters())
    return Choice(
        "trained_parameters", learn, f"{learn / everything:.2%} of {everything} weights; {own} are the head's"
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
        "refused": refused_rows(parts),
    }


def refused_rows(parts: Parts) -> list[dict[str, str]]:
    """Every row left out: file, place and reason."""
    return [{"file": file, "place": problem.place, "what": problem.what} for file, problem in parts.refused]


def _rows(made: Made, parts: Parts) -> list[Pair]:
    train, dev, patients = len(parts.train), len(parts.dev), len(set(parts.train.patients))
    said = [(f"{train} rows to learn from, {dev} to tune on", f"训练 {train} 行，调优 {dev} 行")]
    if made.recipe.data.patient:
        said.append(
            (f"{patients} patients in training; none is in both parts", f"训练含 {patients} 名患者；两部分无重叠")
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
            (f"{count} rows were left out; fitting.json says which and why", f"{count} 行未使用，详见 fitting.json")
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
    return (
        (f"Backbone {fit.backbone}, adapted: {fit.adapt}", f"骨干网络 {fit.backbone}，适配方式 {fit.adapt}"),
        (
            f"At most {fit.epochs} epochs, learning rate {fit.learning_rate:g}, {fit.optimizer}, seed {fit.seed}",
            f"最多 {fit.epochs} 轮，学习率 {fit.learning_rate:g}，{fit.optimizer}，随机种子 {fit.seed}",
        ),
        (
            f"The last epoch within a standard error of the best {fit.metric} on the tuning part; calibrated there",
            f"保留调优部分 {fit.metric} 与最佳值相差不超过一个标准误的最后一轮，并在其上校准概率",
        ),
    )


def _limits(made: Made, parts: Parts) -> tuple[Pair, ...]:
    said = _of_texts(made) if writes(parts.head) else [_length(made)]
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
    if rare:
        names = ", ".join(rare)
        said.append((f"Labels with fewer than {RARE} training rows: {names}", f"训练样本少于 {RARE} 行的标签：{names}"))
    if not len(parts.dev):
        said.append(("No tuning rows: not calibrated, last epoch kept", "无调优数据：未校准，保留最后一轮"))
    return tuple(said)


def _length(made: Made) -> Pair:
    """What becomes of long texts."""
    limit = made.resolved.fit.max_tokens
    if made.encoded["train"].units is not None:
        return (
            f"Texts beyond {limit} tokens are read whole, in overlapping pieces of that length",
            f"超过 {limit} 个词元的文本按该长度分段重叠读取，不略去任何部分",
        )
    cut = sum(len(found.cut) for found in made.encoded.values())
    return (
        f"Texts beyond {limit} tokens lose their middle (the last 1/{TAIL_SHARE} is kept); so did {cut} of these",
        f"超过 {limit} 个词元的文本略去中段（保留末尾 1/{TAIL_SHARE}）；本数据中有 {cut} 条",
    )


def _of_texts(made: Made) -> list[Pair]:
    """What to know of a model that writes."""
    cut, unasked = len(made.encoded["train"].cut), sum(not ids for ids in made.encoded["dev"].ids)
    fit, lost = made.resolved.fit, len(made.encoded["dev"].cut)
    en, zh = ("Texts of", "") if made.backbone.starts else ("Texts that with the answer need", "连同答案")
    fate, fate_zh = ("lose their middle", "略去中段") if fit.write.long == "cut" else ("get none", "不作答")
    return [
        (
            "It may write what is not in the text, or is wrong; ROUGE counts shared words and does not see that",
            "可能写出原文没有或错误的内容；ROUGE 只统计共有词语，无法发现此类错误",
        ),
        (
            f"{en} more than {fit.max_tokens} tokens {fate}; of the training rows {cut} were shortened, of the tuning "
            f"rows {lost} were, and {unasked} got no answer",
            f"{zh}超过 {fit.max_tokens} 个词元的文本{fate_zh}；被截短的训练行 {cut} 条、调优行 {lost} 条；"
            f"未作答的调优行 {unasked} 条",
        ),
        (
            "The folder holds what was learnt on top of its decoder; without the same decoder it cannot be opened",
            "目录仅保存在解码器之上学到的权重；缺少同一解码器则无法打开",
        ),
    ]
