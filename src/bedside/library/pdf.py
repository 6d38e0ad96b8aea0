"""Guidelines and textbooks as PDF: a file is a document, and a page a block, so that a citation names its page"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats import pdf as pages
from bedside.formats._base import Problem
from bedside.formats._files.bytes import read_all
from bedside.lang import tr
from bedside.library._base import Body, Item, Reader, ReadingOptions


def sniff(head: bytes, path: Path) -> bool:
    """As `bedside import` tells a PDF."""
    return pages.sniff(head, path.name)


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """A page that is only a picture is read by OCR where that is installed, and told where it is not."""
    body = Body()
    for number, page in enumerate(pages.pages_of(read_all(path, pages.MAX_BYTES), name=path.name), 1):
        if isinstance(page, Problem):
            yield page
        else:
            body.add(f"p. {number}", page)
    if not body.text:
        raise FormatError(tr("no readable page", "没有可读的页面"), where=path.name)
    yield Item(id=path.name, title=path.stem, text=body.text, blocks=body.blocks)


READER = Reader(name="pdf", sniff=sniff, read=read)
