"""Teaches a decoder, or an encoder-decoder, to write: outputs are texts, and the folder holds only what was learnt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from torch import nn

from bedside import registry
from bedside.config import Recipe
from bedside.heads._tags import NOT_JUDGED
from bedside.model.engine import Outputs
from bedside.model.engines.causal import CausalEngine, writer_of
from bedside.model.int8 import in_8_bits
from bedside.model.writing.decode import Writer, write
from bedside.train.data import Parts
from bedside.train.kept import backbone_of, learnt_of
from bedside.train.loop import Loop, OnEvent
from bedside.train.made import Made
from bedside.train.writer import make_writer, room_for_prompt

DRAFTS = (
    "Drafts of texts of the kind it was fitted on, on the same site's data; a clinician checks every statement of a "
    "draft against the record, and signs or discards it.",
    "为与训练数据同类、同来源的文本撰写草稿；临床医生须逐条与病历核对，再签署或弃用。",
)


class WriterWay:
    """See `train/ways.py`."""

    intended_use = DRAFTS

    def make(self, recipe: Recipe, parts: Parts, tell: OnEvent) -> Made:
        """With the decoder named, or the embedded one."""
        return make_writer(recipe, parts, recipe.fit.backbone, tell)

    def head(self, made: Made, parts: Parts) -> nn.Module:
        """The decoder's own language head."""
        backbone = made.backbone
        head: nn.Module = registry.load("heads", parts.head)(
            backbone.hidden_size, parts.labels, out=backbone.network.language_head
        )
        return head

    def targets(self, made: Made, parts: Parts) -> list[Any]:
        """What is wanted after each piece of each training row."""
        return targets(made.names)

    def outputs(self, made: Made) -> Callable[[], Outputs]:
        """What the decoder, as far as it has been fitted, writes for the tuning part."""
        writer = _writer(made)
        return lambda: write(writer, made.encoded["dev"].ids)

    def begin(self, loop: Loop, made: Made) -> None:
        """Nothing: it goes on from what it could do."""

    def engine(self, loop: Loop, made: Made) -> CausalEngine:
        """The fitted decoder, corrections merged; what was learnt is kept as it was before that."""
        learnt = learnt_of(loop)
        loop.settle()
        if made.resolved.fit.write.precision == "int8":
            in_8_bits(loop.network.model)
        return CausalEngine(loop.network, loop.head, made.backbone.tokenizer, _writer(made), learnt)

    def settings(self, made: Made) -> dict[str, Any]:
        """How it writes, and where its decoder is found again."""
        settings, backbone = made.resolved.fit, made.backbone
        return {
            "engine": "causal",
            "max_tokens": room_for_prompt(settings, backbone),
            "write": settings.write.model_dump(mode="json"),
            "ends": list(backbone.ends),
            **({"starts": list(backbone.starts)} if backbone.starts else {}),
            "backbone": backbone_of(made),
        }

    def limits(self, made: Made) -> list[tuple[str, str]]:
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
                f"{en} more than {fit.max_tokens} tokens {fate}; of the training rows {cut} were shortened, of the "
                f"tuning rows {lost} were, and {unasked} got no answer",
                f"{zh}超过 {fit.max_tokens} 个词元的文本{fate_zh}；被截短的训练行 {cut} 条、调优行 {lost} 条；"
                f"未作答的调优行 {unasked} 条",
            ),
            (
                "The folder holds what was learnt on top of its decoder; without the same decoder it cannot be opened",
                "目录仅保存在解码器之上学到的权重；缺少同一解码器则无法打开",
            ),
        ]


WAY = WriterWay


def targets(wanted: Sequence[Sequence[int]]) -> list[Any]:
    """What is wanted after each piece, row by row, as arrays."""
    return [np.array(one or [NOT_JUDGED], np.int64) for one in wanted]


def _writer(made: Made) -> Writer:
    backbone, writing = made.backbone, made.resolved.fit.write
    marks = (backbone.ends, backbone.pad_id, backbone.starts)
    return writer_of(backbone.network, backbone.tokenizer, writing, *marks)
