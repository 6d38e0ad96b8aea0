"""Keeps a decoder to a grammar: of the pieces it would write, the likeliest that the text may go on with.

Pieces are bytes; one may end within a character, and then the next must complete it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedside.config.writing import Writing
from bedside.errors import ConfigError
from bedside.lang import tr
from bedside.model.writing.following import after, first, matches, may_end
from bedside.model.writing.gbnf import rules_grammar
from bedside.model.writing.grammar import LAST, NOTHING, Node
from bedside.model.writing.pattern import pattern_grammar
from bedside.model.writing.schema import schema_grammar

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BYTE = re.compile(r"<0x([0-9A-F]{2})>")
BLANK = "\u2581"


def grammar_of(writing: Writing) -> Node | None:
    """What a text must be of, if anything; raises ConfigError for what cannot be kept to."""
    if writing.json_schema is not None:
        return schema_grammar(writing.json_schema)
    if writing.grammar is not None:
        return rules_grammar(writing.grammar)
    return pattern_grammar(writing.pattern) if writing.pattern is not None else None


@dataclass(frozen=True, slots=True)
class State:
    """The grammar of what may follow, and the bytes of a character that is not whole yet.

    `bare`: nothing has been written, and a blank that the first piece begins with is not shown.
    """

    node: Node
    rest: bytes = b""
    bare: bool = False

    def may_end(self) -> bool:
        """Whether the text may end here."""
        return not self.rest and may_end(self.node)

    def after(self, piece: bytes) -> State | None:
        """The state behind a piece, or None where it may not come."""
        node, rest = self.node, self.rest + (piece.removeprefix(b" ") if self.bare else piece)
        while rest:
            size = _size(rest[0])
            if size == 0:
                return None
            if len(rest) < size:
                return State(node, rest) if _possible(node, rest, size) else None
            try:
                node = after(node, ord(rest[:size].decode("utf-8")))
            except UnicodeDecodeError:
                return None
            if node == NOTHING:
                return None
            rest = rest[size:]
        return State(node)


class Constraint:
    """A grammar over a tokenizer's pieces; `ends` are the ids that end a text."""

    def __init__(self, node: Node, tokenizer: Tokenizer, ends: Sequence[int]) -> None:
        self.start, self.ends = State(node, bare=drops_first_blank(tokenizer)), tuple(ends)
        self.pieces = pieces_of(tokenizer)
        shown = [id for id, piece in enumerate(self.pieces) if piece not in (None, b" ")]
        if not any(True for _ in self.allowed(self.start, [*self.ends, *shown])):
            said = tr("no piece of this tokenizer begins the form", "分词器没有可作为该格式开头的词元")
            raise ConfigError([f"fit.write: {said}"], next="bedside backbones")

    def after(self, state: State | None, id: int) -> State | None:
        """The state once a piece has been written; None when the text has left the grammar."""
        piece = self.pieces[id] if id < len(self.pieces) else None
        return state.after(piece) if state and piece else None

    def allowed(self, state: State | None, ids: Sequence[int]) -> Iterator[int]:
        """Of `ids`, likeliest first, those that may come next; an end where the text may end."""
        if state is None:
            return
        begins = first(state.node)
        for id in ids:
            if id in self.ends:
                if state.may_end():
                    yield id
                continue
            piece = self.pieces[id] if id < len(self.pieces) else None
            if not piece:
                continue
            plain = piece[0] < 128 and not state.rest and not state.bare  # its first byte is a whole character
            if plain and not _within(begins, piece[0], piece[0]):
                continue
            if state.after(piece) is not None:
                yield id

    def accepts(self, text: str) -> bool:
        """Whether a whole text is of the grammar."""
        return matches(self.start.node, text)


def pieces_of(tokenizer: Tokenizer) -> list[bytes | None]:
    """The bytes of each id; None for marks, which stand for no text."""
    size = tokenizer.get_vocab_size()
    marks = {id for id, one in tokenizer.get_added_tokens_decoder().items() if one.special}
    found: list[bytes | None] = [None] * size
    table = _byte_of_letter() if "ByteLevel" in json.dumps(_decoder(tokenizer)) else None
    for piece, id in tokenizer.get_vocab().items():
        if id < size and id not in marks:
            found[id] = _bytes(piece, table)
    return found


def drops_first_blank(tokenizer: Tokenizer) -> bool:
    """Whether a text's first piece is read without the blank that it begins with (SentencePiece's way)."""
    found = next((id for piece, id in tokenizer.get_vocab().items() if len(piece) > 1 and piece[0] == BLANK), None)
    return found is not None and not tokenizer.decode([found]).startswith(" ")


def _bytes(piece: str, table: dict[str, int] | None) -> bytes | None:
    if table is not None:
        return bytes(table[one] for one in piece) if all(one in table for one in piece) else None
    if match := BYTE.fullmatch(piece):
        return bytes([int(match[1], 16)])
    return piece.replace(BLANK, " ").encode("utf-8")


def _decoder(tokenizer: Tokenizer) -> Any:
    return json.loads(tokenizer.to_str()).get("decoder")


def _byte_of_letter() -> dict[str, int]:
    """The byte that each letter of a byte-level vocabulary stands for (Radford et al. 2019)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {chr(one): one for one in plain}
    others = [one for one in range(256) if one not in table.values()]
    return table | {chr(256 + number): one for number, one in enumerate(others)}


def _size(lead: int) -> int:
    """Bytes of the character that begins so; 0: none does."""
    if lead < 0x80:
        return 1
    if 0xC2 <= lead < 0xE0:
        return 2
    if lead < 0xF0:
        return 3 if lead >= 0xE0 else 0
    return 4 if lead < 0xF5 else 0


def _possible(node: Node, begun: bytes, size: int) -> bool:
    """Whether some character that may come next begins with these bytes."""
    if any(not 0x80 <= one < 0xC0 for one in begun[1:]):
        return False
    value = begun[0] & (0x7F >> size)
    for one in begun[1:]:
        value = value << 6 | (one & 0x3F)
    left = 6 * (size - len(begun))
    low, high = value << left, ((value + 1) << left) - 1
    least = {2: 0x80, 3: 0x800, 4: 0x10000}[size]
    return _within(first(node), max(low, least), min(high, LAST))


def _within(ranges: Sequence[tuple[int, int]], low: int, high: int) -> bool:
    return any(start <= high and low <= end for start, end in ranges)
