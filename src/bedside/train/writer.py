"""Fits a decoder to write: prompts and targets made, the language head put above it, and what was learnt collected.

An encoder-decoder too: then prompts are read by its encoder, and each side has all places to itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bedside.backbones._base import Backbone
from bedside.backbones._chat import prompt_of
from bedside.backbones._writer import EMBEDDED, load_writer, marks_around
from bedside.config import FitRecipe, Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.apart import described
from bedside.model.inputs import Encoded, unread
from bedside.model.writing.constrain import grammar_of
from bedside.model.writing.prompts import PLACE, Prompt, Taught, prompt_ids, taught, taught_apart, text_ids
from bedside.train.data import Parts
from bedside.train.defaults import EPOCHS_BY_ROWS, MANY, USUAL_SIZE, Choice, fill_in
from bedside.train.made import Made, unread_texts
from bedside.train.packing import packed

LORA_RATE = 1e-3
"""Learning rate of LoRA on a decoder: ten times that of full tuning, as Schulman et al. 2025 ("LoRA Without Regret")
and Biderman et al. 2024 ("LoRA Learns Less and Forgets Less") found best."""

WORK = 9_000_000
"""Tokens times layers (of 384 numbers) that one processor core does in about half an hour."""

Rows = list[list[int]]
ADAPTS = ("lora", "qlora", "full", "partial")
"""Ways of adapting whose result can be kept apart from the decoder."""


def check(fit: FitRecipe) -> None:
    """Refuse before the long work begins what cannot be written or kept."""
    if fit.adapt not in ADAPTS:
        raise UsageError(
            tr("a decoder is not adapted in this way here", "此处不支持以该方式适配解码器"),
            value=f"adapt = {fit.adapt}",
            allowed=ADAPTS,
            next="--adapt lora",
        )
    grammar_of(fit.write)


def make_writer(recipe: Recipe, parts: Parts, name: str, tell: Callable[[dict[str, Any]], None]) -> Made:
    """Load the decoder, turn prompts and targets into tokens, and settle what the recipe left open."""
    check(recipe.fit)
    tell({"event": "stage", "name": "backbone", "total": 0})
    backbone = _told_apart(recipe.fit, load_writer(name))
    tokenizer, end = backbone.tokenizer, backbone.ends[0]
    answers = [[*ids, end] for ids in text_ids(tokenizer, [label[0] for label in parts.train.labels])]
    settings, choices = _settled(recipe.fit, backbone, answers)
    prompt, texts = prompt_ids(tokenizer, backbone.prefix), text_ids(tokenizer, parts.train.texts)
    room = _room_beside(prompt, settings, backbone)
    found = _taught(backbone, prompt, texts, answers, settings.max_tokens)
    learnt = {"long": "cut"} if settings.write.long == "cut" else {}
    how = {"prefix": backbone.prefix, "max_tokens": room, **learnt}
    asked = parts.form.encode(tokenizer, parts.dev.texts, parts.dev.given, **how)
    settings, more = _filled_in(settings, parts, backbone, found)
    choices += more
    for choice in choices:
        tell({"event": "choice", **dataclasses.asdict(choice)})
    tokens = sum(map(len, found.ids))
    lost = {"train": len(found.cut), "dev": len(asked.cut) + sum(not ids for ids in asked.ids)}
    if settings.packing:
        found = packed(found, backbone, tokens=settings.batch_tokens, seed=settings.seed)
    train = Encoded(found.ids, found.cut, unread(tokenizer, texts, ""), parts=found.parts)
    encoded = {"train": train, "dev": asked}
    unknown = unread_texts(encoded)
    tell({"event": "tokens", "tokens": tokens, "cut": lost, "unread": unknown, "max_tokens": settings.max_tokens})
    resolved = recipe.model_copy(update={"fit": settings})
    base = described(backbone, EMBEDDED if name == "auto" else name)
    return Made(recipe, resolved, backbone, encoded, found.wanted, choices, learnt=learnt, base=base)


def _told_apart(fit: FitRecipe, backbone: Backbone) -> Backbone:
    """The decoder with what ends its texts, and the prompt it is given."""
    ends = backbone.ends or _end_of(backbone)
    return dataclasses.replace(backbone, ends=ends, prefix=_prompt(fit, backbone))


def _room_beside(prompt: Prompt, fit: FitRecipe, backbone: Backbone) -> int:
    """Tokens that prompt and text may have; refused where the prompt alone takes them all."""
    room = room_for_prompt(fit, backbone)
    if room <= len(prompt):
        raise UsageError(
            tr("the prompt alone leaves no room for a text", "仅提示词就已占满长度"),
            value=f"max_tokens = {fit.max_tokens}",
            next=f"--set max_tokens={2 * fit.max_tokens}",
        )
    return room


def _taught(backbone: Backbone, prompt: Prompt, texts: Rows, answers: Rows, max_tokens: int) -> Taught:
    """The training rows as a decoder reads them, or as an encoder and a decoder do."""
    if backbone.starts:
        return taught_apart(prompt, texts, answers, starts=backbone.starts, max_tokens=max_tokens)
    return taught(prompt, texts, answers, max_tokens=max_tokens)


def _filled_in(fit: FitRecipe, parts: Parts, backbone: Backbone, found: Taught) -> tuple[FitRecipe, list[Choice]]:
    """With the course of learning that suits the rows, and what every fit settles."""
    tokens = sum(map(len, found.ids))
    fit, choices = _course(fit, len(found.ids), tokens, backbone)
    layers, size = len(backbone.network.layers), backbone.hidden_size
    fit, more = fill_in(fit, rows=len(parts.train), tokens=tokens, layers=layers, hidden_size=size)
    metric = fit.metric if fit.metric != "auto" else parts.form.scores[0]
    settled = {"merge": False, "backbone": backbone.name, "head": parts.head, "metric": metric}
    return fit.model_copy(update=settled), [*choices, *more]


def _settled(fit: FitRecipe, backbone: Backbone, answers: list[list[int]]) -> tuple[FitRecipe, list[Choice]]:
    """With lengths that the decoder can take and the training texts need."""
    choices = []
    limit = min(fit.max_tokens, backbone.max_tokens)
    new = fit.write.new_tokens
    if new is None:
        new = min(max(map(len, answers)), limit - len(backbone.starts) if backbone.starts else limit // 2)
        choices.append(
            Choice(
                "new_tokens",
                new,
                tr(
                    "the longest text of the training part, or what there is room for", "训练部分最长的文本，或所余空间"
                ),
            )
        )
    writing = fit.write.model_copy(update={"new_tokens": new})
    return fit.model_copy(update={"max_tokens": limit, "write": writing}), choices


def room_for_prompt(fit: FitRecipe, backbone: Backbone) -> int:
    """Tokens of a prompt: a decoder's answer takes its share of the same places, an encoder has all to itself."""
    return fit.max_tokens - (0 if backbone.starts else fit.write.new_tokens or 0)


