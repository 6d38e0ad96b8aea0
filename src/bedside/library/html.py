"""Guidelines and pages in HTML: a file is a document; its readable text is kept, under the headings of the page"""

from __future__ import annotations

import html as characters
import re
from collections.abc import Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._syntax.narrative import html_text
from bedside.formats.text import MARKUP
from bedside.lang import tr
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.outline import marked_blocks, whole_text

_OPENING = re.compile(r"<h([1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,500})</title", re.IGNORECASE)
MARK = "\ue000"
"""Stands before a heading and its level while the mark-up is taken out: a private character, in no page."""
_HEADING = re.compile(rf"(?m)^{MARK}([1-6])[^\S\n]*(.*)$")


def sniff(head: bytes, path: Path) -> bool:
    """By its name or its first element."""
    return path.suffix.lower() in (".html", ".htm", ".xhtml") or bool(MARKUP.match(head.decode("latin-1")))


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """Scripts, styles and comments are not text; places are those in the readable text that the library keeps."""
    page, problems = whole_text(path, options.encoding)
    yield from problems
    text = html_text(_OPENING.sub(lambda found: f"{found[0]}{MARK}{found[1]} ", page.replace(MARK, "")))
    pieces, heads, at, length = [], [], 0, 0
    for found in _HEADING.finditer(text):
        pieces += [text[at : found.start()], found[2]]
        length += found.start() - at
        heads.append((length, length + len(found[2]), int(found[1]), found[2]))
        at, length = found.end(), length + len(found[2])
    text = ("".join(pieces) + text[at:]).replace(MARK, "")
    if not text.strip():
        raise FormatError(tr("the page holds no text", "网页没有文字"), where=path.name)
    titled = _TITLE.search(page)
    title = " ".join(characters.unescape(titled[1]).split()) if titled else next((one[3] for one in heads), path.stem)
    yield Item(id=path.name, title=title, text=text, blocks=marked_blocks(text, heads))


READER = Reader(name="html", sniff=sniff, read=read)
