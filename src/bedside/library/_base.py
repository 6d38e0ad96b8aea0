"""What a reader of library files gives: items, each with its text and the structure of that text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.formats._base import Problem

if TYPE_CHECKING:
    from bedside.library._reading.articles import Article


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text that belongs together (a section, a row, an answer): code points, end exclusive."""

    start: int
    end: int
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document of a source. `text` is kept as it is here, so that places in it stay true.

    `id` is the source's own name for it, "" where it has none. What is empty of `version`, `licence` and `citation` is
    that of the source. `retracted` says why it must not be shown; `replaces` are ids of items that it takes the place
    of.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...] = ()
    url: str = ""
    date: str = ""
    version: str = ""
    licence: str = ""
    citation: str = ""
    retracted: str = ""
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What a user can say about a file: which column is which (`{"id": "pmid", "text": "title+abstract"}`), ..."""

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One kind of library file.

    `sniff(head, path)` sees the first bytes of a file, uncompressed, and says whether it is of this kind.
    `read(path, options)` yields the items, and a `Problem` for each part that could not be used; it raises FormatError
    when nothing of the file can be. `articles`, of bibliographic files, yields the same with all that they tell of an
    article.
    """

    name: str
    sniff: Callable[[bytes, Path], bool]
    read: Callable[[Path, ReadingOptions], Iterator[Item | Problem]]
    articles: Callable[[Path, ReadingOptions], Iterator[Article | Problem]] | None = None


class Body:
    """A text put together out of headed parts, each a block.

    >>> body = Body()
    >>> body.add("RESULTS", "Fever fell.")
    >>> body.text, body.blocks
    ('Fever fell.', (Block(start=0, end=11, heading='RESULTS'),))
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def add(self, heading: str, text: str) -> None:
        """Append a part; one without words is left out."""
        text = text.strip()
        if not text:
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        self._parts.append(text)
        self._blocks.append(Block(self._length, self._length + len(text), heading.strip()))
        self._length += len(text)

    @property
    def text(self) -> str:
        """The whole."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The parts in order."""
        return tuple(self._blocks)
