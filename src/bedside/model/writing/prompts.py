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


@dataclass(frozen=True)
class Taught:
    """What is learnt from: whole rows of ids, the piece wanted after each (or `NOT_JUDGED`), and which rows were cut.

    `parts` says of each id whether it is read (1) or written (2), where the two are told apart.
    """

    ids: list[list[int]]
    wanted: list[list[int]]
    cut: tuple[int, ...]
    parts: list[list[int]] | None = None


def taught(prompt: Prompt, texts: Sequence[list[int]], answers: Sequence[list[int]], *, max_tokens: int) -> Taught:
    """Prompt, text and answer as a decoder reads them, one behind the other in `max_tokens`.

    An answer ends with the id that ends it. A text too long loses its middle; an answer that alone is, its end.
    """
    whole, wanted, cut = [], [], []
    for row, (text, answer) in enumerate(zip(texts, answers, strict=True)):
        kept = answer[: max_tokens - len(prompt) - 1]
        body = without_middle(text, max_tokens - len(prompt) - len(kept))
        if (body, kept) != (text, answer):
            cut.append(row)
        asked = prompt.around(body)
        whole.append(asked + kept)
        wanted.append([NOT_JUDGED] * (len(asked) - 1) + kept + [NOT_JUDGED])
    return Taught(whole, wanted, tuple(cut))


def taught_apart(
    prompt: Prompt,
    texts: Sequence[list[int]],
    answers: Sequence[list[int]],
    *,
    starts: Sequence[int],
    max_tokens: int,
) -> Taught:
    """Prompt and text for an encoder, then what its decoder has written before each piece; each side in `max_tokens`.

    Every answer begins with `starts`, of which the last is followed by its first piece.
    """
    whole, wanted, cut, parts = [], [], [], []
    for row, (text, answer) in enumerate(zip(texts, answers, strict=True)):
        kept = answer[: max_tokens - len(starts) + 1]
        body = without_middle(text, max_tokens - len(prompt))
        if (body, kept) != (text, answer):
            cut.append(row)
        asked, written = prompt.around(body), [*starts, *kept[:-1]]
        whole.append(asked + written)
        wanted.append([NOT_JUDGED] * (len(whole[-1]) - len(kept)) + kept)
        parts.append([1] * len(asked) + [2] * len(written))
    return Taught(whole, wanted, tuple(cut), parts)


def without_middle(ids: list[int], room: int) -> list[int]:
    """A text as it is, or its beginning and its end where it is longer than `room`."""
    if len(ids) <= room:
        return ids
    tail = room // TAIL_SHARE
    return ids[: room - tail] + ids[len(ids) - tail :]
