"""Keeps a decoder to what its text licenses: numbers that stand there, and names (of drugs, say) that are meant there.

A constraint on pieces as a grammar is (`constrain.py`), one for each text: of the pieces that a decoder would
write, the likeliest that begins, continues or ends no number and no restricted name that the text does not license.
All else may be written. docs/licensed.md tells what this can and cannot do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bedside.model.writing.constrain import pieces_of
from bedside.model.writing.licence_names import TAIL, Names, Restricted
from bedside.model.writing.licence_numbers import Numbers, numbers_of, written_numbers

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Begun:
    """What has been written, as far as it matters: the last characters, the number begun, bytes of half a character."""

    tail: str = field(default="", repr=False)
    run: str = ""
    rest: bytes = b""


class Licensing:
    """Makes the licence of each prompt: what stands between the template's parts, `around` = ids before and behind."""

    def __init__(self, restricted: Sequence[Restricted], tokenizer: Tokenizer, around: tuple[int, int]) -> None:
        self.restricted, self.decode, self.around = tuple(restricted), tokenizer.decode, around
        self.pieces = pieces_of(tokenizer)

    def of_prompt(self, ids: Sequence[int], ends: Sequence[int]) -> Licence:
        """The licence that the text of a prompt gives."""
        before, behind = self.around
        return self.of_text(self.decode(list(ids[before : len(ids) - behind])), ends)

    def of_text(self, text: str, ends: Sequence[int]) -> Licence:
        """The licence that a text gives."""
        names = [one.licensed_by(text) for one in self.restricted]
        return Licence(self.pieces, tuple(ends), numbers_of(text), names)


class Licence:
    """What one text licenses, over a tokenizer's pieces; `ends` are the ids that end what is written."""

    start = Begun()

    def __init__(
        self, pieces: Sequence[bytes | None], ends: tuple[int, ...], numbers: Numbers, names: Sequence[Names]
    ) -> None:
        self.pieces, self.ends, self.numbers, self.names = pieces, ends, numbers, names

    def after(self, state: Begun | None, id: int) -> Begun | None:
        """What has been written once a piece has come; None where it may not come."""
        piece = self.pieces[id] if id < len(self.pieces) else None
        if state is None or not piece:
            return None
        text, rest = _whole(state.rest + piece)
        if text is None:
            return None
        run = self.numbers.after(state.run, text)
        if run is None or not all(names.fits(state.tail, text) for names in self.names):
            return None
        tail = (state.tail + text)[-TAIL:]
        if rest and not (self.numbers.may_begin(run, rest) and all(one.may_begin(tail, rest) for one in self.names)):
            return None
        return Begun(tail, run, rest)

    def allowed(self, state: Begun | None, ids: Sequence[int] | Iterator[int]) -> Iterator[int]:
        """Of `ids`, likeliest first, those that may come next; an end where the text may end."""
        for id in ids:
            if (state is not None and self.may_end(state)) if id in self.ends else self.after(state, id) is not None:
                yield id

    def may_end(self, state: Begun) -> bool:
        """Whether the text may end here."""
        return not state.rest and self.numbers.may_end(state.run) and all(n.may_end(state.tail) for n in self.names)

    def accepts(self, text: str) -> bool:
        """Whether a whole text holds nothing that is not licensed."""
        names = all(one.accepts(text) for one in self.names)
        return names and all(map(self.numbers.licenses, written_numbers(text)))

    def settled(self, ids: Sequence[int]) -> list[int]:
        """The ids of a text that was broken off, up to where it may end: without half a number."""
        state: Begun | None = self.start
        last = 0
        for at, id in enumerate(ids):
            state = self.after(state, id)
            if state is None:
                break
            last = at + 1 if self.may_end(state) else last
        return list(ids[:last])


def _whole(read: bytes) -> tuple[str | None, bytes]:
    """The whole characters of some bytes, and the bytes of one that is not whole; None where they are no characters."""
    for left in range(min(4, len(read) + 1)):
        try:
            return read[: len(read) - left].decode("utf-8"), read[len(read) - left :]
        except UnicodeDecodeError as fault:
            if fault.reason != "unexpected end of data":
                return None, b""
    return None, b""
