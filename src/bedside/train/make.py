"""Gets a fit ready: the backbone loaded, texts and labels' names as tokens, and what the recipe left open settled."""

from __future__ import annotations

import dataclasses
from dataclasses import asdict
from itertools import chain
from typing import Any

from bedside.backbones._base import Backbone
from bedside.backbones._load import backbone_for
from bedside.backbones._trim import trim_vocabulary
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.inputs import Encoded, encode
from bedside.train.adapt import refuse_untrained
from bedside.train.data import Parts
from bedside.train.defaults import Choice, fill_in
from bedside.train.describe import Made
from bedside.train.loop import OnEvent
from bedside.train.start import spoken


def make(recipe: Recipe, parts: Parts, texts: dict[str, list[str]], name: str, tell: OnEvent) -> Made:
    """Load the backbone, turn texts into tokens, and settle what the recipe left open."""
    tell({"event": "stage", "name": "backbone", "total": 0})
    backbone = backbone_for(name, texts["train"], parts.train.patients)
    if not hasattr(backbone.network, "layers"):
        raise UsageError(
            tr("a decoder cannot carry this head", "解码器不能用于此任务"), value=name, next="bedside backbones"
        )
    if not backbone.pretrained:
        refuse_untrained(recipe.fit)
    limit = min(recipe.fit.max_tokens, backbone.max_tokens)
    names = [spoken(label) for label in parts.labels] if recipe.fit.start_at_names and backbone.pretrained else []
    read = texts | {"names": names if all(names) else []}
    encoded = {part: _encode(backbone, rows, limit) for part, rows in read.items()}
    pieces = backbone.tokenizer.get_vocab_size()
    backbone, encoded = _trimmed(backbone, encoded)
    named = encoded.pop("names").ids
    tokens = sum(map(len, encoded["train"].ids))
    layers, size = len(backbone.network.layers), backbone.hidden_size
    settings, choices = fill_in(
        recipe.fit,
        rows=len(parts.train),
        tokens=tokens,
        layers=layers,
        hidden_size=size,
        pretrained=backbone.pretrained,
    )
    if recipe.fit.backbone == "auto":
        choices.insert(0, Choice("backbone", backbone.name, "by the language of the training texts"))
    choices += _vocabulary(backbone, pieces)
    settings = settings.model_copy(update={"backbone": backbone.name, "max_tokens": limit, "head": parts.head})
    for choice in choices:
        tell({"event": "choice", **asdict(choice)})
    cut = {part: len(found.cut) for part, found in encoded.items()}
    tell({"event": "tokens", "tokens": tokens, "cut": cut, "max_tokens": limit})
    resolved = recipe.model_copy(update={"fit": settings})
    return Made(recipe=recipe, resolved=resolved, backbone=backbone, encoded=encoded, names=named, choices=choices)


def _vocabulary(backbone: Backbone, pieces: int) -> list[Choice]:
    """What became of the vocabulary, where something did; it had `pieces` before it was trimmed."""
    kept = backbone.tokenizer.get_vocab_size()
    if not backbone.pretrained:
        return [Choice("vocabulary", kept, "pieces learnt from the training texts")]
    if kept < pieces:
        return [Choice("vocabulary", kept, f"of {pieces} pieces; the others are of scripts in no text")]
    return []


def _encode(backbone: Any, texts: list[str], limit: int) -> Encoded:
    if not texts:
        return Encoded([], ())
    return encode(backbone.tokenizer, texts, prefix=backbone.prefix, max_tokens=limit)


def _trimmed(backbone: Backbone, encoded: dict[str, Encoded]) -> tuple[Backbone, dict[str, Encoded]]:
    """The backbone without the pieces of scripts in no text, and the texts in its new ids."""
    backbone, numbers = trim_vocabulary(backbone, chain.from_iterable(found.ids for found in encoded.values()))
    if numbers is None:
        return backbone, encoded
    return backbone, {
        part: dataclasses.replace(found, ids=[[numbers[old] for old in ids] for ids in found.ids])
        for part, found in encoded.items()
    }
