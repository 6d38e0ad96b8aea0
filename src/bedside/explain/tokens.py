"""Tokens of a text, or of two, as the model sees them, each with its place: what an explanation hands back to words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bedside.model.inputs import shortened


@dataclass(frozen=True, slots=True)
class Token:
    """An id, its place in the text (or second text: `part` 1), and whether it stands for a piece of the text at all."""

    id: int
    start: int
    end: int
    free: bool
    part: int = 0


def tokens_of(model: Any, texts: Sequence[str]) -> list[Token]:
    """The tokens of one text, or of a pair, cut as `model.encode` cuts them."""
    prefix, most = model.settings["prefix"], model.settings["max_tokens"]
    first = _tokens(model, texts[0], prefix, 0)
    if len(texts) == 1:
        return _cut(first, most)
    whole = _tokens(model, texts[1], "", 1)
    opening = next((at for at, one in enumerate(whole) if one.free), 0)
    second = whole[opening:]
    if len(first) + len(second) > most:
        first = _cut(first, max(most // 2, most - len(second)))
        second = _cut(second, most - len(first))
    return first + second


def _tokens(model: Any, text: str, prefix: str, part: int) -> list[Token]:
    found = model.tokenizer.encode(prefix + text)
    tokens = []
    for number, (start, end), special in zip(found.ids, found.offsets, found.special_tokens_mask, strict=True):
        start, end = max(start - len(prefix), 0), max(end - len(prefix), 0)
        tokens.append(Token(number, start, end, not special and end > start, part))
    return tokens


def _cut(tokens: list[Token], room: int) -> list[Token]:
    """The same of a long text as `model/inputs.py` keeps."""
    return [tokens[at] for at in shortened(list(range(len(tokens))), room)]


def blank(model: Any) -> int:
    """The id that stands for nothing: the mask where the vocabulary has one, else padding."""
    for name in ("<mask>", "[MASK]"):
        if (number := model.tokenizer.token_to_id(name)) is not None:
            return int(number)
    return int(model.settings["pad_id"])
