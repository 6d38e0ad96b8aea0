"""A text with its entities marked, as a relation head reads it: one piece for each head entity, all its tails marked.

The head stands between `@ type *` and `@`, each tail between `# type ^` and `#`: marks that name the type, in words
that every vocabulary has. A piece holds no more tails than fit; a pair that does not fit into one piece is told.

Sources: Zhou & Chen 2022, "An Improved Baseline for Sentence-level Relation Extraction" (typed marks of punctuation);
Zhong & Chen 2021, "A Frustratingly Easy Approach for Entity and Relation Extraction" (PURE: typed marks).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedside.model.inputs import Encoded, unread
from bedside.model.units import _Token, _tokens
from bedside.types import Entity

if TYPE_CHECKING:
    from tokenizers import Tokenizer

HEAD_MARKS, TAIL_MARKS = ("@ {} *", "@"), ("# {} ^", "#")

Pair = tuple[Entity, Entity]
"""A head and a tail."""


@dataclass(frozen=True)
class Schema:
    """Which entities may be related: by their types, heads first, in either order of the text; or, of relations whose
    direction says nothing (`undirected` names them), the first in the text as head.
    """

    directed: frozenset[tuple[str, str]] = frozenset()
    in_order: frozenset[tuple[str, str]] = frozenset()
    undirected: frozenset[str] = frozenset()

    def pairs(self, entities: Sequence[Entity]) -> list[Pair]:
        """Candidates, by head and then by tail.

        >>> drugs = [Entity(0, 7, "drug"), Entity(13, 21, "drug")]
        >>> len(Schema(in_order=frozenset([("drug", "drug")])).pairs(drugs))
        1
        """
        order = sorted(set(entities))
        return [
            (head, tail)
            for number, head in enumerate(order)
            for other, tail in enumerate(order)
            if (head.start, head.end) != (tail.start, tail.end)
            and (
                (head.type, tail.type) in self.directed or (number < other and (head.type, tail.type) in self.in_order)
            )
        ]


@dataclass(frozen=True)
class Marked:
    """`pairs[n]`: those of text n that are judged; `piece_of[p]`: the text that piece p belongs to; `tails[p]`: the
    (position of the tail's mark, number of the pair) judged in piece p; `too_far[n]`: pairs that fit into no piece.
    """

    schema: Schema
    pairs: list[list[Pair]] = field(default_factory=list)
    piece_of: list[int] = field(default_factory=list)
    tails: list[list[tuple[int, int]]] = field(default_factory=list)
    too_far: list[int] = field(default_factory=list)


def encode_marked(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    entities: Sequence[Sequence[Entity]],
    *,
    prefix: str,
    max_tokens: int,
    schema: Schema,
) -> Encoded:
    """Token ids of every piece of every text, and the pairs judged in it; a text without pairs has no piece."""
    ids: list[list[int]] = []
    marked, whole = Marked(schema), []
    marks = _Marks(tokenizer)
    for number, (text, own) in enumerate(zip(texts, entities, strict=True)):
        head, body, tail = _tokens(tokenizer, text, prefix)
        whole.append([*head, *(token[0] for token in body), *tail])
        judged: list[Pair] = []
        candidates = schema.pairs(own)
        writer = _Writer(body, marks, max_tokens - len(head) - len(tail))
        for group in writer.groups(candidates):
            piece, positions = writer.written(group)
            ids.append([*head, *piece, *tail])
            marked.piece_of.append(number)
            marked.tails.append([(len(head) + at, len(judged) + n) for n, at in enumerate(positions)])
            judged += group
        marked.pairs.append(judged)
        marked.too_far.append(len(candidates) - len(judged))
    return Encoded(ids, (), unread(tokenizer, whole, prefix), marked=marked)


class _Marks:
    """The ids of the marks before and after a head or tail of each type."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[tuple[tuple[str, str], str], tuple[list[int], list[int]]] = {}

    def of(self, marks: tuple[str, str], kind: str) -> tuple[list[int], list[int]]:
        """Ids before and after."""
        if (marks, kind) not in self._known:
            before, after = (
                self._tokenizer.encode(mark.format(kind.replace("_", " ")), add_special_tokens=False).ids
                for mark in marks
            )
            self._known[marks, kind] = (before, after)
        return self._known[marks, kind]

    def size(self, marks: tuple[str, str], kind: str) -> int:
        """How many tokens they are."""
        return sum(map(len, self.of(marks, kind)))


class _Writer:
    """Pieces of one text, of at most `room` tokens each."""

    def __init__(self, body: Sequence[_Token], marks: _Marks, room: int) -> None:
        self._body, self._marks, self._room = body, marks, room
        self._starts = [start for _, start, _ in body]
        self._places: dict[Entity, tuple[int, int]] = {}

    def groups(self, candidates: Iterable[Pair]) -> list[list[Pair]]:
        """Pairs of one head that fit into a piece together; those that fit into none are in none."""
        found: list[list[Pair]] = []
        span = (0, 0, 0)
        candidates = candidates if self._body else ()
        for pair in candidates:
            alone = self._span([pair])
            wider = self._wider(span, pair[1]) if found and found[-1][0][0] == pair[0] else None
            if wider and self._fits(wider):
                found[-1].append(pair)
                span = wider
            elif self._fits(alone):
                found.append([pair])
                span = alone
        return found

    def written(self, group: list[Pair]) -> tuple[list[int], list[int]]:
        """The ids of the piece with these pairs' marks, and where each tail's mark begins."""
        head = group[0][0]
        entities = [(head, HEAD_MARKS), *((tail, TAIL_MARKS) for _, tail in group)]
        places = [self._place(entity) for entity, _ in entities]
        low, high = self._window(group)
        # what closes at a token comes before what opens there; of those that open together the longer is outside
        opening = sorted(range(len(entities)), key=lambda n: (places[n][0], -places[n][1]))
        closing = sorted(range(len(entities)), key=lambda n: (places[n][1], -places[n][0]))
        ids: list[int] = []
        positions = [0] * len(entities)
        for token in range(low, high + 1):
            while closing and places[closing[0]][1] == token:
                entity, marks = entities[closing.pop(0)]
                ids += self._marks.of(marks, entity.type)[1]
            while opening and places[opening[0]][0] == token and token < high:
                number = opening.pop(0)
                entity, marks = entities[number]
                positions[number] = len(ids)
                ids += self._marks.of(marks, entity.type)[0]
            if token < high:
                ids.append(self._body[token][0])
        return ids, positions[1:]

    def _place(self, entity: Entity) -> tuple[int, int]:
        """The first token of an entity, and the one after its last."""
        if entity not in self._places:
            first = self._starts[max(0, bisect_right(self._starts, entity.start) - 1)]
            first = bisect_left(self._starts, first)  # the first of the bytes of a character
            self._places[entity] = first, max(first + 1, bisect_left(self._starts, entity.end))
        return self._places[entity]

    def _span(self, group: Sequence[Pair]) -> tuple[int, int, int]:
        """The first token of the entities, the one after their last, and how many tokens their marks are."""
        span = (*self._place(group[0][0]), self._marks.size(HEAD_MARKS, group[0][0].type))
        for _, tail in group:
            span = self._wider(span, tail)
        return span

    def _wider(self, span: tuple[int, int, int], tail: Entity) -> tuple[int, int, int]:
        low, high, size = span
        first, last = self._place(tail)
        return min(low, first), max(high, last), size + self._marks.size(TAIL_MARKS, tail.type)

    def _fits(self, span: tuple[int, int, int]) -> bool:
        low, high, size = span
        return high - low + size <= self._room

    def _window(self, group: Sequence[Pair]) -> tuple[int, int]:
        """As much of the text around the entities as there is room for."""
        low, high, size = self._span(group)
        spare = self._room - size - (high - low)
        low = max(0, low - max(spare // 2, spare - (len(self._body) - high)))
        return low, min(len(self._body), low + self._room - size)


def thinned(encoded: Encoded, keep: Sequence[int]) -> Encoded:
    """Some of the pieces, for fitting; what is judged in the others is not asked for."""
    assert encoded.marked is not None
    whole = encoded.marked
    part = Marked(
        whole.schema,
        whole.pairs,
        [whole.piece_of[piece] for piece in keep],
        [whole.tails[piece] for piece in keep],
        whole.too_far,
    )
    return Encoded([encoded.ids[piece] for piece in keep], encoded.cut, encoded.unread, marked=part)
