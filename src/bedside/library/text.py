"""Guidelines, textbooks and Chinese drug labels (说明书) as plain text: a file is a document under its headings"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.outline import plain_blocks, whole_text


def sniff(head: bytes, path: Path) -> bool:
    """A text by its name."""
    return path.suffix.lower() in (".txt", ".text")


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """The text is the file's own, to the character; its title is its first line, where that is short."""
    text, problems = whole_text(path, options.encoding)
    yield from problems
    first = text.strip().splitlines()[0].strip()
    yield Item(id=path.name, title=first if len(first) <= 80 else path.stem, text=text, blocks=plain_blocks(text))


READER = Reader(name="text", sniff=sniff, read=read)
