"""Keeps what is being written to what may be written: of each line's pieces only the likeliest that are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

SHORTLIST = 64
"""Pieces that are looked at first: almost always one of them may come."""

Written = tuple[int, tuple[int, ...]]
"""A row's number, and the ids it has written."""


class Keeping(Protocol):
    """A grammar (`constrain.py`), a licence (`licence.py`), or both; a state is None once it is left."""

    @property
    def start(self) -> Any:
        """The state of a text of which nothing is written."""
        ...

    @property
    def ends(self) -> tuple[int, ...]:
        """The ids that end a text."""
        ...

    def after(self, state: Any, id: int) -> Any:
        """The state once a piece has been written."""
        ...

    def allowed(self, state: Any, ids: Sequence[int]) -> Iterator[int]:
        """Of `ids`, likeliest first, those that may come next."""
        ...

    def accepts(self, text: str) -> bool:
        """Whether a whole text may be so."""
        ...


@dataclass(frozen=True)
class Both:
    """What two ask for together."""

    one: Keeping
    other: Keeping

    @property
    def start(self) -> Any:
        """Both states."""
        return self.one.start, self.other.start

    @property
    def ends(self) -> tuple[int, ...]:
        """The same of both."""
        return self.one.ends

    def after(self, state: Any, id: int) -> Any:
        """Both states; None once either is left."""
        if state is None:
            return None
        both = self.one.after(state[0], id), self.other.after(state[1], id)
        return None if None in both else both

    def allowed(self, state: Any, ids: Sequence[int]) -> Iterator[int]:
        """What both allow."""
        for id in self.one.allowed(state[0], ids) if state is not None else ():
            yield from self.other.allowed(state[1], [id])

    def accepts(self, text: str) -> bool:
        """Whether both do."""
        return self.one.accepts(text) and self.other.accepts(text)


class Lines(Protocol):
    """What knows the lines of a step: `decode.py`."""

    beams: int

    def rows(self, ids: Tensor) -> list[Written]:
        """What each line has written so far."""
        ...


class Kept:
    """Leaves in each line only the likeliest pieces that may come; `keeping` has one for each row."""

    def __init__(self, keeping: Sequence[Keeping], lines: Lines) -> None:
        self.keeping, self.lines = keeping, lines
        self.states: dict[Written, Any] = {}

    def __call__(self, ids: Tensor, scores: Tensor) -> Tensor:
        """Minus infinity for all other pieces; a text that cannot go on is ended, and refused later."""
        kept = torch.full_like(scores, float("-inf"))
        here = self.lines.rows(ids)
        self.states = {one: self._state(*one) for one in here}
        for line, (row, written) in enumerate(here):
            chosen = self._likeliest(self.keeping[row], self.states[row, written], scores[line])
            kept[line, chosen] = scores[line, chosen]
            if not chosen:
                kept[line, self.keeping[row].ends[0]] = 0.0
        return kept

    def _state(self, row: int, written: tuple[int, ...]) -> Any:
        """Where a text stands, from where it stood a step before."""
        if not written:
            return self.keeping[row].start
        return self.keeping[row].after(self.states.get((row, written[:-1])), written[-1])

    def _likeliest(self, keeping: Keeping, state: Any, scores: Tensor) -> list[int]:
        """As many as the beams need: twice their number, for some may end."""
        wanted = 1 if self.lines.beams == 1 else 2 * self.lines.beams
        found: list[int] = []
        for size in (min(SHORTLIST, len(scores)), len(scores)):
            order = scores.topk(size).indices.tolist()
            found = []
            for id in keeping.allowed(state, order):
                found.append(id)
                if len(found) == wanted:
                    return found
        return found
