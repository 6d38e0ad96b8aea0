"""What every reader of a file format is, and what it gives: pieces of charts, and problems with their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bedside.formats._charts.changes import Change
from bedside.types import RawChart

HEAD_BYTES = 65_536
"""How much of a file `Format.sniff` is shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that could not be read, or was read with a doubt: where, and what; never text from the chart.

    >>> Problem("Bundle.entry[3]", "impossible date; kept without time").place
    'Bundle.entry[3]'
    """

    place: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What a user can say about a file; each reader takes what concerns it and leaves the rest.

    `columns` maps our names to theirs, e.g. `{"patient": "住院号", "text": "主诉+现病史"}`. `pdf_text` turns a PDF's
    bytes into text, page by page, for readers that find one inside a record; without it such a part is a `Problem`.
    `on_change` is told what takes back or joins what other messages said; without it such a thing is a `Problem`.
    `on_note` is told, for the report, what was assumed without a doubt: which column was taken for what.
    """

    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    pdf_text: Callable[[bytes], Iterable[str | Problem]] | None = None
    on_note: Callable[[str], None] | None = None
    on_change: Callable[[Change], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One file format.

    `sniff(head, name)` looks at the first `HEAD_BYTES` bytes (uncompressed, when the file is gzip) and the file's name
    and says whether `read` is worth trying; it never raises. `read(path, options)` yields pieces, several for one
    patient if that keeps memory flat (whoever collects them groups by `RawChart.patient`), and a `Problem` for each
    part it could not use; it raises `FormatError` when nothing in the file can be used. `sure`: what `sniff` takes is
    this format and nothing else, so what it refuses is no table and no plain text either.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, str], bool]
    read: Callable[[Path, ReadOptions], Iterator[RawChart | Problem]]
    sure: bool = False
