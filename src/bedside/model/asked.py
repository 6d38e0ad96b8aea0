"""Texts inside a question to a model that was never trained to answer it: a template around a text, or two, as ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedside.model.given import Given
from bedside.model.inputs import Encoded, shortened, unread
from bedside.model.writing.prompts import marked, text_ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TEXT, SECOND, LABELS, EXAMPLES, LABEL, MASK = "{text}", "{text_b}", "{labels}", "{examples}", "{label}", "{mask}"
"""What a template may hold, each at most once."""


def encode_asked(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    given: Sequence[Given] = (),
    *,
    prefix: str,
    max_tokens: int,
    template: str,
    marks: Sequence[Sequence[int]] = ((), (), ()),
) -> Encoded:
    """Each text in its template; a long text loses its middle, of two the longer one first.

    `marks` are the ids before a text, behind it, and the mask, which then stands nowhere but in its place.

    >>> from bedside.backbones._load import load_backbone
    >>> tokenizer = load_backbone("echo").tokenizer
    >>> tokenizer.decode(encode_asked(tokenizer, ["hot"], prefix="", max_tokens=16, template="Is {text} ill?").ids[0])
    'Is hot ill?'
    """
    pieces, (opening, closing, mask) = _pieces(tokenizer, template), marks
    room = max_tokens - len(opening) - len(closing) - fixed_tokens(tokenizer, template)
    firsts = _bodies(tokenizer, [prefix + text for text in texts], mask)
    seconds = _bodies(tokenizer, [one.second for one in given], mask) if SECOND in template else [[] for _ in texts]
    found, cut = [], []
    for number, (first, second) in enumerate(zip(firsts, seconds, strict=True)):
        if len(first) + len(second) > room:
            cut.append(number)
            first = shortened(first, max(room // 2, room - len(second)))
            second = shortened(second, room - len(first))
        body = {TEXT: first, SECOND: second, MASK: list(mask)}
        inside = [id for one in pieces for id in (body[one] if isinstance(one, str) else one)]
        found.append([*opening, *inside, *closing])
    read = [[*opening, *first, *second, *closing] for first, second in zip(firsts, seconds, strict=True)]
    return Encoded(found, tuple(cut), unread(tokenizer, read, prefix))


def fixed_tokens(tokenizer: Tokenizer, template: str) -> int:
    """How many tokens of a template are not the text's."""
    return sum(1 if one == MASK else len(one) for one in _pieces(tokenizer, template) if one not in (TEXT, SECOND))


def marks_of(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The ids that a tokenizer puts before a text and behind it."""
    found = tokenizer.encode("x")
    places = [at for at, special in enumerate(found.special_tokens_mask) if not special]
    return list(found.ids[: places[0]]), list(found.ids[places[-1] + 1 :])


def _pieces(tokenizer: Tokenizer, template: str) -> list[list[int] | str]:
    """The ids of a template and, between them, the places of texts and of the mask."""
    known = tokenizer.get_vocab()
    parts = re.split(f"({'|'.join(map(re.escape, (TEXT, SECOND, MASK)))})", template)
    return [one if at % 2 else marked(tokenizer, one, known) for at, one in enumerate(parts)]


def _bodies(tokenizer: Tokenizer, texts: Sequence[str], mask: Sequence[int]) -> list[list[int]]:
    return [[id for id in ids if id not in mask] for ids in text_ids(tokenizer, texts)]
