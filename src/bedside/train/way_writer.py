"""Teaches a decoder to write: its outputs are texts, and the folder holds only what was learnt on top of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from torch import nn

from bedside import registry
from bedside.config import Recipe
from bedside.heads._tags import NOT_JUDGED
from bedside.model.causal_engine import CausalEngine, writer_of
from bedside.model.decode import Writer, write
from bedside.model.engine import Outputs
from bedside.train.data import Parts
from bedside.train.kept import backbone_of, learnt_of
from bedside.train.loop import Loop, OnEvent
from bedside.train.made import Made
from bedside.train.writer import make_writer

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
        return [np.array(one or [NOT_JUDGED], np.int64) for one in made.names]

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
        return CausalEngine(loop.network, loop.head, made.backbone.tokenizer, _writer(made), learnt)

    def settings(self, made: Made) -> dict[str, Any]:
        """How it writes, and where its decoder is found again."""
        settings, backbone = made.resolved.fit, made.backbone
        return {
            "engine": "causal",
            "max_tokens": settings.max_tokens - (settings.write.new_tokens or 0),
            "write": settings.write.model_dump(mode="json"),
            "ends": list(backbone.ends),
            "backbone": backbone_of(made),
        }

    def limits(self, made: Made) -> list[tuple[str, str]]:
        """What to know of a model that writes."""
        cut, unasked = len(made.encoded["train"].cut), sum(not ids for ids in made.encoded["dev"].ids)
        limit = made.resolved.fit.max_tokens
        return [
            (
                "It may write what is not in the text, or is wrong; ROUGE counts shared words and does not see that",
                "可能写出原文没有或错误的内容；ROUGE 只统计共有词语，无法发现此类错误",
            ),
            (
                f"Texts that with the answer need more than {limit} tokens get none; of the training rows {cut} lost "
                f"their middle, of the tuning rows {unasked} got no answer",
                f"连同答案超过 {limit} 个词元的文本不作答；训练行中 {cut} 条略去中段，调优行中 {unasked} 条未作答",
            ),
            (
                "The folder holds what was learnt on top of its decoder; without the same decoder it cannot be opened",
                "目录仅保存在解码器之上学到的权重；缺少同一解码器则无法打开",
            ),
        ]


WAY = WriterWay


def _writer(made: Made) -> Writer:
    backbone, writing = made.backbone, made.resolved.fit.write
    return writer_of(backbone.network, backbone.tokenizer, writing, backbone.ends, backbone.pad_id)
