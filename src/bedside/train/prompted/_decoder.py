"""Asks a decoder: instruction and examples once, then each text, and how likely each label's words are after it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from bedside.backbones._base import Backbone
from bedside.backbones._writer import weights_digest
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.asked import EXAMPLES, LABELS, MASK, SECOND, TEXT, encode_asked, fixed_tokens, marks_of
from bedside.model.branches import Scorer
from bedside.model.calibration import Floats
from bedside.model.engine import Engine
from bedside.model.engines.likelihood import LikelihoodEngine
from bedside.model.rows import Labelled
from bedside.model.writing.prompts import marked, text_ids
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.prompted._base import Asked, chosen_prior, mean_prior, needs, room_for_text
from bedside.train.prompted._templates import joined, language, template_of, words_of
from bedside.train.writer import where_of

EXAMPLE_TOKENS = 96
"""What an example keeps of its text: as many examples as may be in a prompt that is not slow."""
BETWEEN = "\n\n"
ALIKE = 1e-2
"""Log probabilities that differ by less than this are the same but for rounding."""


def ask_decoder(recipe: Recipe, parts: Parts, name: str, backbone: Backbone, shown: Sequence[int]) -> Asked:
    """A likelihood engine; `shown` are the training rows shown as examples, in order."""
    fit, tokenizer = recipe.fit, backbone.tokenizer
    template = _template(recipe, parts, examples=bool(shown))
    words = words_of(parts.labels, fit)
    listed = ("、" if language(parts.train.texts) == "zh" else ", ").join(words)
    head, tail = _halves(template, listed)
    answers = text_ids(tokenizer, [joined(tail, word) for word in words])
    opening, _ = marks_of(tokenizer)
    before = [*opening, *marked(tokenizer, head, tokenizer.get_vocab())]
    for row in shown:
        before += _example(tokenizer, tail, parts, row, answers)
    fixed, left = fixed_tokens(tokenizer, tail), backbone.max_tokens - len(before) - max(map(len, answers))
    limit = min(fit.max_tokens + fixed, left)
    room_for_text(fixed, limit)
    engine = partial(LikelihoodEngine, backbone.network, tokenizer, backbone.pad_id, before=before, answers=answers)
    plain = engine(prior=[0.0] * len(words))
    check_reading(plain.scorer)

    def settle(scores: Floats) -> Engine:
        made = engine(prior=mean_prior(scores).tolist())
        made.scorer = plain.scorer  # what stands before every text is read already
        return made

    base = {"where": where_of(name), "sha256": weights_digest(backbone.network), "scale": 1.0}
    return Asked(
        backbone=backbone,
        engine=plain,
        settle=settle,
        limits={"prefix": "", "max_tokens": limit, "template": tail},
        prior=chosen_prior(fit.prior, "content_free"),
        settings={"engine": "likelihood", "backbone": {"name": backbone.name, "licence": backbone.licence, **base}},
        choices=_choices(recipe, template, len(before)),
    )


def _template(recipe: Recipe, parts: Parts, *, examples: bool) -> str:
    """The recipe's or ours, with a place for all that is to stand in it and for nothing else."""
    two = parts.form.two
    template = template_of("decoder pair" if two else "decoder", recipe.fit, parts.train.texts)
    places = (TEXT, *((SECOND,) if two else ()), *((EXAMPLES,) if examples else ()))
    needs(template, *places, without=(MASK,) if two else (MASK, SECOND))
    return template


def _choices(recipe: Recipe, template: str, tokens: int) -> list[Choice]:
    own, ours = tr("the recipe's", "配方所定"), tr("by head and language", "按输出层与语言")
    once = tr("read once and kept, not once a text", "只读一次并保留，不逐条重读")
    return [Choice("prompt", template, own if recipe.fit.prompt else ours), Choice("prompt_tokens", tokens, once)]


def check_reading(scorer: Scorer) -> None:
    """Refuse a decoder that does not read all answers at once as it reads them one by one (an unusual attention)."""
    text = scorer.before[-4:] or scorer.tree.steps[0][0][1:]
    answers = [[id for _, id in steps] for steps in scorer.tree.steps]
    longest = max(range(len(answers)), key=lambda number: len(answers[number]))
    ids = [*scorer.before, *text, *answers[longest]]
    with torch.inference_mode():
        table = torch.tensor([ids], device=next(scorer.model.parameters()).device)
        surprise = torch.log_softmax(scorer.model(input_ids=table, use_cache=False).logits[0].float(), -1)
        first = len(ids) - len(answers[longest]) - 1
        alone = sum(float(surprise[first + at, id]) for at, id in enumerate(answers[longest]))
    if not abs(alone - scorer.scores([text])[0, longest]) < ALIKE * max(1.0, abs(alone)):
        raise UsageError(
            tr(
                "this decoder's attention cannot read several answers at once",
                "该解码器的注意力结构不支持同时读取多个答案",
            ),
            value=type(scorer.model).__name__,
            next="bedside backbones",
        )


def _halves(template: str, listed: str) -> tuple[str, str]:
    """What stands before every text, and what each text stands in, which is what an example repeats."""
    first = min(template.index(place) for place in (TEXT, SECOND) if place in template)
    at = template.index(EXAMPLES) if EXAMPLES in template else template.rfind("\n", 0, first) + 1
    head, tail = template[:at], template[at:].replace(EXAMPLES, "")
    return head.replace(LABELS, listed), tail.replace(LABELS, listed)


def _example(tokenizer: Any, tail: str, parts: Parts, row: int, answers: Sequence[Sequence[int]]) -> list[int]:
    """A training row as it is asked, with its answer."""
    rows: Labelled = parts.train.take([row])
    most = EXAMPLE_TOKENS + fixed_tokens(tokenizer, tail)
    asked = encode_asked(tokenizer, rows.texts, rows.given, prefix="", max_tokens=most, template=tail).ids[0]
    answer = answers[parts.labels.index(rows.labels[0][0])]
    return [*asked, *answer, *marked(tokenizer, BETWEEN, tokenizer.get_vocab())]


def drawn(labels: Sequence[str], of: Sequence[str], count: int, seed: int) -> list[int]:
    """Row numbers of `count` examples, a label in turn; which rows, and which label comes first, is drawn by `seed`.

    >>> sorted(drawn(["x", "x", "x", "y"], ["x", "y"], 2, seed=0))[-1]
    3
    """
    dice = np.random.default_rng(seed)
    rows = {label: dice.permutation([row for row, one in enumerate(labels) if one == label]).tolist() for label in of}
    turn = dice.permutation(list(of)).tolist()
    found: list[int] = []
    while len(found) < count and any(rows.values()):
        found += [int(rows[label].pop()) for label in turn if rows[label]]
    return found[:count]
