"""The units of a text that a tagging head judges (words, numbers, Chinese characters, marks) and their tokens.

A long text is read in overlapping pieces; each unit is judged in the piece where it stands farthest from the edges. A
token of several Chinese characters is split into the tokens of its characters, so that an entity may begin within it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bedside.model.given import Places
from bedside.model.inputs import Encoded, unread
from bedside.types import Entity

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNIT = re.compile(rf"[{HAN}]|(?:(?![{HAN}_\d])\w)+|\d+|[^\w\s]|_")
_HAN = re.compile(f"[{HAN}]")
OVERLAP = 4
"""One token in this many of a piece is in the next piece as well."""

_Token = tuple[int, int, int]  # id, start, end


@dataclass(frozen=True)
class Units:
    """`places[n]`: the units of text n; `piece_of[p]`: the text that piece p belongs to; `tokens[p]`: for each unit
    judged in piece p, in order, the position of its first token there; `beyond[p]`: the same of the units that follow
    them in the piece and are judged in a later one."""

    places: list[Places]
    piece_of: list[int]
    tokens: list[Ints]
    beyond: list[Ints]


def units_of(text: str) -> Places:
    """Where the units of a text stand.

    >>> [("T38度"[a:b]) for a, b in units_of("T38度")]
    ['T', '38', '度']
    """
    return tuple(match.span() for match in UNIT.finditer(text))


def encode_units(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    given: Sequence[Places],
    *,
    prefix: str,
    max_tokens: int,
    before: Sequence[list[int]] = (),
) -> Encoded:
    """Token ids of every piece of every text, and the units judged in it; `given` are units that came with a text.

    `before` holds what each piece of a text begins with in place of the opening mark: a question, with its marks.
    """
    ids: list[list[int]] = []
    units = Units([], [], [], [])
    whole: list[list[int]] = []
    for number, (text, own) in enumerate(zip(texts, given, strict=True)):
        head, body, tail = _tokens(tokenizer, text, prefix)
        head = before[number] if before else head
        whole.append([*head, *(token[0] for token in body), *tail])
        places = own or units_of(text)
        units.places.append(places)
        at = _first_tokens(places, body)
        for start, stop, first, last in _pieces(len(body), max_tokens - len(head) - len(tail)):
            ids.append([*head, *(token[0] for token in body[start:stop]), *tail])
            units.piece_of.append(number)
            units.tokens.append(at[(at >= first) & (at < last)] - start + len(head))
            units.beyond.append(at[(at >= last) & (at < stop)] - start + len(head))
    return Encoded(ids, (), unread(tokenizer, whole, prefix), units)


def judged(outputs: Sequence[NDArray[np.float32]], units: Units) -> list[Floats]:
    """What the network says of the units of each text, [units, k], from its outputs [tokens, k] for each piece."""
    rows: list[list[NDArray[np.float32]]] = [[] for _ in units.places]
    for piece, (text, tokens) in enumerate(zip(units.piece_of, units.tokens, strict=True)):
        rows[text].append(outputs[piece][tokens])
    return [np.concatenate(parts).astype(np.float64) for parts in rows]


def tag_numbers(entities: Sequence[Entity], places: Places, types: Sequence[str]) -> Ints:
    """A tag number for each unit (see `heads/tag.py`); of those that overlap the longer, then the earlier is kept."""
    tags: Ints = np.zeros(len(places), np.int64)
    starts = [start for start, _ in places]
    taken = np.zeros(len(places), bool)
    for entity in sorted(entities, key=lambda one: (one.start - one.end, one.start)):
        first, stop = units_within(entity, places, starts)
        if first < stop and not taken[first:stop].any():
            number = 1 + 2 * types.index(entity.type)
            tags[first:stop], tags[first], taken[first:stop] = number + 1, number, True
    return tags


def units_within(entity: Entity, places: Places, starts: Sequence[int]) -> tuple[int, int]:
    """The units an entity takes in, as numbers from first to stop; `starts` is where each unit begins.

    >>> units_within(Entity(3, 8, "symptom"), ((0, 2), (3, 8)), (0, 3))
    (1, 2)
    """
    first = max(0, bisect_right(starts, entity.start) - 1)
    first += first < len(places) and places[first][1] <= entity.start
    return first, bisect_left(starts, entity.end)


def entities_in(tags: Ints, chances: Floats, places: Places, types: Sequence[str]) -> tuple[Entity, ...]:
    """The entities that a sequence of tags spells; each as probable as its least probable unit (`chances` [units])."""
    found: list[Entity] = []
    for (start, end), tag, chance in zip(places, tags.tolist(), chances.tolist(), strict=True):
        if tag % 2:
            found.append(Entity(start, end, types[tag // 2], chance))
        elif tag:
            last = found[-1]
            found[-1] = Entity(last.start, end, last.type, min(last.probability, chance))
    return tuple(found)


def _tokens(tokenizer: Any, text: str, prefix: str) -> tuple[list[int], list[_Token], list[int]]:
    """The marks and prefix before a text, its own tokens with their places in it, and the marks after it."""
    found = tokenizer.encode(prefix + text)
    own = [
        place
        for place, (special, (_, end)) in enumerate(zip(found.special_tokens_mask, found.offsets, strict=True))
        if not special and end > len(prefix)
    ]
    if not own:
        return list(found.ids), [], []
    body: list[_Token] = []
    for place in range(own[0], own[-1] + 1):
        start, end = (max(0, at - len(prefix)) for at in found.offsets[place])
        body += _characters(tokenizer, text, (found.ids[place], start, end))
    return found.ids[: own[0]], body, found.ids[own[-1] + 1 :]


def _characters(tokenizer: Any, text: str, token: _Token) -> list[_Token]:
    """A token of several Chinese characters as the tokens of each, where the vocabulary has them all."""
    _, start, end = token
    shown = text[start:end]
    if sum(map(_is_han, shown)) < 2:
        return [token]
    split = [(tokenizer.token_to_id(char), start + place, start + place + 1) for place, char in enumerate(shown)]
    return [token] if any(one[0] is None for one in split) else split


def _is_han(char: str) -> bool:
    return _HAN.match(char) is not None


def _first_tokens(places: Places, body: Sequence[_Token]) -> Ints:
    """For each unit the token that its first character is in."""
    starts = [start for _, start, _ in body]
    return np.array([max(0, bisect_right(starts, start) - 1) for start, _ in places], np.int64)


def _pieces(size: int, room: int) -> list[tuple[int, int, int, int]]:
    """(start, stop, first, last): tokens start..stop make a piece, in which those of first..last are judged."""
    if size <= room:
        return [(0, size, 0, max(size, 1))]
    step = room - room // OVERLAP
    starts = [*range(0, size - room, step), size - room]
    edges = [0, *((later + earlier + room) // 2 for earlier, later in pairwise(starts)), size]
    return [(start, start + room, edges[n], edges[n + 1]) for n, start in enumerate(starts)]
