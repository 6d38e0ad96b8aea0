"""Gets a fit ready: the backbone loaded, texts and labels' names as tokens, and what the recipe left open settled."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict
from itertools import chain
from typing import Any

from bedside.backbones._base import Backbone
from bedside.backbones._causal import refuse_encoder_decoder
from bedside.backbones._load import backbone_for
from bedside.backbones._trim import trim_vocabulary
from bedside.config import FitRecipe, Recipe, keeps_apart
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.apart import described
from bedside.model.forms import FORMS
from bedside.model.inputs import Encoded, encode
from bedside.model.rows import Remark
from bedside.train.adapt import refuse_untrained
from bedside.train.data import Parts
from bedside.train.defaults import Choice, fill_in
from bedside.train.loop import OnEvent
from bedside.train.made import Made, unread_texts
from bedside.train.start import spoken


def make(recipe: Recipe, parts: Parts, name: str, tell: OnEvent) -> Made:
    """Load the backbone, turn texts (without identity) into tokens, and settle what the recipe left open."""
    tell({"event": "stage", "name": "backbone", "total": 0})
    backbone = _loaded(recipe, parts, name)
    base = described(backbone, name) if keeps_apart(recipe.fit) else {}
    limit = min(recipe.fit.max_tokens, backbone.max_tokens)
    learnt, remarks = parts.form.learn(parts.train)
    encoded, thinned = _encoded(recipe, parts, backbone, limit, learnt)
    pieces = backbone.tokenizer.get_vocab_size()
    if not base:
        backbone, encoded = _trimmed(backbone, encoded)
    named = encoded.pop("names").ids
    tokens = sum(map(len, encoded["train"].ids))
    settings, choices = _settled(recipe, parts, backbone, tokens)
    choices += [*_vocabulary(backbone, pieces), *(Choice(*remark) for remark in remarks + thinned)]
    chosen = {
        "merge": not base,
        "backbone": backbone.name,
        "max_tokens": limit,
        "head": parts.head,
        "metric": metric_of(recipe, parts),
    }
    for choice in choices:
        tell({"event": "choice", **asdict(choice)})
    cut = {part: len(found.cut) for part, found in encoded.items()}
    tell({"event": "tokens", "tokens": tokens, "cut": cut, "unread": unread_texts(encoded), "max_tokens": limit})
    return Made(
        recipe=recipe,
        resolved=recipe.model_copy(update={"fit": settings.model_copy(update=chosen)}),
        backbone=backbone,
        encoded=encoded,
        names=named,
        choices=choices,
        learnt=learnt,
        base=base,
    )


def _loaded(recipe: Recipe, parts: Parts, name: str) -> Backbone:
    """The backbone; UsageError for one that cannot carry the head, or be adapted so."""
    backbone = backbone_for(name, parts.train.texts, parts.train.patients)
    refuse_encoder_decoder(backbone.network, name, encoder=True)
    if not hasattr(backbone.network, "layers"):
        what = tr("a decoder cannot carry this head", "解码器不能用于此任务")
        raise UsageError(what, value=name, next="bedside backbones")
    if not backbone.pretrained:
        refuse_untrained(recipe.fit)
    return backbone


def _encoded(
    recipe: Recipe, parts: Parts, backbone: Backbone, limit: int, learnt: Mapping[str, Any]
) -> tuple[dict[str, Encoded], list[Remark]]:
    """`train`, `dev` and the labels' `names` as tokens, and what is said of rows left out of training."""
    how: dict[str, Any] = {"prefix": backbone.prefix, "max_tokens": limit}
    encoded = {
        part: parts.form.encode(backbone.tokenizer, rows.texts, rows.given, **how, **learnt)
        for part, rows in (("train", parts.train), ("dev", parts.dev))
    }
    _refuse_unread(encoded["train"].unread, len(parts.train), backbone.name)
    encoded["train"], thinned = parts.form.thin(encoded["train"], parts.train, recipe.fit.seed)
    names = _spoken(recipe, parts) if backbone.pretrained else []
    return {**encoded, "names": encode(backbone.tokenizer, names, **how)}, thinned


def _settled(recipe: Recipe, parts: Parts, backbone: Backbone, tokens: int) -> tuple[FitRecipe, list[Choice]]:
    """The settings with what was left open filled in, and why each was chosen."""
    settings, choices = fill_in(
        recipe.fit.model_copy(update={"head": parts.head}),
        rows=len(parts.train),
        tokens=tokens,
        layers=len(backbone.network.layers),
        hidden_size=backbone.hidden_size,
        pretrained=backbone.pretrained,
        entities=FORMS[parts.head] == "entities",
        labels=len(parts.labels),
    )
    if recipe.fit.backbone == "auto":
        why = tr("by the language of the training texts", "按训练文本的语言")
        choices.insert(0, Choice("backbone", backbone.name, why))
    return settings, choices


def _refuse_unread(unread: tuple[int, ...], texts: int, backbone: str) -> None:
    """Nothing is learnt of texts that the finished model would refuse to answer."""
    if 2 * len(unread) > texts:
        raise UsageError(
            tr(
                "most training texts are in letters that the backbone cannot read",
                "多数训练文本为该骨干网络无法识别的文字",
            ),
            value=f"{backbone}: {len(unread)} / {texts}",
            allowed=tr("a backbone that reads their language", "支持该语言的骨干网络"),
            next="--backbone auto | bedside backbones",
        )


def _spoken(recipe: Recipe, parts: Parts) -> list[str]:
    """The labels' names in words, when outputs are to start at them and every name says something."""
    if not parts.form.words or not recipe.fit.start_at_names:
        return []
    names = [spoken(label) for label in parts.labels]
    return names if all(names) else []


def metric_of(recipe: Recipe, parts: Parts) -> str:
    """The dev figure that decides; UsageError where the head has no such one."""
    asked = recipe.fit.metric
    if asked == "auto":
        return parts.form.scores[0]
    if asked not in parts.form.scores:
        raise UsageError(
            tr(f"the head {parts.head} has no such figure", f"输出层 {parts.head} 没有该指标"),
            value=f"metric = {asked}",
            allowed=parts.form.scores,
        )
    return asked


def _vocabulary(backbone: Backbone, pieces: int) -> list[Choice]:
    """What became of the vocabulary, where something did; it had `pieces` before it was trimmed."""
    kept = backbone.tokenizer.get_vocab_size()
    if not backbone.pretrained:
        return [Choice("vocabulary", kept, tr("pieces learnt from the training texts", "由训练文本学得的词片"))]
    if kept < pieces:
        return [
            Choice(
                "vocabulary",
                kept,
                tr(
                    f"of {pieces} pieces; the others are of scripts in no text",
                    f"共 {pieces} 个词片；其余属于文本中没有的文字",
                ),
            )
        ]
    return []


def _trimmed(backbone: Backbone, encoded: dict[str, Encoded]) -> tuple[Backbone, dict[str, Encoded]]:
    """The backbone without the pieces of scripts in no text, and the texts in its new ids."""
    backbone, numbers = trim_vocabulary(backbone, chain.from_iterable(found.ids for found in encoded.values()))
    if numbers is None:
        return backbone, encoded
    return backbone, {
        part: dataclasses.replace(found, ids=[[numbers[old] for old in ids] for ids in found.ids])
        for part, found in encoded.items()
    }