def _course(fit: FitRecipe, rows: int, tokens: int, backbone: Backbone) -> tuple[FitRecipe, list[Choice]]:
    """How long and how fast a decoder learns, where that was left open."""
    choices, layers = [], len(backbone.network.layers)
    if fit.epochs is None:
        by_rows = next((epochs for limit, epochs in EPOCHS_BY_ROWS if rows < limit), MANY)
        work = max(1.0, tokens * layers * (backbone.hidden_size / USUAL_SIZE) ** 2)
        epochs = min(by_rows, max(MANY, round(WORK / work)))
        choices.append(
            Choice(
                "epochs",
                epochs,
                tr(
                    f"{rows} rows, {tokens} tokens a pass, {layers} layers",
                    f"{rows} 行，每轮 {tokens} 个词元，{layers} 层",
                ),
            )
        )
    if fit.learning_rate is None and fit.adapt in ("lora", "qlora") and fit.optimizer != "sgd":
        choices.append(
            Choice("learning_rate", LORA_RATE, tr(f"{fit.adapt} on a decoder", f"在解码器上使用 {fit.adapt}"))
        )
    return fit.model_copy(update={choice.name: choice.value for choice in choices}), choices


def _prompt(fit: FitRecipe, backbone: Backbone) -> str:
    """The recipe's prompt or the decoder's own; around what an encoder reads go the marks of its tokenizer."""
    if not backbone.starts:
        return fit.prompt or prompt_of(backbone.chat, backbone.tokenizer)
    before, behind = map("".join, marks_around(backbone.tokenizer))
    template = (fit.prompt or PLACE).removeprefix(before).removesuffix(behind)
    return before + template + behind


def _end_of(backbone: Backbone) -> tuple[int, ...]:
    """What the tokenizer itself puts behind a text, where the folder does not say what ends one."""
    found = backbone.tokenizer.encode("x")
    if found.special_tokens_mask[-1]:
        return (int(found.ids[-1]),)
    raise UsageError(
        tr("nothing says which token ends a text", "未说明以哪个词元结束文本"),
        value=backbone.name,
        next=tr("add eos_token_id to its config.json", "请在其 config.json 中加入 eos_token_id"),
    )


def where_of(name: str) -> str:
    """How the decoder is found again."""
    folder = Path(name).expanduser()
    return EMBEDDED if name == "auto" else str(folder.resolve()) if folder.is_dir() else name
