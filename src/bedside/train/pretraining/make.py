"""Puts a run of pretraining together: backbone, new words, blocks on disk, what is tuned, and the objective."""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from bedside import registry
from bedside.backbones._base import Backbone
from bedside.backbones._causal import causal_network, is_decoder, refuse_encoder_decoder
from bedside.backbones._load import choose_backbone, load_backbone
from bedside.backbones._table import SplitTable, put_word_table, word_table
from bedside.config import PretrainRecipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.adapt import set_dropout
from bedside.train.defaults import Choice, rate_by_size
from bedside.train.device import pick_device
from bedside.train.loop import OnEvent
from bedside.train.pretraining.corpus import Corpus
from bedside.train.pretraining.extend import (
    check_extendable,
    read_words,
)
from bedside.train.pretraining.objectives import Objective, make_objective
from bedside.train.pretraining.shards import Shards, build_shards, marks_of, open_shards
from bedside.train.pretraining.vocabulary import extended, trimmed

LARGE_TABLE = 40_000_000
"""Numbers in a word table beyond which it stays as it is: AdamW would hold three more of that size in memory."""

END_OF_TEXT = "<|endoftext|>"


@dataclass
class Prepared:
    """All that the loop needs, and what was decided on the way; a `fresh_head` must be fitted first."""

    recipe: PretrainRecipe
    backbone: Backbone
    shards: Shards
    objective: Objective
    device: torch.device
    fresh_head: bool
    table_kind: torch.dtype
    new_words: tuple[str, ...] = ()
    rejected_words: int = 0
    choices: list[Choice] = field(default_factory=list)


def check_start(recipe: PretrainRecipe) -> None:
    """Refuse before the long work begins: a decoder for masked words, or new words that cannot be read or taken."""
    named = recipe.backbone if recipe.backbone in registry.names("backbones") else None
    if recipe.objective == "mlm" and named and registry.load("backbones", named).role == "decoder":
        raise _no_masked_words(named)
    if recipe.add_words is None:
        return
    if recipe.add_words != "auto":
        read_words(Path(recipe.add_words))
    if recipe.backbone != "auto":
        check_extendable(load_backbone(recipe.backbone).tokenizer)


def prepare(recipe: PretrainRecipe, corpus: Corpus, work: Path, tell: OnEvent) -> Prepared:
    """Load, extend, cut into blocks, trim, and settle what the recipe left open."""
    choices: list[Choice] = []
    name = recipe.backbone if recipe.backbone != "auto" else _choose(recipe, corpus, choices)
    tell({"event": "stage", "name": "backbone", "total": 0})
    backbone = load_backbone(name)
    mlm = recipe.objective == "mlm"
    refuse_encoder_decoder(backbone.network, name, encoder=mlm, decoder=not mlm)
    if recipe.objective == "clm":
        backbone = dataclasses.replace(backbone, network=causal_network(backbone.network, Path(name).expanduser()))
    elif is_decoder(backbone.network):
        raise _no_masked_words(name)
    size = backbone.tokenizer.get_vocab_size()
    backbone, words, rejected = extended(recipe, corpus, work, backbone)
    recipe = recipe.model_copy(update={"max_tokens": min(recipe.max_tokens, backbone.max_tokens)})
    shards = _shards(recipe, corpus, work, backbone, tell)
    backbone, grown = trimmed(backbone, shards, size, choices)
    recipe = _settled(recipe, backbone, choices)
    device = pick_device(recipe.device)
    kind = word_table(backbone.network).weight.dtype
    _set_tuned(backbone.network, recipe, grown)
    objective, fresh = make_objective(recipe, backbone, shards, Path(name).expanduser(), device)
    objective.network.to(device)
    objective.head.to(device)
    for choice in choices:
        tell({"event": "choice", **asdict(choice)})
    return Prepared(recipe, backbone, shards, objective, device, fresh, kind, words, rejected, choices)


def _no_masked_words(name: str) -> UsageError:
    return UsageError(tr("a decoder has no masked words", "解码器没有掩码词"), value=name, next="--objective clm")


def _choose(recipe: PretrainRecipe, corpus: Corpus, choices: list[Choice]) -> str:
    if recipe.objective == "clm":
        choices.append(Choice("backbone", "smollm2", tr("the embedded decoder", "内置解码器")))
        return "smollm2"
    name = choose_backbone(document.text for document, _ in islice(corpus.read(), 500))
    choices.append(Choice("backbone", name, tr("by the language of the texts", "按文本的语言")))
    return name


def _shards(recipe: PretrainRecipe, corpus: Corpus, work: Path, backbone: Backbone, tell: OnEvent) -> Shards:
    """The blocks, as an earlier run left them or built now."""
    found = open_shards(work)
    if found is None:
        tell({"event": "stage", "name": "blocks", "total": corpus.count})
        end = backbone.tokenizer.token_to_id(END_OF_TEXT)
        marks = marks_of(backbone.tokenizer, recipe.objective, end)
        whole = recipe.objective == "mlm"
        for count in build_shards(
            corpus, backbone.tokenizer, marks, work, whole_words=whole, max_tokens=recipe.max_tokens
        ):
            tell({"event": "advance", "amount": count})
        found = open_shards(work)
        assert found is not None
    return found


def _settled(recipe: PretrainRecipe, backbone: Backbone, choices: list[Choice]) -> PretrainRecipe:
    given: dict[str, Any] = {}
    if recipe.learning_rate is None:
        given["learning_rate"] = rate_by_size(backbone.hidden_size)
        choices.append(
            Choice(
                "learning_rate",
                given["learning_rate"],
                tr(f"hidden size {backbone.hidden_size}", f"隐藏层宽度 {backbone.hidden_size}"),
            )
        )
    if recipe.tune_embeddings is None:
        numbers = backbone.tokenizer.get_vocab_size() * backbone.hidden_size
        given["tune_embeddings"] = numbers <= LARGE_TABLE
        choices.append(
            Choice(
                "tune_embeddings",
                given["tune_embeddings"],
                tr(f"a word table of {numbers} numbers", f"词向量表含 {numbers} 个数"),
            )
        )
    return recipe.model_copy(update={"backbone": backbone.name, **given})


def _set_tuned(network: Any, recipe: PretrainRecipe, grown: int) -> None:
    """All weights learn; a large word table stays as it is but for its new rows."""
    network.requires_grad_(True)
    set_dropout(network, recipe.dropout)
    table = word_table(network).float()
    if not recipe.tune_embeddings:
        table.requires_grad_(False)
        if grown:
            put_word_table(network, SplitTable(table, grown))
