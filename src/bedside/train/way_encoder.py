"""Fits a head above an encoder: its outputs are numbers, and the folder holds the whole network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from bedside import registry
from bedside.backbones._load import choose_backbone
from bedside.config import Recipe
from bedside.model.engine import Outputs
from bedside.model.engines.torch import TorchEngine
from bedside.model.forms import Targets
from bedside.model.inputs import TAIL_SHARE
from bedside.train.cache import TokenInputs
from bedside.train.data import Parts
from bedside.train.kept import backbone_of, learnt_of
from bedside.train.loop import Loop, OnEvent
from bedside.train.made import Made
from bedside.train.make import make
from bedside.train.start import start_at_names


class EncoderWay:
    """See `train/ways.py`."""

    intended_use = ("", "")

    def make(self, recipe: Recipe, parts: Parts, tell: OnEvent) -> Made:
        """With the backbone that suits the language of the texts, where none was named."""
        name = recipe.fit.backbone
        return make(recipe, parts, choose_backbone(parts.train.texts) if name == "auto" else name, tell)

    def head(self, made: Made, parts: Parts) -> nn.Module:
        """The file of its name, new."""
        dropout = made.resolved.fit.dropout
        head: nn.Module = registry.load("heads", parts.head)(made.backbone.hidden_size, parts.labels, dropout=dropout)
        return head

    def targets(self, made: Made, parts: Parts) -> Targets:
        """What the form makes of the labels."""
        return parts.form.targets(parts.train.labels, made.encoded["train"], parts.labels)

    def outputs(self, made: Made) -> Callable[[], Outputs] | None:
        """The loop's own."""
        return None

    def begin(self, loop: Loop, made: Made) -> None:
        """Start the outputs at the labels' names."""
        if made.names:
            start_at_names(loop, TokenInputs(loop.network, made.names, made.backbone.pad_id, loop.device))

    def engine(self, loop: Loop, made: Made) -> TorchEngine:
        """The network with its corrections merged, and the head; what was learnt is kept as it was before that."""
        learnt = learnt_of(loop) if made.base else None
        loop.settle()
        return TorchEngine(loop.network, loop.head, made.backbone.tokenizer, made.backbone.pad_id, learnt)

    def settings(self, made: Made) -> dict[str, Any]:
        """Its engine, and where its backbone is found again, where that is kept apart."""
        return {"engine": "torch"} | ({"backbone": backbone_of(made)} if made.base else {})

    def limits(self, made: Made) -> list[tuple[str, str]]:
        """What becomes of long texts."""
        limit = made.resolved.fit.max_tokens
        if made.encoded["train"].units is not None:
            en = f"Texts beyond {limit} tokens are read whole, in overlapping pieces of that length"
            zh = f"超过 {limit} 个词元的文本按该长度分段重叠读取，不略去任何部分"
            return [(en, zh)]
        cut, last = sum(len(found.cut) for found in made.encoded.values()), f"1/{TAIL_SHARE}"
        en = f"Texts beyond {limit} tokens lose their middle (the last {last} is kept); so did {cut} of these"
        zh = f"超过 {limit} 个词元的文本略去中段（保留末尾 {last}）；本数据中有 {cut} 条"
        return [(en, zh)]


WAY = EncoderWay
