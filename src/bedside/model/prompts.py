"""Prompts as token ids: the template's own marks count as marks, those in a patient's text are read as letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.heads._tags import NOT_JUDGED

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PLACE = "{text}"
TAIL_SHARE = 4
"""Of a text cut for learning one token in this many comes from its end."""


@dataclass(frozen=True)
class Prompt:
    """A template as ids: what comes before the text and behind it."""

    before: list[int]
    behind: list[int]

    def __len__(self) -> int:
        return len(self.before) + len(self.behind)

    def around(self, ids: list[int]) -> list[int]:
        """The whole prompt."""
        return self.before + ids + self.behind


def prompt_ids(tokenizer: Tokenizer, template: str) -> Prompt:
    """The template around its one {text}."""
    before, _, behind = template.partition(PLACE)
    known = tokenizer.get_vocab()
    return Prompt(*(marked(tokenizer, part, known) for part in (before, behind)))


def marked(tokenizer: Tokenizer, text: str, known: dict[str, int]) -> list[int]:
    """Ids of a piece of a template; one that is a mark as a whole (<s>) is that mark."""
    if text in known:
        return [known[text]]
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def text_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Ids of texts without marks: what looks like one in a text is broken up, so that it cannot end a turn."""
    marks = sorted((one.content for one in tokenizer.get_added_tokens_decoder().values()), key=len, reverse=True)
    looks = re.compile("|".join(map(re.escape, marks))) if marks else None
    found = []
    for text in texts:
        parts, at = [], 0
        for match in looks.finditer(text) if looks else ():
            parts.append(text[at : match.start() + 1])
            at = match.start() + 1
        pieces = tokenizer.encode_batch_fast([*parts, text[at:]], add_special_tokens=False)
        found.append([id for piece in pieces for id in piece.ids])
    return found


def taught(
    prompt: Prompt, texts: Sequence[list[int]], answers: Sequence[list[int]], *, max_tokens: int
) -> tuple[list[list[int]], list[list[int]], tuple[int, ...]]:
    """What is learnt from: whole ids, the piece wanted after each (or `NOT_JUDGED`), and which rows were cut.

    An answer ends with the id that ends it. A text too long loses its middle; an answer that alone is, its end.
    """
    whole, wanted, cut = [], [], []
    for row, (text, answer) in enumerate(zip(texts, answers, strict=True)):
        answer = answer[: max_tokens - len(prompt) - 1]
        room = max_tokens - len(prompt) - len(answer)
        if len(text) > room:
            cut.append(row)
            tail = room // TAIL_SHARE
            text = text[: room - tail] + text[len(text) - tail :]
        asked = prompt.around(text)
        whole.append(asked + answer)
        wanted.append([NOT_JUDGED] * (len(asked) - 1) + answer + [NOT_JUDGED])
    return whole, wanted, tuple(cut)
